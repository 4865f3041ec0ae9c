// What the outside should say about one thing of ours: told that there is something to say, it is said under a lease, by
// one at a time, and tried again for as long as it takes. What is wanted is derived anew each time, so that a later write wins.
import type { Loaded } from './booking-record.ts';
import { ifSound } from './codec.ts';
import type { RecordId } from './ids.ts';
import { backOff } from './ledger.ts';
import type { HistoryEntry, PortError, PortResult, Stored, Write } from './ports.ts';
import { Ok } from './result.ts';
import type { Shell } from './shell.ts';
import { after, type Instant, sameMoment, Temporal } from './temporal.ts';
import type { Trouble } from './trouble.ts';

/** How far the outside has seen what it should say: part of each record that is kept true there. */
export interface Progress {
  /** Raised whenever something changed that the outside should see. */
  readonly wanted: number;
  /** The `wanted` that it has seen. */
  readonly seen: number;
  /** One write at a time. */
  readonly writing: { readonly leaseUntil: Instant } | null;
  readonly tries: number;
  readonly refused: boolean;
  readonly lastError: string | null;
}

/** Nothing was ever to be said. */
export const untold: Progress = {
  wanted: 0,
  seen: 0,
  writing: null,
  tries: 0,
  refused: false,
  lastError: null,
};

/** What a write came to. */
export interface WriteOutcome {
  /** More is wanted than was done. */
  readonly more: boolean;
  readonly error: PortError | null;
  /** Nothing failed, and it is to be tried once more then. */
  readonly againAt?: Instant;
  /** What a person should know of once the outcome is saved. */
  readonly troubles?: readonly Trouble[];
}

/** One kind of record, and how it is kept true in one outside system. */
export interface Kept<Id extends string, Kind extends Progress, Outcome extends WriteOutcome> {
  readonly newRecord: Kind;
  readonly recordOf: (id: Id) => RecordId;
  readonly idOf: (stored: Stored) => Id;
  readonly read: (stored: Stored) => Loaded<Kind>;
  readonly put: (
    id: Id,
    record: Kind,
    options: {
      readonly over: Stored | null;
      readonly now: Instant;
      readonly crmAt: Instant | null;
      readonly history?: readonly HistoryEntry[];
    },
  ) => Write;
  /** Of a write that nobody concluded it is not known what the outside took. */
  readonly unsure: (record: Kind) => Kind;
  /** Err: the store does not answer. Then the write counts as not concluded. */
  readonly write: (id: Id, record: Kind, leaseUntil: Instant) => PortResult<Outcome>;
  /** The record, as it is by then, with what was learnt and done. */
  readonly withOutcome: (record: Kind, outcome: Outcome) => Kind;
  readonly historyOf: (outcome: Outcome, now: Instant) => readonly HistoryEntry[];
  readonly refusal: (id: Id, reason: string) => Trouble;
  readonly outage: (id: Id, reason: string) => Trouble;
}

export interface KeepTrue<Id extends string> {
  /** Each has something to say. */
  tell(ids: readonly Id[]): PortResult<void>;
  /** The turn of a record that is due. */
  bringUpToDate(stored: Stored): PortResult<void>;
}

/** Lease of one write: longer than its calls together may take. */
export const writeLease = Temporal.Duration.from({ minutes: 3 });
/** Between two tries. */
const longestWait = Temporal.Duration.from({ minutes: 5 });
/** In a row of one write, half an hour from the first to the last of them; then a person should look. */
const triesToTell = 10;

