// Google Calendar, by environment.
import { readFileSync } from 'node:fs';
import { readBaseUrl, refuseWithout, shown, type VariableReading } from './variable-reading.ts';

/** A calendar at Google's, and who writes it. */
export interface GoogleCalendarSettings {
  readonly calendarId: string;
  /** The text of the service account's JSON key. */
  readonly key: string;
  /** As `Policy.namesInCalendar`. */
  readonly names: boolean;
  /** Null: Google's own. */
  readonly baseUrl: string | null;
}

const others = ['GOOGLE_SERVICE_ACCOUNT_FILE', 'GOOGLE_CALENDAR_NAMES', 'GOOGLE_CALENDAR_BASE_URL'];

/** Every variable that is looked at here. */
export const googleVariables: readonly string[] = ['GOOGLE_CALENDAR_ID', ...others];

/** Null: no calendar is kept. No sentence repeats the key. */
export function readGoogleCalendarSettings(reading: VariableReading): GoogleCalendarSettings | null {
  const { value, fault } = reading;
  const calendarId = value('GOOGLE_CALENDAR_ID');
  if (calendarId === null) {
    const meaning = "the id of a Google calendar, from the calendar's settings";
    refuseWithout(reading, { name: 'GOOGLE_CALENDAR_ID', meaning }, others);
    return null;
  }
  const names = value('GOOGLE_CALENDAR_NAMES') ?? 'false';
  if (names !== 'true' && names !== 'false') {
    fault(
      `GOOGLE_CALENDAR_NAMES is ${shown(names)}: give true to have events name who takes part, or leave it out.`,
    );
  }
  return {
    calendarId,
    key: readKey(reading),
    names: names === 'true',
    baseUrl: readBaseUrl(reading, 'GOOGLE_CALENDAR_BASE_URL'),
  };
}

function readKey({ value, fault }: VariableReading): string {
  const name = 'GOOGLE_SERVICE_ACCOUNT_FILE';
  const path = value(name);
  const cure = "give the path of the service account's JSON key";
  if (path === null) {
    fault(`${name} is not set, but GOOGLE_CALENDAR_ID is: ${cure}.`);
    return '';
  }
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'no code';
    fault(
      `${name} is ${shown(path)}, which cannot be read (${code}): ${cure}, a file that this process may read.`,
    );
    return '';
  }
}
