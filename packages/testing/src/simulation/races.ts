// Sees the races that nobody arranged, so that the table can say how often they really happened.
import type { Stored } from '@precall/core';
import type { Heard } from './heard.ts';
import type { Oracle } from './oracle.ts';
import { keptBooking } from './records.ts';
import type { Emission } from './source.ts';
import type { Tally } from './tally.ts';

/** What a webhook meets when it is heard, before it is counted among the heard. */
export function countHeard(
  { update }: Emission,
  { heard, tally }: { readonly heard: Heard; readonly tally: Tally },
): void {
  const { kind, uid, replaces } = update;
  const known = uid === null ? [] : heard.words(uid);
  const isAbout = (one: string) => (words: (typeof known)[number]) => words.word.update.uid === one;
  if (kind === 'cancelled' && known.length === 0) tally.count('cancellation comes before its booking');
  if (replaces && replaces.uid !== uid && !heard.words(replaces.uid).some(isAbout(replaces.uid))) {
    tally.count('move comes before its booking');
  }
  if (kind === 'paid' && known.every(({ word }) => word.update.kind !== 'agreed')) {
    tally.count('paid overtakes created');
  }
}

/** A write that came too late: it may have been a claim of what another worker had just claimed. */
export function countConflict(
  wanted: Stored | null,
  there: Stored | null,
  { oracle, tally }: { readonly oracle: Oracle; readonly tally: Tally },
): void {
  const mine = keptBooking(wanted)?.ledger ?? {};
  const theirs = keptBooking(there)?.ledger ?? {};
  const isRace = Object.entries(mine).some(([key, entry]) => {
    const known = new Set(theirs[key]?.attempts.map(({ id }) => id));
    const isNew = ({ id, outcome }: (typeof entry.attempts)[number]): boolean =>
      outcome === null && !known.has(id) && !oracle.claims().has(id);
    return known.size > 0 && entry.attempts.some(isNew);
  });
  if (isRace) tally.count('two workers claim the same reminder');
}
