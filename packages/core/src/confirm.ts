// Outcomes of sends, saved in batches: at 50, or 100 ms after the first, whichever comes sooner.
import { createHear } from './address-wishes.ts';
import { type BookingRecord, type Loaded, readBookings } from './booking-record.ts';
import { type BookingId, bookingRecord, type ReminderKey } from './ids.ts';
import { invariant } from './invariant.ts';
import { channelOf, doubts, type Settlement, settle, waitFor } from './ledger.ts';
import type { Attempt, LedgerEntry } from './ledger-types.ts';
import type { Observation } from './observation.ts';
import { type Senders, senderOf } from './outgoing.ts';
import { ledgerWrite } from './park.ts';
import type { HistoryEntry, PortError, PortResult } from './ports.ts';
import { Ok } from './result.ts';
import type { Shell } from './shell.ts';
import { after, type Instant, Temporal } from './temporal.ts';

const batchSize = 50;
const batchWait = Temporal.Duration.from({ milliseconds: 100 });
const retryWait = Temporal.Duration.from({ seconds: 1 });
/** Refusals in a row of one reminder after which a person should look at the mailer; at once where it does not take us. */
const refusalsToReport = 3;

export interface Outcome {
  readonly booking: BookingId;
  readonly key: ReminderKey;
  readonly attempt: Attempt['id'];
  readonly settlement: Settlement;
  /** The record as the claim left it; null: somebody has changed it since, and it must be read. */
  readonly left: Loaded<BookingRecord> | null;
}
/** One of which nobody has heard yet. */
export type FreshOutcome = Outcome & { readonly left: Loaded<BookingRecord> };

export interface Confirm {
  add(outcome: FreshOutcome): void;
  /** Outcomes not saved yet. */
  waiting(): number;
  /** Saves what waits; false when the store would not take it: it is tried again by itself. */
  flush(): Promise<boolean>;
}

