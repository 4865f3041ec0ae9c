// Whether this Node knows the zones' present rules: reminders and dates at the wrong hour are the price of old ones.
import type { SchemaFault } from '@precall/core';

/** Paraguay stays at -03:00 since October 2024 (tz 2025a); older data has it at -04:00 in the winter after. */
const recentRule = { zone: 'America/Asuncion', at: new Date('2025-07-01T12:00:00Z'), offset: 'GMT-03:00' };
const cure =
  'Use a newer Node, whose releases bring new zone data, or give it some by --icu-data-dir or NODE_ICU_DATA.';

/** `rule` is for tests. */
export function zoneFaults(rule: typeof recentRule = recentRule): readonly SchemaFault[] {
  const said = offsetIn(rule.zone, rule.at);
  if (said === rule.offset) return [];
  const fault =
    said === null
      ? `It does not know the zone ${rule.zone}.`
      : `Its data is out of date: it has ${rule.zone} at ${said} on ${rule.at.toISOString().slice(0, 10)}, not at ${rule.offset}.`;
  return [{ where: `Node ${process.version}, tz ${process.versions.tz ?? 'unknown'}`, fault, cure }];
}

function offsetIn(timeZone: string, at: Date): string | null {
  try {
    const parts = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }).formatToParts(at);
    return parts.find(({ type }) => type === 'timeZoneName')?.value ?? null;
  } catch {
    return null;
  }
}
