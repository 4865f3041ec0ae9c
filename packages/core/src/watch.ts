// Signs that something is wrong though nothing fails: silence, strangers at the door, reminders that lie about. Kept in
// this process only; each is told once until it is over.
import type { IntakeAnswer } from './answer.ts';
import { after, type Instant, isBefore, Temporal } from './temporal.ts';
import type { Trouble } from './trouble.ts';

export interface Watch {
  /** How one webhook was answered. */
  answered(kind: IntakeAnswer['kind'], at: Instant): void;
  /** To be asked now and then; `nextMailAt` is the earliest due moment in the mail lane. */
  look(now: Instant, nextMailAt: Instant | null): void;
  /** The last authentic webhook that was answered; null: none yet. */
  heardAt(): Instant | null;
}

/** So many webhooks make a habit. */
const heardEnough = 10;
const heardKept = 50;
const forgedRun = 10;
const lateAfter = Temporal.Duration.from({ minutes: 10 });
const shortestSilenceMs = 24 * 3_600_000;

export function createWatch(tell: (trouble: Trouble) => void): Watch {
  let heard: readonly Instant[] = [];
  let forged = 0;
  let isSilenceTold = false;
  let isLatenessTold = false;

  return {
    answered(kind, at) {
      if (kind === 'forged') {
        forged += 1;
        if (forged === forgedRun) tell({ kind: 'bad_signatures', booking: null, sentence: sentences.forged });
        return;
      }
      if (kind === 'too_large' || kind === 'away') return;
      forged = 0;
      isSilenceTold = false;
      heard = [...heard, at].slice(-heardKept);
    },
    look(now, nextMailAt) {
      const silent = isSilent(heard, now);
      if (silent && !isSilenceTold)
        tell({ kind: 'webhooks_silent', booking: null, sentence: sentences.silent });
      isSilenceTold ||= silent;
      const late = nextMailAt !== null && isBefore(after(nextMailAt, lateAfter), now);
      if (late && !isLatenessTold) tell({ kind: 'reminders_late', booking: null, sentence: sentences.late });
      isLatenessTold = late;
    },
    heardAt: () => heard.at(-1) ?? null,
  };
}

/** Over a day, and over twice the longest pause there was before; with too few webhooks nobody can say. */
export function isSilent(heard: readonly Instant[], now: Instant): boolean {
  const last = heard.at(-1);
  if (!last || heard.length < heardEnough) return false;
  const gaps = heard.map((at, index) => at.epochMilliseconds - (heard[index - 1] ?? at).epochMilliseconds);
  return now.epochMilliseconds - last.epochMilliseconds > Math.max(shortestSilenceMs, 2 * Math.max(...gaps));
}

const sentences = {
  forged:
    'Ten webhooks in a row were wrongly signed: the secret here and the one set at the source may differ.',
  silent: 'No webhook has come for unusually long: the webhook may be switched off at the source.',
  late: 'Reminders have been due for over ten minutes and are not being sent.',
};
