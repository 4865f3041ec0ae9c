// How facts join.
//
// `join` is associative, commutative and idempotent, and a contribution depends on its update alone; so any order
// and any repetition of updates ends in the same facts.
import { canonicalText } from './canonical.ts';
import {
  type Details,
  type Facts,
  nothingKnown,
  type PersonFacts,
  type Register,
  type Replacement,
  type Stamp,
} from './facts.ts';
import type { RecipientId } from './ids.ts';
import { earliest, type Instant, isBefore, latest } from './temporal.ts';

/** The least facts that know everything either of the two knows. */
export function join(a: Facts, b: Facts): Facts {
  if (a === nothingKnown) return b;
  return {
    time: joinRegister(a.time, b.time),
    place: joinRegister(a.place, b.place),
    host: joinRegister(a.host, b.host),
    about: joinRegister(a.about, b.about),
    agreed: joinRecords(a.agreed, b.agreed, (x, y) => (isBefore(y.saidAt, x.saidAt) ? y : x)),
    lastAgreedAt: latest(a.lastAgreedAt, b.lastAgreedAt),
    requestedAt: earliest(a.requestedAt, b.requestedAt),
    declinedAt: latest(a.declinedAt, b.declinedAt),
    paidAt: earliest(a.paidAt, b.paidAt),
    endedSaidAt: latest(a.endedSaidAt, b.endedSaidAt),
    cancelled: joinRegister(a.cancelled, b.cancelled),
    cancelledAt: earliest(a.cancelledAt, b.cancelledAt),
    seated: a.seated || b.seated,
    roster: joinRegister(a.roster, b.roster),
    people: joinRecords(a.people, b.people, joinPerson),
    hostNoShow: joinRegister(a.hostNoShow, b.hostNoShow),
    replaces: joinRecords(a.replaces, b.replaces, joinReplacement),
    replacedBy: joinRecords(a.replacedBy, b.replacedBy, joinReplacement),
    snapshot: joinRegister(a.snapshot, b.snapshot),
    ...present('calendarUid', joinFirst(a.calendarUid, b.calendarUid)),
  };
}

export function joinPerson(a: PersonFacts, b: PersonFacts): PersonFacts {
  const erasedAt = latest(a.erasedAt, b.erasedAt);
  return {
    details: erased(joinRegister(a.details, b.details), erasedAt, nobody),
    links: erased(joinRegister(a.links, b.links), erasedAt, { move: null, cancel: null }),
    joinedAt: latest(a.joinedAt, b.joinedAt),
    leftAt: latest(a.leftAt, b.leftAt),
    seenAt: earliest(a.seenAt, b.seenAt),
    erasedAt,
    noShow: joinRegister(a.noShow, b.noShow),
    ...present('segment', erased(joinRegister(a.segment, b.segment), erasedAt, null)),
    ...present('responses', erased(joinRegister(a.responses, b.responses), erasedAt, {})),
    ...present('phone', erased(joinRegister(a.phone, b.phone), erasedAt, null)),
    ...present('consent', erased(joinRegister(a.consent, b.consent), erasedAt, null)),
  };
}

/** What is not known is not there, as in records that are older than the field. */
function present<Name extends string, T>(name: Name, register: T | null): { readonly [N in Name]?: T } {
  return register ? ({ [name]: register } as { readonly [N in Name]: T }) : {};
}

const nobody: Details = {
  email: null,
  mailable: false,
  name: null,
  firstName: null,
  timeZone: null,
  locale: null,
};

/** What was said at or before an erasure is gone, and stays gone however often it is said again. */
function erased<T>(register: Register<T> | null, erasedAt: Instant | null, empty: T): Register<T> | null {
  if (!register || !erasedAt) return register;
  const { saidAt } = register.stamp;
  return saidAt && isBefore(erasedAt, saidAt) ? register : { value: empty, stamp: register.stamp };
}

function joinReplacement(a: Replacement, b: Replacement): Replacement {
  return {
    allAt: latest(a.allAt, b.allAt),
    people: joinRecords(a.people, b.people, (x, y) => (isBefore(x.movedAt, y.movedAt) ? y : x)),
  };
}

function joinRegister<T>(
  a: Register<T> | null | undefined,
  b: Register<T> | null | undefined,
): Register<T> | null {
  if (!a || !b) return a ?? b ?? null;
  const order = compareStamps(a.stamp, b.stamp);
  if (order !== 0) return order < 0 ? b : a;
  return canonicalText(a.value) < canonicalText(b.value) ? b : a;
}

/** What was said first holds. */
function joinFirst<T>(
  a: Register<T> | null | undefined,
  b: Register<T> | null | undefined,
): Register<T> | null {
  return a && b && joinRegister(a, b) === a ? b : (a ?? b ?? null);
}

export function compareStamps(a: Stamp, b: Stamp): number {
  const said = (a.saidAt?.epochMilliseconds ?? -Infinity) - (b.saidAt?.epochMilliseconds ?? -Infinity);
  return (Number.isNaN(said) ? 0 : said) || a.rank - b.rank;
}

/** Keys come out sorted, so that equal facts are equal texts. Most records hold one key or none, and join with none. */
export function joinRecords<T>(
  a: { readonly [key: string]: T },
  b: { readonly [key: string]: T },
  joinValues: (x: T, y: T) => T,
): { readonly [key: string]: T } {
  if (Object.keys(b).length === 0) return a;
  if (Object.keys(a).length === 0) return b;
  const joined = new Map(Object.entries(a));
  for (const [key, y] of Object.entries(b)) {
    const x = joined.get(key);
    joined.set(key, x === undefined ? y : joinValues(x, y));
  }
  return inKeyOrder([...joined]);
}

export function inKeyOrder<T>(entries: readonly (readonly [key: string, value: T])[]): {
  readonly [key: string]: T;
} {
  return Object.fromEntries([...entries].sort(([x], [y]) => (x < y ? -1 : 1)));
}

/** Whether the update offered something that lost to a newer word. */
export function lostToNewer(known: Facts, offered: Facts): boolean {
  const lost = (['time', 'place', 'host', 'about', 'roster', 'hostNoShow'] as const).some((field) =>
    hasLost(known[field], offered[field]),
  );
  return (
    lost ||
    Object.entries(offered.people).some(([recipient, person]) =>
      (['details', 'links', 'noShow', 'phone', 'consent'] as const).some((field) =>
        hasLost(known.people[recipient as RecipientId]?.[field], person[field]),
      ),
    )
  );
}

function hasLost(
  kept: Register<unknown> | null | undefined,
  offered: Register<unknown> | null | undefined,
): boolean {
  if (!kept || !offered || compareStamps(offered.stamp, kept.stamp) >= 0) return false;
  return canonicalText(kept.value) !== canonicalText(offered.value);
}

/** Bounds on one booking's facts. What goes beyond is set aside whole: trimming would break the laws of the merge. */
export const factLimits = { starts: 64, people: 500, links: 16 };

export function withinLimits(facts: Facts): boolean {
  return (
    Object.keys(facts.agreed).length <= factLimits.starts &&
    Object.keys(facts.people).length <= factLimits.people &&
    Object.keys(facts.replaces).length <= factLimits.links &&
    Object.keys(facts.replacedBy).length <= factLimits.links
  );
}
