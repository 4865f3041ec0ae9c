// What has happened, line by line: for the terminal and for the page.
import type { Clock, Instant } from '@precall/core';

export interface JournalEntry {
  readonly at: Instant;
  readonly text: string;
}

export interface Journal {
  say(text: string): void;
  /** Newest first, the newest 40. */
  entries(): readonly JournalEntry[];
}

const kept = 40;

export function createJournal({
  clock,
  print,
}: {
  readonly clock: Pick<Clock, 'now'>;
  readonly print: (line: string) => void;
}): Journal {
  let entries: readonly JournalEntry[] = [];
  return {
    say(text) {
      const at = clock.now();
      entries = [{ at, text }, ...entries].slice(0, kept);
      print(`${timeOfDay(at)}  ${text}`);
    },
    entries: () => entries,
  };
}

/** Such as `14:05:09`, in UTC: the zone of the sample's guest. */
export function timeOfDay(moment: Instant): string {
  return moment.toZonedDateTimeISO('UTC').toPlainTime().toString({ smallestUnit: 'second' });
}
