// The oracle's eye on answers: what a worker heard the end of, and had time to write down, is in doubt no more.
import type { KeptAttempt } from './records.ts';
import type { Worker } from './worker.ts';

/** A worker that lives on for so long, with a store that is there, writes down what it heard. */
const timeToWriteMs = 45_000;

export interface AnswerWatch {
  /** A worker heard that a message was taken. */
  heardOk(worker: Worker, attemptId: string): void;
  died(worker: Worker): void;
  /** It stands still until then. */
  paused(worker: Worker, untilMs: number): void;
  /** Whether this attempt was accepted, its worker heard so, and it counts as something else though there was time. */
  isMissed(attempt: KeptAttempt): boolean;
}

export function watchAnswers({
  nowMs,
  isStoreAway,
  isForgiven,
}: {
  readonly nowMs: () => number;
  readonly isStoreAway: (ms: number) => boolean;
  /** Of what was heard before the store was restored it knows nothing. */
  readonly isForgiven: (ms: number) => boolean;
}): AnswerWatch {
  const oks = new Map<string, { readonly worker: Worker; readonly ms: number }>();
  const deaths = new Map<Worker, number>();
  const pauses = new Map<Worker, number>();
  return {
    heardOk: (worker, attemptId) => void oks.set(attemptId, { worker, ms: nowMs() }),
    died: (worker) => void deaths.set(worker, nowMs()),
    paused: (worker, untilMs) => void pauses.set(worker, Math.max(untilMs, pauses.get(worker) ?? 0)),
    isMissed({ id, outcome }) {
      const ok = oks.get(id);
      if (!ok || outcome === 'accepted' || nowMs() < ok.ms + timeToWriteMs || isForgiven(ok.ms)) return false;
      const couldNot =
        (deaths.get(ok.worker) ?? Infinity) < ok.ms + timeToWriteMs ||
        (pauses.get(ok.worker) ?? -Infinity) > ok.ms - timeToWriteMs ||
        [0, 15_000, 30_000, timeToWriteMs].some((ms) => isStoreAway(ok.ms + ms));
      return !couldNot;
    },
  };
}
