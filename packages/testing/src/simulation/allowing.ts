// What, of all that was told of a booking, allows a claim; and of one that nothing allows, which invariant it breaks.
import type { Heard } from './heard.ts';
import { iso, shown } from './in-words.ts';
import { isForAbsent } from './no-show-watch.ts';
import type { PolicySpec } from './policies.ts';
import type { ReadReminder } from './reading-reminders.ts';
import { channelOf, isText, type KeptAttempt, reminderName } from './records.ts';

/** The places that those readings have in which some reminder of this name passes the test. */
export function allowingOf(
  heard: Heard,
  key: string,
  email: string,
  policy: PolicySpec,
  test: (reminder: ReadReminder) => boolean,
): {
  readonly allowing: readonly string[];
  readonly numbers: readonly string[];
  readonly readings: number;
} {
  const { uid, rule, startMs } = reminderName(key);
  const readings = heard.readings(uid, policy);
  const found = (readings ?? []).flatMap(({ place, reminders }) => {
    const one = reminders.find(
      (some) => some.rule === rule && some.email === email && some.startMs === startMs && test(some),
    );
    return one ? [{ place, number: one.number }] : [];
  });
  return {
    allowing: found.map(({ place }) => place),
    numbers: found.flatMap(({ number }) => number ?? []),
    readings: readings?.length ?? 0,
  };
}

/** The invariant, and a sentence. */
export function whyNot(
  heard: Heard,
  claim: { readonly key: string; readonly email: string; readonly attempt: KeptAttempt },
  policy: PolicySpec,
): [number, string] {
  const { key, email, attempt } = claim;
  const { uid, startMs, rule } = reminderName(key);
  const wanted = allowingOf(heard, key, email, policy, ({ isWanted }) => isWanted);
  if (wanted.allowing.length > 0)
    return [
      isText(attempt) ? 28 : 11,
      `${shown(key)} is claimed at ${iso(attempt.at)} to go by ${channelOf(attempt)}, before its moment or beyond its use`,
    ];
  const readings = heard.readings(uid, policy) ?? [];
  const standings = [...new Set(readings.map(({ standing }) => standing))].join(' or ');
  if (!standings.includes('agreed')) {
    return [
      standings.includes('superseded') ? 6 : 8,
      `${shown(key)} is claimed though the booking is ${standings}`,
    ];
  }
  if (readings.every((reading) => reading.startMs !== startMs))
    return [6, `${shown(key)} is claimed for a start that no longer is`];
  if (readings.every(({ attending }) => !attending.includes(email)))
    return [8, `${shown(key)} is claimed for somebody who left`];
  if (isForAbsent(rule, policy))
    return [27, `${shown(key)} is claimed for somebody of whom nobody says that they did not come`];
  if (isText(attempt)) return [28, `${shown(key)} is claimed for somebody who may not be texted`];
  return [6, `${shown(key)} is claimed though no plan holds it`];
}
