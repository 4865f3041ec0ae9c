// Names and moments as a person reads them in a trace.
import { reminderName } from './records.ts';

/** Without the recipient: a name that a person can read in a trace. */
export function shown(key: string): string {
  const { uid, startMs, rule } = reminderName(key);
  return `${uid}/${rule} (start ${iso(startMs)})`;
}

export function iso(ms: number): string {
  return Number.isFinite(ms) ? new Date(ms).toISOString() : 'never';
}
