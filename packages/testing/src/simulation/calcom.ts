// A model of Cal.com: people book, move, confirm, pay, take seats and cancel, most of all near the moments at which a
// reminder is due; each act is said by the webhooks that Cal.com documents for it, and no others.
import type { BookingUpdate, UpdateAttendee } from '@precall/core';
import { Temporal } from '@precall/core';
import type { Random } from './random.ts';
import type { Tally } from './tally.ts';
import type { Timeline } from './timeline.ts';

export interface Calcom {
  /** Starts the lives of all bookings of this run. */
  begin(): void;
  readonly people: readonly [UpdateAttendee, ...(readonly UpdateAttendee[])];
}

interface Call {
  readonly uid: string;
  readonly kind: 'plain' | 'confirm' | 'paid' | 'seats';
  startMs: number;
  readonly lengthMs: number;
  readonly eventType: string;
  /** Those who take part, booker first. */
  people: readonly UpdateAttendee[];
  gone: readonly UpdateAttendee[];
  state: 'on' | 'asked' | 'declined' | 'off' | 'replaced';
  place: NonNullable<BookingUpdate['place']>;
  readonly madeMs: number;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** Where reminders of the simulation's policies fall due, before the start. */
const leadsMs = [72, 24, 3, 2, 1, 1 / 6, 0].map((hours) => hours * hourMs);
/** Of people who want more than a reminder. */
const names: { readonly [index: number]: string } = {
  2: 'Person 2\r\nBcc: everybody@example.com',
  5: '=HYPERLINK("https://evil.example")\u0000\u2028<b>"Person", 5</b>',
};
const zones = ['UTC', 'Asia/Tokyo', 'Asia/Kolkata', 'America/Phoenix'] as const;

export function createCalcom({
  timeline,
  random,
  tally,
  emit,
  untilMs,
  isSending,
  bookElsewhere,
}: {
  readonly timeline: Timeline;
  readonly random: Random;
  readonly tally: Tally;
  readonly emit: (update: BookingUpdate) => void;
  /** Nobody does anything after this. */
  readonly untilMs: number;
  readonly isSending: (uid: string) => boolean;
  /** Books with another source; null: there is none. */
  readonly bookElsewhere: ((person: UpdateAttendee) => void) | null;
}): Calcom {
  const serversOffMs = [0, random.between(-900, 900), random.between(-20_000, 20_000)] as const;
  const attendance = random.branch('attendance');
  const texting = random.branch('texting');
  const saidBefore = new Set<number>();
  const strangelySaid = new Set<string>();
  const people = Array.from({ length: 8 }, (_, index) => person(index)) as [
    UpdateAttendee,
    ...UpdateAttendee[],
  ];
  let lastUid = 0;

  function person(index: number): UpdateAttendee {
    const mailable = index !== 7;
    const name = names[index] ?? `Person ${index}`;
    const email = mailable ? `p${index}@example.com` : '4915100000@sms.example';
    const timeZone = zoneOf(index);
    // Two share a telephone.
    const phone = !mailable || texting.chance(0.7) ? `+1555010${index === 5 ? 4 : index}000` : null;
    const consent = { given: texting.chance(0.8), text: 'Text me', source: 'text-me' };
    return {
      email,
      mailable,
      name,
      firstName: name,
      timeZone: index === 3 && texting.chance(0.5) ? null : timeZone,
      locale: 'en',
      links: null,
      ...(phone && { phone, consent }),
    };
  }

  /** Somebody no longer wants to be texted, or does by now: said with whatever is said next. */
  function changeConsent(call: Call): void {
    const [first, ...others] = call.people;
    if (!first?.consent || !texting.chance(0.4)) return;
    if (first.consent.given) tally.count('consent withdrawn');
    call.people = [{ ...first, consent: { ...first.consent, given: !first.consent.given } }, ...others];
  }

  /** One person lives where clocks are put forward within the week. */
  function zoneOf(index: number): string {
    const drawn = random.pick(zones);
    return index === 6 ? 'America/New_York' : drawn;
  }

  /** The moment at which some server of Cal.com says it; no two words share one. */
  function saidMs(): number {
    let ms = timeline.nowMs() + random.pick(serversOffMs);
    while (saidBefore.has(ms)) ms += 1;
    saidBefore.add(ms);
    return ms;
  }

  function say(call: Call, kind: BookingUpdate['kind'], said: Partial<BookingUpdate> = {}): void {
    const ms = saidMs();
    const strange = strangelySaid.has(call.uid) ? 1 : random.next();
    let saidAt: Temporal.Instant | null = instant(ms);
    if (strange < 0.02) {
      tally.count('webhook said minutes ahead of time');
      saidAt = instant(ms + random.between(6, 90) * minuteMs);
    } else if (strange < 0.04 || kind === 'ended') {
      tally.count('webhook without a moment');
      saidAt = null;
    }
    if (strange < 0.04) strangelySaid.add(call.uid);
    emit({
      kind,
      uid: call.uid,
      saidAt,
      receivedAt: instant(ms),
      time: span(call),
      place: call.place,
      host: { name: 'Host', timeZone: 'UTC' },
      about: { title: `Call ${call.uid}`, eventType: call.eventType },
      seated: call.kind === 'seats',
      attendees: call.people,
      needsConfirmation: call.kind === 'confirm',
      by: 'unknown',
      moving: false,
      replaces: null,
      noShows: [],
      ...said,
    });
  }

  function callAt(startMs: number, like: Pick<Call, 'kind' | 'eventType' | 'people'>): Call {
    lastUid += 1;
    const uid = `b${lastUid}`;
    return {
      ...like,
      uid,
      startMs,
      lengthMs: 30 * minuteMs,
      gone: [],
      state: 'on',
      place: random.chance(0.1) ? { kind: 'pending' } : { kind: 'link', url: `https://meet.example/${uid}` },
      madeMs: timeline.nowMs(),
    };
  }

  /** Full hours and 14:00 are far more frequent than anything between. */
  function someStartMs(): number {
    const ms = timeline.nowMs() + random.between(20, 90 * 60) * minuteMs;
    if (random.chance(0.3)) return Math.floor(ms / (24 * hourMs)) * 24 * hourMs + 14 * hourMs;
    return random.chance(0.6) ? Math.ceil(ms / hourMs) * hourMs : ms;
  }

  function book(): void {
    const kind = random.pick(['plain', 'plain', 'plain', 'confirm', 'paid', 'seats'] as const);
    const someone = random.pick(people);
    const guests = random.chance(0.2) ? people.filter((other) => other !== someone).slice(0, 2) : [];
    const eventType = random.chance(0.05) ? 'poison' : random.pick(['intro', 'review']);
    const call = callAt(someStartMs(), {
      kind,
      eventType,
      people: [someone, ...(kind === 'seats' ? [] : guests)],
    });
    if (kind === 'confirm') {
      call.state = 'asked';
      say(call, 'requested');
    } else if (kind === 'paid') {
      say(call, 'payment_opened');
      // A payment goes through even if the call was given up meanwhile.
      later(random.between(5, 300) * 1_000, () => confirm(call));
    } else {
      say(call, 'agreed');
    }
    if (kind === 'plain' && random.chance(0.1)) series(call);
    if (random.chance(0.08)) cancelAtOnce(call);
    live(call, random.between(0, 4));
    after(call);
  }

  /** Whoever booked by mistake: another server may say so by a clock that is behind the first. */
  function cancelAtOnce(call: Call): void {
    later(random.between(200, 15_000), () => {
      if (call.state !== 'on' && call.state !== 'asked') return;
      tally.count('cancelled within seconds of its booking');
      say(call, 'cancelled', { by: 'attendee' });
      call.state = 'off';
    });
  }

  /** One webhook for each occurrence. */
  function series(first: Call): void {
    for (let day = 1; day <= 2; day += 1) {
      const next = callAt(first.startMs + day * 24 * hourMs, first);
      say(next, 'agreed');
      live(next, random.between(0, 2));
      after(next);
    }
  }

  /** A herd: many calls at one moment, booked one after the other. */
  function herd(): void {
    const startMs =
      Math.ceil((timeline.nowMs() + random.between(26, 80) * hourMs) / (24 * hourMs)) * 24 * hourMs +
      14 * hourMs;
    const size = random.between(10, 24);
    tally.count('ten due at the same moment');
    for (let count = 0; count < size; count += 1) {
      later(random.between(0, 600) * 1_000, () => {
        const call = callAt(startMs, { kind: 'plain', eventType: 'intro', people: [random.pick(people)] });
        say(call, 'agreed');
        live(call, random.chance(0.3) ? 1 : 0);
      });
    }
  }

  function live(call: Call, acts: number): void {
    if (acts === 0) return;
    timeline.at(nextMs(call), () => {
      if (timeline.nowMs() >= untilMs) return;
      const heir = act(call);
      if (heir) live(heir, acts - 1);
    });
  }

  /** Near a due moment more often than not. */
  function nextMs(call: Call): number {
    const nowMs = timeline.nowMs();
    const moments = leadsMs.map((lead) => call.startMs - lead).filter((ms) => ms > nowMs - minuteMs);
    const [first, ...others] = moments;
    if (first !== undefined && random.chance(0.7)) {
      const near = random.pick([first, first, ...others]);
      const spread = random.pick([1_500, 15_000, 120_000]);
      return Math.max(nowMs + 50, near + random.between(-spread, spread));
    }
    return nowMs + random.between(1, Math.max(2, Math.floor((call.startMs - nowMs) / 1_000))) * 1_000;
  }

  function isRace(call: Call): boolean {
    const nowMs = timeline.nowMs();
    return leadsMs.some((lead) => Math.abs(call.startMs - lead - nowMs) <= 2 * minuteMs);
  }

  /** What happens to a call next; gives the call that its people hold afterwards. */
  function act(call: Call): Call | null {
    if (call.state === 'asked' || call.state === 'declined') return answer(call);
    if (call.state !== 'on') return null;
    if (call.kind === 'seats') return seatAct(call);
    switch (
      random.pick([
        'move',
        'move',
        'move',
        'storm',
        'cancel',
        'cancel',
        'cancel',
        'ask',
        'place',
        'host',
      ] as const)
    ) {
      case 'move':
        return move(call);
      case 'storm': {
        tally.count('storm of moves');
        let latest: Call = call;
        const hops = random.between(3, 7);
        for (let hop = 0; hop < hops; hop += 1)
          later(
            hop * random.between(200, 9_000),
            () => (latest = latest.state === 'on' ? move(latest) : latest),
          );
        return null;
      }
      case 'cancel':
        return cancel(call);
      case 'ask': {
        say(call, 'cancelled', { by: 'host', moving: true });
        call.state = 'off';
        later(random.between(1, 600) * minuteMs, () => move(call));
        return null;
      }
      case 'place':
        call.place = { kind: 'link', url: `https://meet.example/${call.uid}-${random.between(2, 9)}` };
        say(call, 'place_changed');
        return call;
      case 'host':
        changeConsent(call);
        call.place = random.chance(0.3)
          ? { kind: 'pending' }
          : { kind: 'link', url: `https://meet.example/${call.uid}-h` };
        say(call, 'host_changed', { host: { name: 'Other', timeZone: 'Asia/Tokyo' } });
        if (call.place.kind === 'pending') later(random.between(1, 30) * minuteMs, () => settlePlace(call));
        return call;
    }
  }

  function settlePlace(call: Call): void {
    if (call.state !== 'on') return;
    call.place = { kind: 'link', url: `https://meet.example/${call.uid}-s` };
    say(call, 'place_changed');
  }

  /** The host confirms or declines; a decline can be taken back. */
  function answer(call: Call): Call {
    if (call.state === 'asked' && random.chance(0.3)) {
      call.state = 'declined';
      say(call, 'declined');
      return call;
    }
    if (call.state === 'declined') tally.count('declined, then confirmed');
    confirm(call);
    return call;
  }

  function confirm(call: Call): void {
    if (call.state === 'asked' || call.state === 'declined') call.state = 'on';
    say(call, 'agreed', { needsConfirmation: false });
    if (call.kind === 'paid') later(40, () => say(call, 'paid', { place: null }));
  }

  function move(call: Call): Call {
    noteRace(call, 'moved');
    const next = callAt(someStartMs(), call);
    const replaces = { uid: call.uid, time: span(call) };
    call.state = 'replaced';
    if (call.kind === 'confirm') {
      next.state = 'asked';
      say(next, 'requested', { by: 'attendee', replaces });
      live(next, 2);
    } else {
      say(next, 'moved', { by: random.pick(['attendee', 'host']), replaces });
    }
    return next;
  }

  function cancel(call: Call): null {
    noteRace(call, 'cancelled');
    say(call, 'cancelled', { by: random.pick(['attendee', 'host']) });
    call.state = 'off';
    return null;
  }

  function seatAct(call: Call): Call | null {
    const [first, ...others] = call.people;
    const stranger = people.find((one) => ![...call.people, ...call.gone].includes(one));
    const [back] = call.gone;
    switch (random.pick(['join', 'join', 'leave', 'leave', 'back', 'move', 'in place', 'cancel'] as const)) {
      case 'join':
        if (!stranger) return call;
        call.people = [...call.people, stranger];
        say(call, 'agreed', { attendees: [stranger] });
        return call;
      case 'leave': {
        if (!first) return null;
        noteRace(call, 'cancelled');
        say(call, 'cancelled', { by: 'attendee', attendees: [first] });
        call.people = others;
        call.gone = [...call.gone, first];
        return call;
      }
      case 'back':
        if (!back) return call;
        tally.count('seat left and taken again');
        call.people = [...call.people, back];
        call.gone = call.gone.filter((one) => one !== back);
        say(call, 'agreed', { attendees: [back] });
        return call;
      case 'move': {
        if (!first) return null;
        noteRace(call, 'moved');
        const next = callAt(someStartMs(), { ...call, people: [first] });
        say(next, 'moved', {
          by: 'attendee',
          attendees: [first],
          replaces: { uid: call.uid, time: span(call) },
        });
        call.people = others;
        return others.length > 0 ? call : next;
      }
      case 'in place': {
        if (!first) return null;
        noteRace(call, 'moved');
        const time = span(call);
        call.startMs = someStartMs();
        say(call, 'moved', { by: 'host', attendees: [first], replaces: { uid: call.uid, time } });
        return call;
      }
      case 'cancel':
        return call.people.length > 0 ? cancel(call) : null;
    }
  }

  /** What Cal.com says once a call is over. */
  function after(call: Call): void {
    if (random.chance(0.3)) {
      timeline.at(call.startMs + call.lengthMs, () => {
        if (timeline.nowMs() < untilMs) say(call, 'ended', { place: null, about: null });
      });
    }
    if (random.chance(0.3)) {
      timeline.at(call.startMs + call.lengthMs + random.between(1, 40) * minuteMs, () => {
        const [first] = call.people;
        if (timeline.nowMs() >= untilMs || !first || call.state !== 'on') return;
        mark(call, first, true);
        if (attendance.chance(0.6)) unmark(call, first);
        if (attendance.chance(0.4)) bookAgain(first);
      });
    }
  }

  /** The host marked the wrong person, or in haste; and may think again once more. */
  function unmark(call: Call, person: UpdateAttendee): void {
    later(attendance.between(20, 60 * 60) * 1_000, () => {
      tally.count('no-show taken back');
      mark(call, person, false);
      if (!attendance.chance(0.4)) return;
      later(attendance.between(20, 60 * 60) * 1_000, () => {
        tally.count('no-show marked again');
        mark(call, person, true);
      });
    });
  }

  /** Another call is agreed, before anybody writes or after. */
  function bookAgain(person: UpdateAttendee): void {
    later(attendance.between(20, 60 * 60) * 1_000, () => {
      if (bookElsewhere && attendance.chance(0.5)) {
        tally.count('another call agreed elsewhere after a no-show');
        bookElsewhere(person);
        return;
      }
      tally.count('another call agreed after a no-show');
      const next = callAt(someStartMs(), { kind: 'plain', eventType: 'intro', people: [person] });
      say(next, 'agreed');
      live(next, attendance.between(0, 2));
    });
  }

  function mark(call: Call, { email }: UpdateAttendee, noShow: boolean): void {
    const noShows = [{ email, noShow }];
    say(call, 'no_show', { time: null, place: null, host: null, about: null, attendees: [], noShows });
  }

  function noteRace(call: Call, what: 'cancelled' | 'moved'): void {
    if (isRace(call)) tally.count(`${what} within 2 min of a due moment`);
    if (isSending(call.uid)) tally.count(`${what} while its reminder is being sent`);
  }

  function later(ms: number, run: () => void): void {
    timeline.at(timeline.nowMs() + ms, () => {
      if (timeline.nowMs() < untilMs) run();
    });
  }

  return {
    people,
    begin() {
      const count = random.between(3, 10);
      for (let index = 0; index < count; index += 1) later(random.between(0, 30 * 60) * minuteMs, book);
      if (random.chance(0.15)) later(random.between(0, 10) * hourMs, herd);
    },
  };
}

function span({ startMs, lengthMs }: Pick<Call, 'startMs' | 'lengthMs'>): NonNullable<BookingUpdate['time']> {
  return { startAt: instant(startMs), endAt: instant(startMs + lengthMs) };
}

function instant(ms: number): Temporal.Instant {
  return Temporal.Instant.fromEpochMilliseconds(ms);
}
