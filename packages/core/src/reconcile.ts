// Making up for webhooks that were lost: every few minutes the source is asked what changed since the last look, and
// what it tells is joined in as any update is. Nothing waits for it, and what the source does not show proves nothing.
import type { BookingSource, BookingSourceApi, PortError, PortResult, Slice } from './ports.ts';
import type { Receive } from './receive.ts';
import { type KeptState, type LookState, loadState, neverLooked, saveState } from './reconcile-state.ts';
import { createReread } from './reread.ts';
import { Err, Ok } from './result.ts';
import type { Shell } from './shell.ts';
import {
  after,
  before,
  type Duration,
  earliest,
  type Instant,
  isBefore,
  milliseconds,
  Temporal,
} from './temporal.ts';
import type { BookingUpdate } from './update.ts';
import { within } from './within.ts';

/** How often the source is asked, and how much of it. */
export interface ReconcileOptions {
  /** From one look to the next; 5 minutes unless said otherwise. */
  readonly every?: Duration;
  /**
   * How many bookings a minute are read again in the minutes before one of their reminders falls due; none unless said
   * otherwise. A reminder never waits for it.
   */
  readonly rereads?: number;
}

export interface Reconcile {
  /** Does what is due of it, one at a time; gives whether anything changed that a person could see. Never rejects. */
  run(): Promise<boolean>;
  /** When the last look began that saw everything; null: not known in this process. */
  lookedAt(): Instant | null;
  /** Takes nothing in any more, and resolves when what is being taken in is saved. */
  stop(): Promise<void>;
}

const defaults = { every: Temporal.Duration.from({ minutes: 5 }), rereads: 0 };
/** A look goes back a little before the last one: clocks differ, and a webhook precedes what it speaks of. */
const overlap = Temporal.Duration.from({ minutes: 10 });
/** How far the first look goes back: as far as anything is kept. */
const firstReach = Temporal.Duration.from({ hours: 24 * 400 });
const pageSize = 100;
const answerLimit = Temporal.Duration.from({ seconds: 30 });
/** One process looks at a time, and says so again while it does. */
const lease = Temporal.Duration.from({ minutes: 3 });
const renewAhead = Temporal.Duration.from({ minutes: 2 });
/** What takes longer is broken off and begun again. */
const longestLook = Temporal.Duration.from({ minutes: 10 });
/** A wish to wait for no longer is waited for within the look. */
const patience = Temporal.Duration.from({ minutes: 2 });
const tryAgain = Temporal.Duration.from({ minutes: 1 });
/** An outage that lasts longer is something a person should know of. */
const awayTooLong = Temporal.Duration.from({ minutes: 15 });

