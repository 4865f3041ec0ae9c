// A Cal.com in memory: what people do on its pages, the webhooks it says about that, and what its API v2 shows of it.
// It says as little as Cal.com does: a series confirmed, or all that remains of one cancelled, is one webhook.
import { type Instant, Temporal } from '@precall/core';
import { type CalcomAnswer, type CalcomQuestion, createCalcomAnswers } from './calcom-answers.ts';
import { type CalcomBooking, type CalcomPerson, calcomHost } from './calcom-booking.ts';

/** Whose clock it has, and who hears its webhooks. */
export interface CalcomModelOptions {
  readonly apiKey: string;
  readonly now: () => Instant;
  /** One webhook's body, when it is sent. Whether it arrives is somebody else's affair. */
  readonly onWebhook: (webhook: CalcomWebhook) => void;
}
/** One webhook as Cal.com sends it, unsigned. */
export interface CalcomWebhook {
  readonly trigger: string;
  readonly uid: string;
  /** JSON text. */
  readonly body: string;
}

/** What somebody books. */
export interface CalcomBooked {
  readonly email: string;
  readonly startAt: Instant;
  /** 30 unless said otherwise. */
  readonly minutes?: number;
  readonly needsConfirmation?: boolean;
  /** How many may come, where each takes a seat. */
  readonly seats?: number;
  /** One uid for each week, all of one series. */
  readonly weeks?: number;
}

/** Every function gives the uids it made; an unknown uid throws. */
export interface CalcomModel {
  readonly bookings: readonly CalcomBooking[];
  booking(uid: string): CalcomBooking;
  book(booked: CalcomBooked): readonly string[];
  /** With a series: all that wait are confirmed, and one webhook says so. */
  confirm(uid: string): void;
  decline(uid: string): void;
  /** On the booking page: another uid. */
  move(uid: string, startAt: Instant): string;
  /** By the host, of a call with seats: the same uid, at another time. */
  moveInPlace(uid: string, startAt: Instant): void;
  cancel(uid: string, by?: 'host' | 'attendee'): void;
  /** This one and all later ones of its series; one webhook says so of this one. */
  cancelRemaining(uid: string): void;
  takeSeat(uid: string, email: string): void;
  leaveSeat(uid: string, email: string): void;
  setLocation(uid: string, location: string): void;
  /** Its API v2, as far as a list of bookings and one booking go. */
  answer(question: CalcomQuestion): CalcomAnswer;
}

const eventType = { id: 7, slug: 'diagnostic-call', title: 'Diagnostic call' };
const week = Temporal.Duration.from({ hours: 24 * 7 });

