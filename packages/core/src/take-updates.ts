// What updates say is joined with what is known of the bookings they touch, and kept, one booking after the other.
import type { IntakeAnswer } from './answer.ts';
import { type BookingRecord, bookingWrite, type Loaded, readBooking } from './booking-record.ts';
import { canonicalText } from './canonical.ts';
import { contribution, subjectOf } from './contribution.ts';
import { type Facts, nothingKnown, personUnknown } from './facts.ts';
import { type BookingId, bookingRecord, personRecord, type RecipientId } from './ids.ts';
import type { InTurn } from './in-turn.ts';
import {
  away,
  type Change,
  historyOf,
  ignoredBecause,
  isVisible,
  saysNothing,
  takenAnswer,
} from './intake-answer.ts';
import { invariant } from './invariant.ts';
import { join, lostToNewer, withinLimits } from './merge.ts';
import { type Erasure, erasuresAmong } from './person-record.ts';
import type { Parsed, PortResult, Stored } from './ports.ts';
import { Ok } from './result.ts';
import type { Shell } from './shell.ts';
import { withUselessSkipped } from './skip-useless.ts';
import { earliest, type Instant } from './temporal.ts';
import type { BookingUpdate } from './update.ts';

/** What one delivery says: at least one update, the first about its own booking. */
export type Updates = Extract<Parsed, { updates: unknown }>['updates'];

/** Answers once everything is durable. Rejects when the policy throws; `over_limits`: it would be more than is kept. */
export type TakeUpdates = (updates: Updates) => PortResult<IntakeAnswer | 'over_limits'>;

/** Tries at a compare-and-set before the sender is asked to come again. */
const tries = 5;

export function createTakeUpdates(shell: Shell, inTurn: InTurn): TakeUpdates {
  async function take(updates: Updates): PortResult<IntakeAnswer | 'over_limits'> {
    const offered = contributions(updates);
    return inTurn([...offered.keys()], async () => {
      const done = new Map<BookingId, Change>();
      const first = new Map<BookingId, BookingRecord | null>();
      for (let attempt = 0; attempt < tries; attempt += 1) {
        const outcome = await tryOnce(offered, updates[0], { done, first });
        if (outcome.isErr()) return outcome;
        if (outcome.value !== 'conflict') {
          tellDropped(outcome.value);
          return Ok(outcome.value);
        }
      }
      return Ok(away);
    });
  }

  function tellDropped(answer: IntakeAnswer | 'over_limits'): void {
    const count = answer !== 'over_limits' && answer.kind === 'taken' ? answer.dropped.length : 0;
    if (count > 0) shell.observe({ kind: 'reminders_dropped', count });
  }

  function contributions(updates: readonly BookingUpdate[]): ReadonlyMap<BookingId, Facts> {
    const offered = new Map<BookingId, Facts>();
    for (const update of updates) {
      for (const [id, facts] of contribution(update, shell.names)) {
        offered.set(id, join(offered.get(id) ?? nothingKnown, facts));
      }
    }
    return offered;
  }

  async function tryOnce(
    offered: ReadonlyMap<BookingId, Facts>,
    first: BookingUpdate,
    { done, first: known }: Tried,
  ): PortResult<IntakeAnswer | 'over_limits' | 'conflict'> {
    const found = await load(offered);
    if (found.isErr()) return found;
    const now = shell.clock.now();
    const { policy } = shell;
    const context = { policy, now };
    const steps = [...offered].map(([id, facts]) => step(id, facts, found.value, context));
    if (steps.some(({ change }) => !withinLimits(change.after.facts))) return Ok('over_limits');
    for (const { change } of steps)
      if (!known.has(change.after.id)) known.set(change.after.id, change.before);
    // One after the other, the new booking before the one it replaces: a crash between leaves the link to mend by.
    for (const { change, over } of steps) {
      if (over && canonicalText(change.before) === canonicalText(change.after)) continue;
      const history = historyOf(change, context);
      const crm = history.length > 0 ? 'now' : 'keep';
      const write = bookingWrite(change.after, { over, policy, now, crm, history });
      const saved = await shell.store.save([write]);
      if (saved.isErr()) return saved;
      if (saved.value[0] === 'conflict') return Ok('conflict');
      done.set(change.after.id, change);
      shell.wake(earliest(write.put.lanes.mail, write.put.lanes.crm));
    }
    const changes = steps.map(({ change }) => {
      const made = done.get(change.after.id) ?? change;
      return { ...made, before: known.get(change.after.id) ?? null };
    });
    const subject = changes.find(({ after }) => after.id === subjectOf(first, shell.names));
    invariant(subject, 'an update contributes to the booking it is about');
    return Ok(answer(changes, subject, first));
  }

  function answer(changes: readonly Change[], subject: Change, first: BookingUpdate): IntakeAnswer {
    const context = { policy: shell.policy, now: shell.clock.now() };
    if (saysNothing(subject, first.kind)) return { kind: 'ignored', reason: 'unknown_booking' };
    if (changes.some((change) => isVisible(change, context))) return takenAnswer(changes, subject, context);
    const lost = subject.before !== null && lostToNewer(subject.before.facts, subject.offered);
    return { kind: 'ignored', reason: ignoredBecause(lost) };
  }

  async function load(offered: ReadonlyMap<BookingId, Facts>): PortResult<Found> {
    const recipients = [...offered.values()].flatMap((facts) => Object.keys(facts.people) as RecipientId[]);
    const ids = [...[...offered.keys()].map(bookingRecord), ...new Set(recipients.map(personRecord))];
    const found = await shell.store.find(ids);
    if (found.isErr()) return found;
    return Ok(sortOut(found.value));
  }

  return take;
}

/** What the tries at one delivery have in common. */
interface Tried {
  readonly done: Map<BookingId, Change>;
  /** As each booking was at the first try: a lane may make a move whole before the second. */
  readonly first: Map<BookingId, BookingRecord | null>;
}

interface Found {
  readonly bookings: ReadonlyMap<BookingId, Loaded<BookingRecord>>;
  readonly erasures: readonly Erasure[];
}

function sortOut(found: readonly Stored[]): Found {
  const bookings = found.filter(({ kind }) => kind === 'booking').map(readBooking);
  return {
    bookings: new Map(bookings.map((loaded) => [loaded.value.id, loaded])),
    erasures: erasuresAmong(found),
  };
}

/** One booking's change: what is known joined with what is offered, and with the erasures of the people in it. */
function step(
  id: BookingId,
  offered: Facts,
  { bookings, erasures }: Found,
  context: { readonly policy: Shell['policy']; readonly now: Instant },
): { readonly change: Change; readonly over: Stored | null } {
  const loaded = bookings.get(id) ?? null;
  const known = loaded?.value ?? null;
  const joined = erasures
    .filter(({ recipient }) => offered.people[recipient])
    .map(({ recipient, erasedAt }) => ({
      ...nothingKnown,
      people: { [recipient]: { ...personUnknown, erasedAt } },
    }))
    .reduce(join, join(known?.facts ?? nothingKnown, offered));
  const record = withUselessSkipped(known, { id, facts: joined, ledger: known?.ledger ?? {} }, context);
  return { change: { before: known, after: record, offered }, over: loaded?.stored ?? null };
}