export function createReconcile(
  shell: Shell,
  {
    source,
    api,
    intake,
    options = {},
  }: {
    readonly source: BookingSource;
    readonly api: BookingSourceApi;
    readonly intake: Pick<Receive, 'takeFetched'>;
    readonly options?: ReconcileOptions;
  },
): Reconcile {
  const { store, clock } = shell;
  const { every, rereads } = { ...defaults, ...options };
  const limits = { clock, limit: answerLimit, who: 'the booking source' };
  const reread = createReread(shell, { source, api, limits, atOnce: rereads, take });
  let running: Promise<boolean> | null = null;
  let taking: Promise<unknown> = Promise.resolve();
  let stopped = false;
  let endWait: () => void = () => undefined;
  /** Null: at once, since this process has not looked yet. */
  let nextLookAt: Instant | null = null;
  /** While the look is ours to make. */
  let held: KeptState | null = null;
  let seenUntil: Instant | null = null;

  async function runOnce(): Promise<boolean> {
    const changedByLook = await lookIfDue();
    const changedByReading = stopped ? false : await reread();
    return changedByLook || changedByReading;
  }

  async function lookIfDue(): Promise<boolean> {
    const startedAt = clock.now();
    if (stopped || (nextLookAt && isBefore(startedAt, nextLookAt))) return false;
    const lastAt = await claim(startedAt);
    if (!held) return false;
    const looked = await look(lastAt, startedAt);
    const concluded = conclude(looked.isOk() ? null : looked.error, startedAt);
    taking = concluded;
    await concluded;
    return looked.isOk() && looked.value;
  }

  /** Holds the look when it is ours to make. Gives the moment of the one before. */
  async function claim(now: Instant): Promise<Instant | null> {
    const found = await loadState(store);
    const firstOfProcess = nextLookAt === null;
    nextLookAt = after(now, tryAgain);
    if (found.isErr()) return null;
    const { state } = found.value;
    if (state.leaseUntil && isBefore(now, state.leaseUntil)) return null;
    seenUntil = state.lookedAt;
    // A clock that was ahead and has been set back must not hide what changes now.
    const lastAt = state.lookedAt && earliest(state.lookedAt, now);
    const again = lastAt && after(lastAt, every);
    if (!firstOfProcess && again && isBefore(now, again)) {
      nextLookAt = again;
      return null;
    }
    await hold(found.value, { ...state, leaseUntil: after(now, lease) });
    return lastAt;
  }

  async function look(lookedAt: Instant | null, startedAt: Instant): PortResult<boolean> {
    const since = lookedAt ? before(lookedAt, overlap) : before(startedAt, firstReach);
    // What is over by the first look was never ours.
    const isOurs = ({ time }: BookingUpdate) => lookedAt !== null || !time || isBefore(startedAt, time.endAt);
    let cursor: string | null = null;
    let changed = false;
    do {
      const page: Awaited<PortResult<Slice<BookingUpdate>>> = await pageOf(since, cursor, startedAt);
      if (page.isErr()) return page;
      for (const update of page.value.items.filter(isOurs)) {
        const taken = await take(update);
        if (taken.isErr()) return taken;
        changed ||= taken.value;
      }
      cursor = page.value.next;
    } while (cursor !== null);
    return Ok(changed);
  }

  /** Waits where the source asks for a little patience. */
  async function pageOf(
    since: Instant,
    cursor: string | null,
    startedAt: Instant,
  ): PortResult<Slice<BookingUpdate>> {
    for (;;) {
      if (isBefore(after(startedAt, longestLook), clock.now()) || !(await stillHeld())) return unfinished;
      const page = await within(limits, api.changedSince(since, { limit: pageSize, cursor }));
      const wait = page.isErr() && page.error.kind === 'unavailable' ? page.error.retryAfter : undefined;
      if (!wait || milliseconds(wait) > milliseconds(patience)) return page;
      await waitFor(wait);
    }
  }

  async function stillHeld(): Promise<boolean> {
    const now = clock.now();
    const leaseUntil = held?.state.leaseUntil;
    if (held && leaseUntil && isBefore(leaseUntil, after(now, renewAhead))) {
      await hold(held, { ...held.state, leaseUntil: after(now, lease) });
    }
    return held !== null && !stopped;
  }

  async function hold({ revision }: KeptState, state: LookState): Promise<void> {
    held = await saveState(shell, state, revision);
  }

  function waitFor(length: Duration): Promise<void> {
    return new Promise((resolve) => {
      const cancel = clock.at(after(clock.now(), length), resolve);
      endWait = () => {
        cancel();
        resolve();
      };
    });
  }

  /** Whether it changed anything that a person could see. One that cannot be taken in stands in nobody's way. */
  async function take(update: BookingUpdate): PortResult<boolean> {
    if (stopped) return unfinished;
    const taken = intake.takeFetched(update).catch((cause: unknown) => {
      const name = cause instanceof Error ? cause.message : 'something that is not an error was thrown';
      const sentence = `What the booking source tells of a booking could not be taken in: ${name}`;
      shell.trouble({ kind: 'record_failed', booking: null, sentence });
      return Ok('unchanged' as const);
    });
    taking = taken;
    return (await taken).map((outcome) => outcome === 'changed');
  }

  async function conclude(error: PortError | null, startedAt: Instant): Promise<void> {
    const kept = held;
    held = null;
    if (!kept) return;
    const now = clock.now();
    const { state, revision } = kept;
    if (!error) {
      nextLookAt = after(startedAt, every);
      if (await saveState(shell, { ...neverLooked, lookedAt: startedAt }, revision)) seenUntil = startedAt;
      return;
    }
    const wish = error.kind === 'unavailable' && error.retryAfter;
    nextLookAt = after(now, wish && milliseconds(wish) > milliseconds(tryAgain) ? wish : tryAgain);
    const failing = { ...state, leaseUntil: null, failingAt: state.failingAt ?? startedAt };
    const tell = !state.toldAt && shouldBeTold(error, { failingAt: failing.failingAt, now });
    const saved = await saveState(shell, { ...failing, toldAt: tell ? now : state.toldAt }, revision);
    if (!saved || !tell) return;
    const sentence = `Bookings cannot be compared with their source, so lost webhooks are not made up for: ${error.reason}`;
    shell.trouble({ kind: 'source_away', booking: null, sentence });
  }

  return {
    run() {
      running ??= runOnce().finally(() => {
        running = null;
      });
      return running;
    },
    lookedAt: () => seenUntil,
    async stop() {
      stopped = true;
      endWait();
      await taking;
      const kept = held;
      held = null;
      if (kept) await saveState(shell, { ...kept.state, leaseUntil: null }, kept.revision);
    },
  };
}

const unfinished = Err<PortError>({ kind: 'unavailable', reason: 'the look took too long or was stopped' });

/** What can never succeed at once; what may yet, after a while. */
export function shouldBeTold(
  error: PortError,
  { failingAt, now }: { readonly failingAt: Instant; readonly now: Instant },
): boolean {
  return error.kind === 'rejected' || !isBefore(now, after(failingAt, awayTooLong));
}