export function createConfirm(
  shell: Shell,
  { senders, onSaved }: { senders: Senders; onSaved: () => void },
): Confirm {
  let queue: readonly Outcome[] = [];
  let beingSaved = 0;
  let timed = false;
  let flushing: Promise<boolean> | null = null;
  const hear = createHear(shell);

  function add(outcome: FreshOutcome): void {
    shell.observe(sendSeen(outcome, shell.clock.now()));
    queue = [...queue, outcome];
    if (queue.length >= batchSize) void flush();
    else flushIn(batchWait);
  }

  function flushIn(wait: Temporal.Duration): void {
    if (timed) return;
    timed = true;
    shell.clock.at(after(shell.clock.now(), wait), () => {
      timed = false;
      void flush();
    });
  }

  function flush(): Promise<boolean> {
    flushing ??= flushAll().finally(() => {
      flushing = null;
    });
    return flushing;
  }

  async function flushAll(): Promise<boolean> {
    while (queue.length > 0) {
      const batch = queue.slice(0, batchSize);
      queue = queue.slice(batchSize);
      beingSaved = batch.length;
      const left = await save(batch);
      beingSaved = 0;
      if (left.isErr()) {
        queue = [...batch, ...queue];
        flushIn(retryWait);
        return false;
      }
      queue = [...left.value, ...queue];
      onSaved();
    }
    return true;
  }

  /** Saves a batch; gives back the outcomes whose record was changed by somebody else meanwhile. */
  async function save(batch: readonly Outcome[]): PortResult<readonly Outcome[]> {
    const records = await recordsOf(batch);
    if (records.isErr()) return records;
    const now = shell.clock.now();
    const settled = records.value.map((loaded) => {
      const outcomes = batch.filter(({ booking }) => booking === loaded.value.id);
      return { loaded, outcomes, ...settleAll(loaded, outcomes, now) };
    });
    const writes = settled.map(({ loaded, record, history }) => {
      const crm = shell.crmWanted && history.some(({ what }) => what === 'reminder_sent') ? 'now' : 'keep';
      return ledgerWrite(shell, record, { over: loaded.stored, now, crm, history });
    });
    const saved = await shell.store.save(writes);
    if (saved.isErr()) return saved;
    const conflicting = settled.filter((_, index) => saved.value[index] === 'conflict');
    for (const one of settled) if (!conflicting.includes(one)) reportTrouble(one.record, one.outcomes);
    await heedOptOuts(batch, settled);
    return Ok(conflicting.flatMap(({ outcomes }) => outcomes).map((outcome) => ({ ...outcome, left: null })));
  }

  /** Whoever said at the provider that they want nothing more. What the store does not take now the next refusal tells again. */
  async function heedOptOuts(
    batch: readonly Outcome[],
    settled: readonly { readonly record: BookingRecord }[],
  ): Promise<void> {
    const refused = batch.filter(
      ({ settlement }) => settlement.kind === 'failed' && isOptOut(settlement.error),
    );
    for (const { key, attempt } of refused) {
      const entries = settled.flatMap(({ record }) => record.ledger[key] ?? []);
      const owners = entries.flatMap(({ attempts, recipient }) =>
        attempts.filter(({ id }) => id === attempt).map(({ by }) => by?.to ?? recipient),
      );
      for (const owner of owners) await hear(owner, { said: 'stop', at: shell.clock.now() });
    }
  }

  /** What a claim left stands in the store until somebody else writes, and then the save is a conflict. */
  async function recordsOf(batch: readonly Outcome[]): PortResult<readonly Loaded<BookingRecord>[]> {
    const changed = new Set(batch.filter(({ left }) => !left).map(({ booking }) => booking));
    const latest = new Map<BookingId, Loaded<BookingRecord>>();
    for (const { booking, left } of batch) {
      const known = latest.get(booking)?.stored.revision ?? 0;
      if (left && !changed.has(booking) && left.stored.revision > known) latest.set(booking, left);
    }
    const found = changed.size > 0 ? await shell.store.find([...changed].map(bookingRecord)) : Ok([]);
    // One that cannot be read any more cannot keep what was heard: whoever reads it first when its lease is over says so.
    return found.map((stored) => [...latest.values(), ...readBookings(stored)]);
  }

  function settleAll(
    { value }: Loaded<BookingRecord>,
    outcomes: readonly Outcome[],
    now: Instant,
  ): { readonly record: BookingRecord; readonly history: readonly HistoryEntry[] } {
    const history: HistoryEntry[] = [];
    const ledger: { [key: ReminderKey]: LedgerEntry } = { ...value.ledger };
    for (const { key, attempt, settlement } of outcomes) {
      const entry = ledger[key];
      if (!entry) continue;
      const channel = channelOf(entry.attempts.find(({ id }) => id === attempt));
      const doubtWait = waitFor(shell.policy, senderOf(senders, channel).doubt);
      const next = settle(entry, attempt, settlement, { now, doubtWait });
      ledger[key] = next;
      const what = whatHappened(settlement);
      const way = channel === 'mail' ? {} : { channel };
      if (what && next !== entry) history.push({ at: now, what, detail: { key, attempt, ...way } });
    }
    return { record: { ...value, ledger }, history };
  }

  function reportTrouble({ id, ledger }: BookingRecord, outcomes: readonly Outcome[]): void {
    for (const { key, attempt, settlement } of outcomes) {
      if (settlement.kind !== 'failed') continue;
      const { error } = settlement;
      const { kind, reason } = error;
      const booking = shell.names.short(id);
      const made = ledger[key]?.attempts.find((one) => one.id === attempt);
      const who = channelOf(made) === 'mail' ? 'The mailer' : 'The texter';
      const refusals = ledger[key]?.attempts.filter(({ outcome }) => outcome === 'refused').length;
      if (kind === 'rejected') {
        shell.trouble({
          kind: 'reminder_refused',
          booking,
          sentence: `${who} refused a reminder for good: ${reason}`,
        });
      } else if (
        error.kind === 'unavailable' &&
        (refusals === refusalsToReport || (error.refusesUs && refusals === 1))
      ) {
        const refuses = refusals === 1 ? 'refuses us' : 'keeps refusing a reminder';
        shell.trouble({ kind: 'mailer_refuses_us', booking, sentence: `${who} ${refuses}: ${reason}` });
      }
    }
  }

  return { add, flush, waiting: () => queue.length + beingSaved };
}

function sendSeen({ key, attempt, settlement, left }: FreshOutcome, endedAt: Instant): Observation {
  const entry = left.value.ledger[key];
  const claimed = entry?.attempts.find(({ id }) => id === attempt);
  invariant(entry && claimed, 'what was sent had been claimed');
  const { dueAt } = entry;
  return { kind: 'send', ...sentBy(settlement, entry), dueAt, startedAt: claimed.at, endedAt };
}

/** What is told of a send at the reminder that `entry` is about. */
export function sentBy(
  settlement: Settlement,
  entry: LedgerEntry,
): Pick<Extract<Observation, { kind: 'send' }>, 'outcome' | 'error' | 'again'> {
  const again = doubts(entry) > 0;
  if (settlement.kind !== 'failed') return { outcome: settlement.kind, error: null, again };
  const { kind: error } = settlement.error;
  return { outcome: error === 'unknown' ? 'unknown' : 'refused', error, again };
}

function isOptOut(error: PortError): boolean {
  return error.kind === 'rejected' && error.optedOut === true;
}

function whatHappened(settlement: Settlement): string | null {
  if (settlement.kind === 'accepted') return 'reminder_sent';
  if (settlement.kind === 'released') return null;
  return { rejected: 'reminder_refused', unknown: 'reminder_unknown', unavailable: null }[
    settlement.error.kind
  ];
}
