// The oracle's own reading of what was told about one booking: all that was said at once, in the plainest words, and
// nothing of core's. Its rules are those of the documentation of Cal.com's webhooks and of the merge.
import type { BookingUpdate, UpdateKind } from '@precall/core';
import type { PolicySpec } from './policies.ts';
import { type Person, type ReadReminder, remindersFor, type Time } from './reading-reminders.ts';

export interface Word {
  readonly update: BookingUpdate;
  /** When it was said; null where not told or not believable (over five minutes ahead of receipt). */
  readonly saidMs: number | null;
  /** The same, else when it was received. */
  readonly momentMs: number;
}

export type Standing = 'agreed' | 'awaiting' | 'cancelled' | 'declined' | 'superseded' | 'unknown';

export interface Reading {
  readonly standing: Standing;
  readonly startMs: number | null;
  readonly endMs: number | null;
  readonly place: string;
  readonly seated: boolean;
  /** Addresses in small letters; without seats the booker first. */
  readonly attending: readonly string[];
  /** Addresses in small letters: everybody of whom the booking ever told. */
  readonly people: readonly string[];
  /** Addresses in small letters: who is said not to have come to the present start. */
  readonly absent: readonly string[];
  readonly reminders: readonly ReadReminder[];
}

const ranks: { readonly [K in UpdateKind]: number } = {
  place_changed: 7,
  host_changed: 6,
  moved: 5,
  agreed: 4,
  fetched: 3,
  requested: 2,
  payment_opened: 1,
  paid: 0,
  cancelled: 0,
  declined: 0,
  ended: 0,
  no_show: 0,
};

/** Kinds that say who somebody is. */
export const describing: ReadonlySet<UpdateKind> = new Set<UpdateKind>([
  'agreed',
  'moved',
  'host_changed',
  'paid',
  'requested',
  'payment_opened',
]);

/** A word as it was heard at some moment. */
export function wordOf(update: BookingUpdate, receivedMs: number): Word {
  const said = update.saidAt?.epochMilliseconds ?? null;
  const saidMs = said !== null && said <= receivedMs + 300_000 ? said : null;
  return { update, saidMs, momentMs: saidMs ?? receivedMs };
}

/** What the words about the booking and those that take its place mean together. Their order does not matter. */
export function readingOf(uid: string, words: readonly Word[], policy: PolicySpec): Reading {
  const own = words.filter(({ update }) => update.uid === uid);
  const successors = words.filter(({ update }) => update.replaces?.uid === uid && update.uid !== uid);
  const seated = own.some(({ update }) => update.seated);
  const time = timeFrom(own, successors);
  const agreements = own.filter(
    ({ update: { kind, needsConfirmation } }) =>
      kind === 'agreed' || kind === 'moved' || (kind === 'paid' && !needsConfirmation),
  );
  const agreedMs = least(
    agreements
      .filter(({ update }) => update.time?.startAt.epochMilliseconds === time?.startMs)
      .map(({ momentMs }) => momentMs),
  );
  const people = peopleFrom(own, { successors, agreedMs, hostZone: hostZoneFrom(own) });
  const listed = seated
    ? [...people.values()]
        .filter(({ joinedMs }) => joinedMs !== null)
        .sort((a, b) => (a.joinedMs ?? 0) - (b.joinedMs ?? 0) || (a.email < b.email ? -1 : 1))
        .map(({ email }) => email)
    : rosterFrom(own);
  const attending = listed.filter((email) => {
    const person = people.get(email);
    return !(seated && person?.hasLeft) && !person?.hasMoved;
  });
  const standing = standingFrom({ own, successors, seated, people, attending, agreements, agreedMs });
  const reminders =
    time && agreedMs !== null
      ? (seated || policy.remindGuests ? listed : listed.slice(0, 1)).flatMap((email, place) =>
          remindersFor(email, {
            policy,
            time,
            place,
            seated,
            agreedMs: Math.max(agreedMs, seated ? (people.get(email)?.joinedMs ?? 0) : 0),
            details: people.get(email) ?? null,
            isWanted: standing === 'agreed' && attending.includes(email),
          }),
        )
      : [];
  return {
    standing,
    startMs: time?.startMs ?? null,
    endMs: time?.endMs ?? null,
    place: placeFrom(own),
    seated,
    attending,
    people: [...people.keys()],
    absent: [...people.values()].filter(({ mark }) => mark?.noShow).map(({ email }) => email),
    reminders,
  };
}

function timeFrom(own: readonly Word[], successors: readonly Word[]): Time | null {
  const writes = new Set<UpdateKind>(['agreed', 'moved', 'requested', 'fetched']);
  const offers = [
    ...own.flatMap((word) =>
      word.update.time ? [{ word, time: word.update.time, isGuess: !writes.has(word.update.kind) }] : [],
    ),
    ...successors.flatMap((word) =>
      word.update.replaces?.time ? [{ word, time: word.update.replaces.time, isGuess: true }] : [],
    ),
  ];
  const best = latestOf(offers, ({ word, isGuess }) => stampOf(word, isGuess));
  return best && { startMs: best.time.startAt.epochMilliseconds, endMs: best.time.endAt.epochMilliseconds };
}

function placeFrom(own: readonly Word[]): string {
  const writes = new Set<UpdateKind>(['agreed', 'moved', 'host_changed', 'place_changed', 'fetched']);
  const offers = own.filter(({ update }) => update.place && writes.has(update.kind));
  const best = latestOf(offers, (word) => {
    const { kind, place } = word.update;
    return stampOf(word, place?.kind === 'pending' && kind !== 'host_changed' && kind !== 'place_changed');
  });
  return JSON.stringify(best?.update.place ?? null);
}

