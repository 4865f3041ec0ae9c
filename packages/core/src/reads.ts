// What operators read. Everything here is derived from records at the moment of asking.
import {
  type BookingRecord,
  bookingIn,
  casesOf,
  casesOfEarlierStarts,
  type Loaded,
} from './booking-record.ts';
import {
  attendeesOf,
  calendarView,
  crmView,
  knownAs,
  reminderView,
  unreadableView,
  wasFetched,
} from './booking-view.ts';
import { newCalendarRecord, readCalendar } from './calendar-record.ts';
import { ifSound } from './codec.ts';
import { stateOf, stillMissed } from './gate.ts';
import {
  type BookingId,
  bookingRecord,
  calendarRecord,
  personRecord,
  type RecipientId,
  recipientKey,
  statusKey,
} from './ids.ts';
import { newPerson, type PersonRecord } from './person.ts';
import { readPersons } from './person-record.ts';
import type { Page, PortResult, Slice, Stored } from './ports.ts';
import type { Precall } from './precall.ts';
import { soundBookings, storedBookingsOfEach } from './recipient-bookings.ts';
import { Err, Ok, Result } from './result.ts';
import type { Shell } from './shell.ts';
import { agreedAt, attending, concerned, statusOf } from './standing.ts';
import { farFuture, type Instant, instantAt, isBefore, latest } from './temporal.ts';
import { phoneOf, phonesIn } from './texting.ts';
import type { BookingDetail, BookingView, UpcomingReminder } from './views.ts';

export interface Reads extends Pick<Precall, 'bookings' | 'booking' | 'upcoming'> {
  /** A booking with all that its view is derived from; null: unknown. */
  look(id: BookingId): PortResult<Looked | null>;
}
/** One state of one booking, and its people. */
export interface Looked extends Loaded<BookingRecord> {
  readonly persons: Persons;
  /** All bookings of those to whom something may still be said since they did not come. */
  readonly bookings: Bookings;
  readonly detail: BookingDetail;
}
/** A record that can be planned, and to whom of it something may still be said since they did not come. */
interface Sound {
  readonly record: BookingRecord;
  readonly missed: readonly RecipientId[];
}
type Due = Awaited<ReturnType<Shell['store']['due']>>;
type Persons = ReadonlyMap<RecipientId, PersonRecord>;
type Bookings = ReadonlyMap<RecipientId, readonly BookingRecord[]>;

const historyShown = 500;

