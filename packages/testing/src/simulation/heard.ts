// What was told to Precall, and what of it was answered for. Answered words must be known from then on; words that
// were heard and not answered (a crash, an outage) may be known or not.
import type { PolicySpec } from './policies.ts';
import { type Reading, readingOf, type Word, wordOf } from './reading.ts';
import type { Emission } from './source.ts';

interface HeardWord {
  readonly emission: number;
  readonly word: Word;
  readonly heardMs: number;
  /** Infinity: not answered. */
  answeredMs: number;
}

/** With more words in doubt about one booking than this, its readings are too many to look at. */
const mostInDoubt = 7;

export interface Heard {
  hear(attempt: number, emission: Emission, nowMs: number): void;
  answer(attempt: number, nowMs: number): void;
  /** Every reading of a booking that the answered words allow; null: too many. */
  readings(uid: string, policy: PolicySpec): readonly Reading[] | null;
  /** As of everything that was ever heard, answered or not. */
  fullReading(uid: string, policy: PolicySpec): Reading;
  words(uid: string): readonly HeardWord[];
  uids(): readonly string[];
  /** Emissions that were heard and never answered for. */
  unanswered(): ReadonlySet<number>;
  /** What the booking was last told, and when that was answered. */
  lastAnsweredMs(uid: string): number;
  rollBack(ms: number): void;
}

export function createHeard(): Heard {
  const bookings = new Map<string, Map<string, HeardWord>>();
  const attempts = new Map<number, HeardWord>();
  const wordsOf = (uid: string): readonly HeardWord[] => [...(bookings.get(uid)?.values() ?? [])];

  return {
    hear(attempt, { id, update }, nowMs) {
      const receivedMs = update.receivedAt.epochMilliseconds;
      const word = wordOf(update, receivedMs);
      const key = word.saidMs === null ? `${id}@${receivedMs}` : String(id);
      const uids = [update.uid, update.replaces?.uid].filter((uid) => typeof uid === 'string');
      const known = bookings.get(uids[0] ?? '')?.get(key);
      const heard = known ?? { emission: id, word, heardMs: nowMs, answeredMs: Infinity };
      attempts.set(attempt, heard);
      for (const uid of uids) {
        const words = bookings.get(uid) ?? new Map<string, HeardWord>();
        words.set(key, heard);
        bookings.set(uid, words);
      }
    },
    answer(attempt, nowMs) {
      const heard = attempts.get(attempt);
      if (heard) heard.answeredMs = Math.min(heard.answeredMs, nowMs);
    },
    readings(uid, policy) {
      const words = wordsOf(uid);
      const sure = words.filter(({ answeredMs }) => answeredMs < Infinity).map(({ word }) => word);
      const inDoubt = words.filter(({ answeredMs }) => answeredMs === Infinity).map(({ word }) => word);
      if (inDoubt.length > mostInDoubt) return null;
      const readings: Reading[] = [];
      for (let chosen = 0; chosen < 2 ** inDoubt.length; chosen += 1) {
        const some = inDoubt.filter((_, index) => (chosen >> index) & 1);
        readings.push(readingOf(uid, [...sure, ...some], policy));
      }
      return readings;
    },
    fullReading: (uid, policy) =>
      readingOf(
        uid,
        wordsOf(uid).map(({ word }) => word),
        policy,
      ),
    words: wordsOf,
    uids: () => [...bookings.keys()],
    unanswered() {
      const all = [...bookings.values()].flatMap((words) => [...words.values()]);
      const answered = new Set(
        all.filter(({ answeredMs }) => answeredMs < Infinity).map(({ emission }) => emission),
      );
      return new Set(all.map(({ emission }) => emission).filter((emission) => !answered.has(emission)));
    },
    lastAnsweredMs: (uid) =>
      Math.max(0, ...wordsOf(uid).flatMap(({ answeredMs }) => (answeredMs < Infinity ? [answeredMs] : []))),
    rollBack(ms) {
      for (const words of bookings.values()) {
        for (const [key, heard] of words) {
          if (heard.heardMs > ms) words.delete(key);
          else if (heard.answeredMs > ms) heard.answeredMs = Infinity;
        }
      }
    },
  };
}
