// When the scheduler is asked to ring: at the earliest moment at which some record needs somebody to look.
import type { Clock, Scheduler, Store } from './ports.ts';
import { after, type Instant, isBefore, Temporal } from './temporal.ts';

export interface Ringing {
  /** Asks the store what is next, and the scheduler to ring then. The ring each minute makes up for what fails here. */
  next(lane: 'mail' | 'crm', begunAt: Instant): Promise<void>;
  /** Unless it is to ring before that. */
  at(moment: Instant): Promise<void>;
  /** It rang: what was asked for is done with. */
  rang(): void;
}

const soon = Temporal.Duration.from({ seconds: 1 });

export function createRinging({
  scheduler,
  store,
  clock,
  isStopping,
  idleUntil,
  onMailNext,
}: {
  readonly scheduler: Scheduler | undefined;
  readonly store: Store;
  readonly clock: Clock;
  readonly isStopping: () => boolean;
  /** Until when no mail can leave; null: it can. */
  readonly idleUntil: () => Instant | null;
  /** Hears when the mail lane is next due. */
  readonly onMailNext: (now: Instant, nextAt: Instant | null) => void;
}): Ringing {
  /** The earliest moment the scheduler was asked for and has not rung. */
  let rungFor: Instant | null = null;

  async function next(lane: 'mail' | 'crm', begunAt: Instant): Promise<void> {
    if (!scheduler || isStopping()) return;
    const found = await store.nextDueAt(lane);
    if (found.isErr()) return;
    const now = clock.now();
    if (lane === 'mail') onMailNext(now, found.value);
    if (!found.value) return;
    const idle = lane === 'mail' ? idleUntil() : null;
    const nextAt = idle && isBefore(found.value, idle) ? idle : found.value;
    // What was due before and is due still could not be done now.
    const soonest = isBefore(begunAt, nextAt) ? now : after(now, soon);
    await at(isBefore(soonest, nextAt) ? nextAt : soonest);
  }

  async function at(moment: Instant): Promise<void> {
    if (!scheduler || (rungFor && isBefore(clock.now(), rungFor) && !isBefore(moment, rungFor))) return;
    rungFor = moment;
    await scheduler.ring([moment]);
  }

  return {
    next,
    at,
    rang() {
      rungFor = null;
    },
  };
}
