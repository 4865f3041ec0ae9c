// The oracle's eye on the CRM: one write about a person at a time, no mark for what was never sent, and no call before
// the moment that it asked for.
import type { CrmWatch } from './crm-system.ts';
import type { Oracle } from './oracle.ts';
import { checkFields } from './structure.ts';
import type { Timeline } from './timeline.ts';
import type { Weather } from './weather.ts';
import type { Worker } from './worker.ts';

/** Well within the lease of a write, which lasts three minutes. */
const surelyLeasedMs = 100_000;

export interface WatchedCrm extends CrmWatch {
  died(worker: Worker): void;
  /** Addresses of which some write was refused for good. */
  readonly refusedFor: ReadonlySet<string>;
}

export function watchCrm({
  oracle,
  timeline,
  weather,
}: {
  readonly oracle: Oracle;
  readonly timeline: Timeline;
  readonly weather: Weather;
}): WatchedCrm {
  const writers = new Map<string, { readonly worker: Worker; readonly sinceMs: number }>();
  const refusedFor = new Set<string>();
  const patience = new Map<Worker, number>();
  return {
    refusedFor,
    called(worker) {
      if (worker.nowMs() < (patience.get(worker) ?? -Infinity) && weather.clocks !== 'set')
        oracle.violate(16, 'the CRM is called before the moment that it asked for');
    },
    askedForPatience: (worker, forMs) =>
      void patience.set(worker, Math.max(patience.get(worker) ?? 0, worker.nowMs() + forMs)),
    wrote: (fields) => checkFields(fields, oracle.violate),
    began(worker, email) {
      const other = writers.get(email);
      const isLeased = other && timeline.nowMs() - other.sinceMs < surelyLeasedMs;
      // Clocks that disagree by more than a lease can make two hold one.
      if (isLeased && other.worker !== worker && weather.clocks !== 'set') {
        oracle.violate(17, 'two writes to the CRM about one person at a time');
      }
      writers.set(email, { worker, sinceMs: timeline.nowMs() });
    },
    ended(worker, email) {
      if (writers.get(email)?.worker === worker) writers.delete(email);
    },
    marked(email, rule, atMs) {
      const wasSent = [...oracle.claims().values()].some(
        (one) =>
          one.email === email &&
          one.attempt.at === atMs &&
          one.key.includes(`|${rule}|`) &&
          oracle.sent().has(one.key),
      );
      if (!wasSent) oracle.violate(17, `${rule} is marked as sent to somebody who never got it then`);
    },
    refused: (email) => void refusedFor.add(email),
    died(worker) {
      for (const [email, writer] of writers) if (writer.worker === worker) writers.delete(email);
    },
  };
}