export function createReads(
  shell: Shell,
  {
    checkedUntil,
  }: { /** Up to when all was compared with the source. */ readonly checkedUntil: () => Instant | null },
): Reads {
  const { store, clock, policy } = shell;

  async function bookings({
    status,
    email,
    page,
  }: Parameters<Precall['bookings']>[0]): PortResult<Slice<BookingView>> {
    const byEmail = email === undefined ? null : recipientKey(shell.names.recipient(email.trim()));
    const key = byEmail ?? (status === undefined ? null : statusKey(status));
    const found = key ? await store.findByKey(key, page) : await store.list('booking', page);
    if (found.isErr()) return found;
    const listed = found.value.items
      .filter(({ kind }) => kind === 'booking')
      .map((stored) => ({ id: bookingIn(stored), sound: soundIn(stored) }))
      .filter(
        ({ sound }) => !sound || status === undefined || statusOf(sound.record.facts, clock.now()) === status,
      );
    const readable = listed.flatMap(({ sound }) => sound ?? []);
    const persons = await personsOf(readable);
    if (persons.isErr()) return persons;
    const others = await bookingsOfAbsent(readable);
    return others.map((each) => ({
      items: listed.map(({ id, sound }) =>
        sound ? viewOf(sound.record, persons.value, each) : unreadableView(id),
      ),
      next: found.value.next,
    }));
  }

  /** Null: one record that cannot be read, or planned, must not keep the others from being seen. */
  function soundIn(stored: Stored): Sound | null {
    const context = { policy, now: clock.now() };
    const [sound] = soundBookings([stored], context);
    return sound ? { record: sound.value, missed: stillMissed(casesOf(sound.value, context)) } : null;
  }

  async function booking(id: BookingId): PortResult<BookingDetail | null> {
    return (await look(id)).map((looked) => looked?.detail ?? null);
  }

  async function look(id: BookingId): PortResult<Looked | null> {
    const found = await store.find([bookingRecord(id), calendarRecord(id)]);
    if (found.isErr()) return found;
    const stored = found.value.find(({ kind }) => kind === 'booking');
    const event = found.value.find(({ kind }) => kind === 'calendar');
    if (!stored) return Ok(null);
    const sound = soundIn(stored);
    if (!sound) return Err({ kind: 'rejected', reason: 'its record is damaged, or cannot be planned' });
    const { record } = sound;
    const persons = await personsOf([sound]);
    if (persons.isErr()) return persons;
    const bookings = await bookingsOfAbsent([sound]);
    if (bookings.isErr()) return bookings;
    const [first] = concerned(record.facts, false);
    const phone = first && phoneOf(record.facts, first);
    const sources = [
      stored.id,
      ...(event ? [event.id] : []),
      ...(first ? [personRecord(first)] : []),
      ...(phone ? [personRecord(phone.id)] : []),
    ];
    const histories = Result.all(
      await Promise.all(sources.map((of) => store.history(of, { limit: historyShown, cursor: null }))),
    );
    if (histories.isErr()) return histories;
    const history = histories.value
      .flatMap(({ items }) => items.toReversed())
      .sort((a, b) => a.at.epochMilliseconds - b.at.epochMilliseconds)
      .slice(-historyShown);
    const people = { persons: persons.value, bookings: bookings.value };
    const shown = event ? ifSound(event, readCalendar)?.value : newCalendarRecord;
    const calendar = shell.calendarWanted && shown ? calendarView(shown) : null;
    const detail = { ...viewOf(record, people.persons, people.bookings), history, calendar };
    return Ok({ stored, value: record, ...people, detail });
  }

  /** Whether a message still goes to somebody who did not come rests on their other bookings. */
  async function bookingsOfAbsent(all: readonly Sound[]): PortResult<Bookings> {
    const found = await storedBookingsOfEach(
      store,
      all.flatMap(({ missed }) => missed),
    );
    return found.map(
      (each) =>
        new Map(
          [...each].map(([id, found]) => [
            id,
            soundBookings(found, { policy, now: clock.now() }).map(({ value }) => value),
          ]),
        ),
    );
  }

  /** The cursor is the last reminder given: bookings are read again from the soonest, as many as the page needs. */
  async function upcoming({ limit, cursor }: Page): PortResult<Slice<UpcomingReminder>> {
    const past = cursor === null ? null : readCursor(cursor);
    if (past === 'invalid') return Err({ kind: 'rejected', reason: 'the cursor is not one of ours' });
    let found: readonly UpcomingReminder[] = [];
    let next: string | null = null;
    for (;;) {
      const page: Due = await store.due('mail', farFuture, { limit: 200, cursor: next });
      if (page.isErr()) return page;
      const readable = page.value.items.flatMap((stored) => soundIn(stored) ?? []);
      const persons = await personsOf(readable);
      if (persons.isErr()) return persons;
      const others = await bookingsOfAbsent(readable);
      if (others.isErr()) return others;
      const known = { persons: persons.value, bookings: others.value };
      found = [...found, ...readable.flatMap(({ record }) => plannedIn(record, known))];
      next = page.value.next;
      // Bookings that come later have nothing due before this page's last: what lies before it is complete.
      const sureUntil = next === null ? null : latest(...page.value.items.map(({ lanes }) => lanes.mail));
      const sure = found.filter((one) => isPast(one, past) && !(sureUntil && isBefore(sureUntil, one.dueAt)));
      if (sure.length > limit || next === null) return Ok(firstOf(sure, limit));
    }
  }

  function plannedIn(
    record: BookingRecord,
    known: { readonly persons: Persons; readonly bookings: Bookings },
  ): readonly UpcomingReminder[] {
    return casesOf(record, { policy, now: clock.now(), ...known })
      .filter((one) => stateOf(one).state === 'planned')
      .map((one) => ({
        ...reminderView(one),
        booking: record.id,
        startAt: one.reminder.startAt,
        name: knownAs(one).name,
      }));
  }

  async function personsOf(all: readonly Sound[]): PortResult<Persons> {
    const ids = new Set(
      all.flatMap(({ record: { facts } }) => [
        ...(Object.keys(facts.people) as RecipientId[]),
        ...phonesIn(facts).map(({ id }) => id),
        ...hostIds(facts),
      ]),
    );
    const found = ids.size > 0 ? await store.find([...ids].map(personRecord)) : Ok<readonly Stored[]>([]);
    return found.map(
      (stored) => new Map([...readPersons(stored).read].map(([id, { value }]) => [id, value])),
    );
  }

  function viewOf(record: BookingRecord, persons: Persons, bookings: Bookings): BookingView {
    const { id, facts } = record;
    const now = clock.now();
    const context = { policy, now, persons, bookings };
    const [first] = concerned(facts, false);
    const startAt = facts.time?.value.startAt ?? null;
    const [booker] = attending(facts);
    return {
      id,
      status: statusOf(facts, now),
      startAt,
      endAt: facts.time?.value.endAt ?? null,
      agreedAt: startAt && booker ? agreedAt(facts, startAt, booker) : null,
      checkedAt: wasFetched(facts) ? checkedUntil() : null,
      replaces: Object.keys(facts.replaces) as BookingId[],
      replacedBy: Object.keys(facts.replacedBy) as BookingId[],
      attendees: attendeesOf(record),
      reminders: [...casesOf(record, context), ...casesOfEarlierStarts(record, context)].map(reminderView),
      crm: shell.crmWanted && first ? crmView(persons.get(first) ?? newPerson, policy.projection) : null,
    };
  }

  return { bookings, booking, look, upcoming };
}

function hostIds({ host }: BookingRecord['facts']): readonly RecipientId[] {
  const id = host?.value.address?.id;
  return id ? [id] : [];
}

interface Past {
  readonly dueAt: Instant;
  readonly key: string;
}

function isPast({ dueAt, key }: Past, past: Past | null): boolean {
  return past === null || inOrder(past, { dueAt, key }) < 0;
}

function inOrder(a: Past, b: Past): number {
  return (
    a.dueAt.epochMilliseconds - b.dueAt.epochMilliseconds || (a.key < b.key ? -1 : Number(a.key !== b.key))
  );
}

function firstOf(found: readonly UpcomingReminder[], limit: number): Slice<UpcomingReminder> {
  const items = [...found].sort(inOrder).slice(0, limit);
  const last = items.at(-1);
  return { items, next: last && found.length > limit ? `${last.dueAt.epochMilliseconds} ${last.key}` : null };
}

function readCursor(cursor: string): Past | 'invalid' {
  const [, at, key] = /^(\d{1,15}) (.+)$/s.exec(cursor) ?? [];
  if (at === undefined || key === undefined) return 'invalid';
  return { dueAt: instantAt(Number(at)), key };
}