export function createKeepTrue<Id extends string, Kind extends Progress, Outcome extends WriteOutcome>(
  shell: Shell,
  kept: Kept<Id, Kind, Outcome>,
): KeepTrue<Id> {
  const { store, clock } = shell;
  let isOutageTold = false;

  async function tell(ids: readonly Id[]): PortResult<void> {
    let untold = ids;
    while (untold.length > 0) {
      const found = await store.find(untold.map(kept.recordOf));
      if (found.isErr()) return found;
      const now = clock.now();
      const known = new Map(found.value.map((stored) => [kept.idOf(stored), ifSound(stored, kept.read)]));
      // One that cannot be read must not keep the others from hearing.
      const told = untold.filter((id) => known.get(id) !== null);
      const writes = told.map((id) => {
        const { stored, value } = known.get(id) ?? { stored: null, value: kept.newRecord };
        // A write that is running is left to end: it sees by `wanted` that there is more to do.
        const crmAt = value.writing?.leaseUntil ?? now;
        return kept.put(id, { ...value, wanted: value.wanted + 1 }, { over: stored, now, crmAt });
      });
      const saved = await store.save(writes);
      if (saved.isErr()) return saved;
      untold = told.filter((_, index) => saved.value[index] === 'conflict');
    }
    return Ok(undefined);
  }

  async function bringUpToDate(stored: Stored): PortResult<void> {
    const id = kept.idOf(stored);
    const { value } = kept.read(stored);
    const now = clock.now();
    // By this process's own clock: where clocks are further apart than a lease two processes can hold one, and the older
    // write may stand outside until the next change. Clocks that far apart are not catered for.
    const leaseUntil = after(now, writeLease);
    const record = value.writing ? kept.unsure(value) : value;
    const claim = kept.put(
      id,
      { ...record, writing: { leaseUntil } },
      { over: stored, now, crmAt: leaseUntil },
    );
    const saved = await store.save([claim]);
    if (saved.isErr()) return saved;
    if (saved.value[0] === 'conflict') return Ok(undefined);
    const outcome = await kept.write(id, record, leaseUntil);
    if (outcome.isErr()) return outcome;
    return conclude(id, { outcome: outcome.value, leaseUntil, seen: value.wanted });
  }

  async function conclude(
    id: Id,
    { outcome, leaseUntil, seen }: { outcome: Outcome; leaseUntil: Instant; seen: number },
  ): PortResult<void> {
    for (;;) {
      const found = await store.find([kept.recordOf(id)]);
      if (found.isErr()) return found;
      const [stored] = found.value;
      const record = stored && kept.read(stored).value;
      // Another write has begun since: this one took longer than its lease, and the other knows better.
      if (!record || !sameMoment(record.writing?.leaseUntil ?? null, leaseUntil)) return Ok(undefined);
      const now = clock.now();
      const next = progressed({ ...kept.withOutcome(record, outcome), seen }, outcome);
      const crmAt = nextLook(next, outcome, now);
      const history = kept.historyOf(outcome, now);
      const saved = await store.save([kept.put(id, next, { over: stored, now, crmAt, history })]);
      if (saved.isErr()) return saved;
      if (saved.value[0] === 'conflict') continue;
      tellTrouble(id, outcome, next.tries);
      return Ok(undefined);
    }
  }

  /** Each refusal, and an outage once until it is over: it may concern any number of records. */
  function tellTrouble(id: Id, { error, troubles = [] }: Outcome, inRow: number): void {
    for (const trouble of troubles) shell.trouble(trouble);
    if (!error) isOutageTold = false;
    else if (error.kind === 'rejected') shell.trouble(kept.refusal(id, error.reason));
    else if (inRow >= triesToTell && !isOutageTold) {
      isOutageTold = true;
      shell.trouble(kept.outage(id, error.reason));
    }
  }

  return { tell, bringUpToDate };
}

function progressed<Kind extends Progress>(record: Kind, { error }: WriteOutcome): Kind {
  return {
    ...record,
    writing: null,
    refused: error?.kind === 'rejected',
    lastError: error?.reason ?? null,
    tries: error ? record.tries + 1 : 0,
  };
}

/** What the outside will never take waits for the next change; everything else is tried again, later each time. */
function nextLook(record: Progress, { error, more, againAt }: WriteOutcome, now: Instant): Instant | null {
  if (record.wanted > record.seen || more) return now;
  if (!error) return againAt ?? null;
  if (error.kind === 'rejected') return null;
  return after(now, (error.kind === 'unavailable' && error.retryAfter) || backOff(record.tries, longestWait));
}
