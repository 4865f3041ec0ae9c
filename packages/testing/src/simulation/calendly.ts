// A model of Calendly beside that of Cal.com, with the same people: each booking is one invitee's; a move is a new booking that
// names the old one, and a cancellation of the old, told apart and in any order.
import { type BookingUpdate, Temporal, type UpdateAttendee } from '@precall/core';
import type { Random } from './random.ts';
import type { Tally } from './tally.ts';
import type { Timeline } from './timeline.ts';

export interface Calendly {
  begin(): void;
  /** Somebody books a call here. */
  book(person: UpdateAttendee): void;
}

interface Invitee {
  readonly uid: string;
  readonly person: UpdateAttendee;
  readonly startMs: number;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const lengthMs = 45 * minuteMs;

export function createCalendly({
  timeline,
  random,
  tally,
  people,
  emit,
  untilMs,
}: {
  readonly timeline: Timeline;
  readonly random: Random;
  readonly tally: Tally;
  readonly people: readonly [UpdateAttendee, ...(readonly UpdateAttendee[])];
  readonly emit: (update: BookingUpdate) => void;
  /** Nobody does anything after this. */
  readonly untilMs: number;
}): Calendly {
  let lastUid = 0;
  let lastSaidMs = 0;

  /** No two words share a moment. */
  function saidAt(): Temporal.Instant {
    lastSaidMs = Math.max(timeline.nowMs(), lastSaidMs + 1);
    return instant(lastSaidMs);
  }

  function say(
    { uid, person, startMs }: Invitee,
    said: Pick<BookingUpdate, 'kind'> & Partial<BookingUpdate>,
  ): void {
    const at = saidAt();
    emit({
      uid,
      saidAt: at,
      receivedAt: at,
      time: { startAt: instant(startMs), endAt: instant(startMs + lengthMs) },
      place: { kind: 'link', url: `https://meet.example/${uid}` },
      host: { name: 'Host', timeZone: null },
      about: { title: `Call ${uid}`, eventType: 'intro' },
      seated: false,
      attendees: [person],
      needsConfirmation: false,
      by: 'unknown',
      moving: false,
      replaces: null,
      noShows: [],
      ...said,
    });
  }

  function invited(person: UpdateAttendee): Invitee {
    lastUid += 1;
    const startMs = timeline.nowMs() + random.between(20, 80 * 60) * minuteMs;
    return {
      uid: `c${lastUid}`,
      person,
      startMs: random.chance(0.5) ? Math.ceil(startMs / hourMs) * hourMs : startMs,
    };
  }

  function book(person: UpdateAttendee): void {
    const one = invited(person);
    say(one, { kind: 'agreed' });
    live(one, random.between(0, 3));
  }

  function live(one: Invitee, acts: number): void {
    if (acts === 0) {
      markAbsent(one);
      return;
    }
    const nowMs = timeline.nowMs();
    // Two hours before the call its last reminder falls due, more often than not.
    const nearMs = one.startMs - 2 * hourMs + random.between(-60, 60) * 1_000;
    const atMs = random.chance(0.5) ? nearMs : nowMs + Math.floor(random.next() * (one.startMs - nowMs));
    timeline.at(Math.max(nowMs + 50, atMs), () => {
      if (timeline.nowMs() >= untilMs) return;
      if (random.chance(0.6)) live(move(one), acts - 1);
      else say(one, { kind: 'cancelled', by: random.pick(['attendee', 'host']) });
    });
  }

  function move(old: Invitee): Invitee {
    const next = invited(old.person);
    const words = [
      () => say(old, { kind: 'cancelled', by: 'attendee', moving: true }),
      () => say(next, { kind: 'moved', replaces: { uid: old.uid, time: null } }),
    ];
    const newFirst = random.chance(0.5);
    tally.count(
      newFirst
        ? 'Calendly: a move told before the end of the old'
        : 'Calendly: a move told after the end of the old',
    );
    for (const word of newFirst ? words.reverse() : words) word();
    return next;
  }

  function markAbsent(one: Invitee): void {
    if (!random.chance(0.5)) return;
    timeline.at(one.startMs + lengthMs + random.between(1, 40) * minuteMs, () => {
      if (timeline.nowMs() >= untilMs) return;
      const noShows = [{ email: one.person.email, noShow: true }];
      say(one, { kind: 'no_show', place: null, host: null, about: null, attendees: [], noShows });
    });
  }

  return {
    begin() {
      const count = random.between(1, 5);
      for (let index = 0; index < count; index += 1) {
        timeline.at(timeline.nowMs() + random.between(0, 30 * 60) * minuteMs, () =>
          book(random.pick(people)),
        );
      }
    },
    book,
  };
}

function instant(ms: number): Temporal.Instant {
  return Temporal.Instant.fromEpochMilliseconds(ms);
}
