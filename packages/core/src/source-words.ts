// What every source needs to put a webhook into Precall's words: an update that says nothing yet, and the words of strangers
// made fit to be kept.
import { remembered } from './remembered.ts';
import { Temporal } from './temporal.ts';
import type { BookingUpdate } from './update.ts';

/** An update that says nothing yet: a source puts over it what was said. */
export const nothingSaid = {
  saidAt: null,
  time: null,
  place: null,
  host: null,
  about: null,
  seated: false,
  attendees: [],
  needsConfirmation: false,
  by: 'unknown',
  moving: false,
  replaces: null,
  noShows: [],
} as const satisfies Partial<BookingUpdate>;

/** Whether this is one word of printable ASCII, as a key or token in a header is; a variable that is not set is none. */
export function isToken(given: unknown): given is string {
  return typeof given === 'string' && /^[\x21-\x7e]+$/.test(given);
}

/** On one line and well-formed; null when nothing is left. `longest` in UTF-16 units; no character is cut in two. */
export function plainText(written: string | null | undefined, longest: number): string | null {
  if (!written) return null;
  const line = written
    .replace(/\p{Cs}/gu, '\uFFFD')
    .replace(/[\p{Cc}\u2028\u2029]/gu, ' ')
    .trim();
  return line.slice(0, longest).replace(/[\uD800-\uDBFF]$/, '') || null;
}

const longestAddress = 254;

/** Whether it is one address, without blanks around it, that cannot smuggle a second one or a line break into a mail. */
export function isAddress(email: string): boolean {
  if (email.length > longestAddress || /[\s\p{Cc}\p{Cs}]/u.test(email)) return false;
  const sides = email.split('@');
  return sides.length === 2 && !sides.includes('');
}

/** The name of a zone that is known here, else null. Some runtimes take an offset for a zone; it says nothing about summer time. */
export function knownZone(name: string | null | undefined): string | null {
  return name && /^[A-Za-z][\w+/-]{0,63}$/.test(name) && isZone(name) ? name : null;
}

const someMoment = Temporal.Instant.fromEpochMilliseconds(0);

const isZone = remembered(600, (name: string): boolean => {
  try {
    someMoment.toZonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
});