/** A Cal.com in memory, without bookings yet. */
export function createCalcomModel({ apiKey, now, onWebhook }: CalcomModelOptions): CalcomModel {
  const bookings = new Map<string, CalcomBooking>();
  let made = 0;

  function known(uid: string): CalcomBooking {
    const found = bookings.get(uid);
    if (!found) throw new Error(`The Cal.com of this test knows no booking ${uid}.`);
    return found;
  }

  function add(booking: Omit<CalcomBooking, 'id' | 'uid' | 'createdAt' | 'updatedAt'>): CalcomBooking {
    made += 1;
    const added = { ...booking, id: made, uid: `b${made}`, createdAt: now(), updatedAt: now() };
    bookings.set(added.uid, added);
    return added;
  }

  function change(uid: string, changes: Partial<CalcomBooking>): CalcomBooking {
    const changed = { ...known(uid), ...changes, updatedAt: now() };
    bookings.set(uid, changed);
    return changed;
  }

  function say(trigger: string, booking: CalcomBooking, more: object = {}): void {
    const body = JSON.stringify({
      triggerEvent: trigger,
      createdAt: now().toString(),
      payload: payload(booking, more),
    });
    onWebhook({ trigger, uid: booking.uid, body });
  }

  function seriesOf({ series, uid }: CalcomBooking): readonly CalcomBooking[] {
    return [...bookings.values()].filter((one) =>
      series === null ? one.uid === uid : one.series === series,
    );
  }

  function seat(email: string): CalcomPerson {
    made += 1;
    return { ...person(email), seatUid: `seat${made}` };
  }

  return {
    get bookings() {
      return [...bookings.values()];
    },
    booking: known,
    book({ email, startAt, minutes = 30, needsConfirmation = false, seats = null, weeks = 1 }) {
      const series = weeks > 1 ? `series${made + 1}` : null;
      const status = needsConfirmation ? ('pending' as const) : ('accepted' as const);
      const people = [seats === null ? person(email) : seat(email)];
      const starts = Array.from({ length: weeks }, (_, index) => startAt.add(times(week, index)));
      const added = starts.map((each) =>
        add({
          status,
          startAt: each,
          endAt: each.add({ minutes }),
          people,
          seats,
          series,
          location: `https://app.cal.com/video/call${made + 1}`,
          cancelledBy: null,
          movedFrom: null,
          movedTo: null,
        }),
      );
      const trigger = needsConfirmation ? 'BOOKING_REQUESTED' : 'BOOKING_CREATED';
      // Of a series that waits for confirmation one webhook speaks; of one that does not, one for each.
      for (const one of needsConfirmation ? added.slice(0, 1) : added) say(trigger, one);
      return added.map(({ uid }) => uid);
    },
    confirm(uid) {
      for (const one of seriesOf(known(uid))) {
        if (one.status === 'pending') change(one.uid, { status: 'accepted' });
      }
      say('BOOKING_CREATED', change(uid, { status: 'accepted' }));
    },
    decline(uid) {
      say('BOOKING_REJECTED', change(uid, { status: 'rejected' }));
    },
    move(uid, startAt) {
      const old = known(uid);
      const { id: _id, uid: _uid, createdAt: _made, updatedAt: _changed, ...rest } = old;
      const endAt = startAt.add(old.endAt.since(old.startAt));
      const moved = add({ ...rest, startAt, endAt, movedFrom: uid, movedTo: null });
      change(uid, { status: 'cancelled', movedTo: moved.uid });
      say('BOOKING_RESCHEDULED', moved, { rescheduleUid: uid, rescheduleStartTime: `${old.startAt}` });
      return moved.uid;
    },
    moveInPlace(uid, startAt) {
      const { endAt, startAt: was } = known(uid);
      const moved = change(uid, { startAt, endAt: startAt.add(endAt.since(was)) });
      say('BOOKING_RESCHEDULED', moved, { rescheduleUid: uid, rescheduledBy: calcomHost.email });
    },
    cancel(uid, by = 'attendee') {
      const email = (by === 'host' ? calcomHost.email : known(uid).people[0]?.email) ?? null;
      say('BOOKING_CANCELLED', change(uid, { status: 'cancelled', cancelledBy: email }), {
        cancelledBy: email,
      });
    },
    cancelRemaining(uid) {
      const clicked = known(uid);
      const later = seriesOf(clicked).filter(
        ({ startAt }) => Temporal.Instant.compare(startAt, clicked.startAt) > 0,
      );
      for (const one of later) change(one.uid, { status: 'cancelled' });
      say('BOOKING_CANCELLED', change(uid, { status: 'cancelled' }), { recurringEvent: { freq: 2 } });
    },
    takeSeat(uid, email) {
      const taken = seat(email);
      const booking = change(uid, { people: [...known(uid).people, taken] });
      say('BOOKING_CREATED', { ...booking, people: [taken] });
    },
    leaveSeat(uid, email) {
      const { people } = known(uid);
      const rest = people.filter((one) => one.email !== email);
      const booking = change(uid, {
        people: rest,
        ...(rest.length === 0 && { status: 'cancelled' as const }),
      });
      say('BOOKING_CANCELLED', { ...booking, people: people.filter((one) => one.email === email) });
    },
    setLocation(uid, location) {
      const { location: previousLocation } = known(uid);
      say('BOOKING_LOCATION_UPDATED', change(uid, { location }), { previousLocation });
    },
    answer: createCalcomAnswers({ apiKey, now, bookings: () => [...bookings.values()] }),
  };
}

function person(email: string): CalcomPerson {
  return { email, name: email.split('@')[0] ?? email, timeZone: 'Europe/Paris', seatUid: null };
}

function payload(booking: CalcomBooking, more: object): object {
  const { uid, id, startAt, endAt, people, seats, location } = booking;
  return {
    uid,
    bookingId: id,
    type: eventType.slug,
    eventTypeId: eventType.id,
    eventTitle: eventType.title,
    title: `${eventType.title} between ${calcomHost.name} and ${people[0]?.name}`,
    startTime: startAt.toString(),
    endTime: endAt.toString(),
    organizer: { ...calcomHost, language: { locale: 'en' } },
    attendees: people.map(({ email, name, timeZone }) => ({
      email,
      name,
      timeZone,
      language: { locale: 'en' },
    })),
    location,
    metadata: { videoCallUrl: location },
    seatsPerTimeSlot: seats,
    ...(seats !== null && people.length === 1 && { attendeeSeatId: people[0]?.seatUid }),
    bookerUrl: 'https://cal.com',
    ...more,
  };
}

function times(length: Temporal.Duration, count: number): Temporal.Duration {
  return Temporal.Duration.from({ milliseconds: length.total('milliseconds') * count });
}