function hostZoneFrom(own: readonly Word[]): string {
  const writes = new Set<UpdateKind>(['agreed', 'moved', 'host_changed']);
  const offers = own.filter(({ update }) => update.host && writes.has(update.kind));
  return latestOf(offers, (word) => stampOf(word, false))?.update.host?.timeZone ?? 'UTC';
}

interface Around {
  readonly successors: readonly Word[];
  readonly agreedMs: number | null;
  readonly hostZone: string;
}

function rosterFrom(own: readonly Word[]): readonly string[] {
  const offers = own.filter(({ update: { kind } }) => kind === 'agreed' || kind === 'moved');
  const best = latestOf(offers, (word) => stampOf(word, false));
  return [...new Set((best?.update.attendees ?? []).map(({ email }) => email.toLowerCase()))];
}

function peopleFrom(own: readonly Word[], around: Around): ReadonlyMap<string, Person> {
  const people = new Map<string, Person>();
  for (const { update } of own) {
    for (const { email } of update.attendees) {
      const name = email.toLowerCase();
      if (people.has(name)) continue;
      const concerning = own.filter((word) =>
        word.update.attendees.some((other) => other.email.toLowerCase() === name),
      );
      people.set(name, personFrom(name, concerning, { own, ...around }));
    }
  }
  return people;
}

function personFrom(
  email: string,
  concerning: readonly Word[],
  { own, successors, agreedMs, hostZone }: Around & { readonly own: readonly Word[] },
): Person {
  const joins = concerning.filter(({ update: { kind } }) => kind === 'agreed' || kind === 'moved');
  const leaves = concerning.filter(({ update: { kind } }) => kind === 'cancelled');
  const joinedMs = greatest(joins.map(({ momentMs }) => momentMs));
  const leftMs = greatest(leaves.map(({ momentMs }) => momentMs));
  const hasMoved = successors.some(({ update, momentMs }) => {
    if (!update.seated || update.by === 'host') return true;
    const isListed = update.attendees.some((other) => other.email.toLowerCase() === email);
    return isListed && !(joinedMs !== null && momentMs < joinedMs);
  });
  const best = latestOf(
    concerning.filter(({ update }) => describing.has(update.kind)),
    (word) => stampOf(word, false),
  );
  const details = best?.update.attendees.find((other) => other.email.toLowerCase() === email);
  // A mark said before the present start was agreed is about an earlier one.
  const since = own.filter(({ saidMs }) => saidMs === null || agreedMs === null || saidMs >= agreedMs);
  const marks = since.flatMap((word) =>
    word.update.noShows.flatMap((mark) => (mark.email?.toLowerCase() === email ? [{ word, mark }] : [])),
  );
  const mark = latestOf(marks, ({ word }) => stampOf(word, false));
  return {
    email,
    joinedMs,
    leftMs,
    hasLeft: joinedMs !== null && leftMs !== null && leftMs >= joinedMs,
    hasMoved,
    zone: details?.timeZone ?? hostZone,
    mailable: details?.mailable ?? false,
    // Nobody guesses where a phone is.
    phone: details?.timeZone && details.consent?.given ? (details.phone ?? null) : null,
    mark: mark && { noShow: mark.mark.noShow, knownMs: mark.word.saidMs },
  };
}

function standingFrom({
  own,
  successors,
  seated,
  people,
  attending,
  agreements,
  agreedMs,
}: {
  readonly own: readonly Word[];
  readonly successors: readonly Word[];
  readonly seated: boolean;
  readonly people: ReadonlyMap<string, Person>;
  readonly attending: readonly string[];
  readonly agreements: readonly Word[];
  readonly agreedMs: number | null;
}): Standing {
  const said = (kind: UpdateKind): readonly Word[] => own.filter(({ update }) => update.kind === kind);
  if (successors.some(({ update }) => !update.seated || update.by === 'host')) return 'superseded';
  const anybody = [...people.values()].some(({ joinedMs, leftMs }) => joinedMs !== null || leftMs !== null);
  if (seated ? anybody && attending.length === 0 : said('cancelled').length > 0) return 'cancelled';
  const declinedMs = greatest(said('declined').map(({ momentMs }) => momentMs));
  const lastAgreedMs = greatest(agreements.map(({ momentMs }) => momentMs));
  if (declinedMs !== null && !(lastAgreedMs !== null && declinedMs < lastAgreedMs)) return 'declined';
  if (agreedMs !== null) return 'agreed';
  return said('requested').length + said('payment_opened').length > 0 ? 'awaiting' : 'unknown';
}

/** Later words hold; of one moment the stronger kind. A guess holds only where nobody knows. */
function stampOf({ saidMs, update }: Word, isGuess: boolean): readonly [number, number] {
  return isGuess ? [-Infinity, ranks[update.kind] - 8] : [saidMs ?? -Infinity, ranks[update.kind]];
}

function latestOf<T>(items: readonly T[], stamp: (item: T) => readonly [number, number]): T | null {
  let best: T | null = null;
  let bestStamp: readonly [number, number] = [-Infinity, -Infinity];
  for (const item of items) {
    const [said, rank] = stamp(item);
    if (best !== null && (said < bestStamp[0] || (said === bestStamp[0] && rank <= bestStamp[1]))) continue;
    best = item;
    bestStamp = [said, rank];
  }
  return best;
}

function least(numbers: readonly number[]): number | null {
  return numbers.length > 0 ? Math.min(...numbers) : null;
}

function greatest(numbers: readonly number[]): number | null {
  return numbers.length > 0 ? Math.max(...numbers) : null;
}
