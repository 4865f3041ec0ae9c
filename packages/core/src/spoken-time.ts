// Moments as people say them, in the languages of the default reminder, and lengths in the units in which they count.
import { invariant } from './invariant.ts';
import { remembered } from './remembered.ts';
import type { Instant } from './temporal.ts';

export interface SpokenTime {
  /** Such as `Thursday, December 3, 2026`, or `jeudi 3 décembre 2026`. */
  readonly date: string;
  /** Such as `4:00 PM`. */
  readonly time: string;
  /** Such as `Central European Standard Time (Europe/Berlin, GMT+1)`: the offset is the one at that moment. */
  readonly zone: string;
}

/** How clocks and calendars in `timeZone` show a moment, written the way the locale does; locales of other languages get `en`. */
export function spokenTime(moment: Instant, timeZone: string, locale: string): SpokenTime {
  return spoken(`${languageOf(locale)} ${timeZone} ${moment.epochMilliseconds}`);
}

/** The hour and minute alone. */
export function spokenClock(moment: Instant, timeZone: string, locale: string): string {
  return plainBlanks(voices(`${languageOf(locale)} ${timeZone}`).time.format(moment.epochMilliseconds));
}

function languageOf(locale: string): string {
  return /^(?:en|fr|de|es)(?:-(?:[A-Z]{2}|419))?$/i.test(locale) ? locale : 'en';
}

/** By language, zone and moment: calls begin at the same hours, and their mails go out together. */
const spoken = remembered(1_000, (asked: string): SpokenTime => {
  const [language = '', timeZone = '', at] = asked.split(' ');
  const ms = Number(at);
  const { date, time, longZone, shortOffset } = voices(`${language} ${timeZone}`);
  // A minus sign, since lines are broken after a hyphen.
  const offset = zoneIn(shortOffset, ms).replace('-', '\u2212');
  const name = zoneIn(longZone, ms);
  // UTC is its own offset; zones without a name of their own are called by theirs.
  const where = timeZone === 'UTC' ? timeZone : `${timeZone}, ${offset}`;
  const zone = /^(?:GMT|UTC)/.test(name) ? `${timeZone} (${offset})` : `${name} (${where})`;
  return { date: plainBlanks(date.format(ms)), time: plainBlanks(time.format(ms)), zone };
});

/** By language and zone: to make one of these costs a thousand times what it costs to use it. */
const voices = remembered(100, (name: string) => {
  const [language, timeZone] = name.split(' ');
  const voice = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat(language, { timeZone, ...options });
  return {
    date: voice({ dateStyle: 'full' }),
    time: voice({ timeStyle: 'short' }),
    longZone: voice({ year: 'numeric', timeZoneName: 'long' }),
    shortOffset: voice({ year: 'numeric', timeZoneName: 'shortOffset' }),
  };
});

function zoneIn(voice: Intl.DateTimeFormat, ms: number): string {
  const part = voice.formatToParts(ms).find(({ type }) => type === 'timeZoneName');
  invariant(part, 'a format that names the zone has a part that does');
  return plainBlanks(part.value);
}

/** The narrow blank before AM and PM is a box in some mail programs. */
function plainBlanks(text: string): string {
  return text.replace(/\p{Z}/gu, ' ');
}

export type Unit = 'minute' | 'hour' | 'day';
/** In at most two units, the larger first; empty: a few seconds. */
export type Remaining = readonly (readonly [count: number, unit: Unit])[];

/** How far away `then` is; null when it is not ahead. */
export function remaining(now: Instant, then: Instant): Remaining | null {
  const seconds = (then.epochMilliseconds - now.epochMilliseconds) / 1000;
  if (seconds <= 0) return null;
  if (seconds < 45) return [];
  // To five minutes once it is over an hour: a mail that leaves a little late still says `2 hours`.
  const minutes = seconds < 3600 ? Math.max(1, Math.round(seconds / 60)) : 5 * Math.round(seconds / 300);
  if (minutes < 60) return [[minutes, 'minute']];
  if (minutes < 6 * 60) {
    const rest = minutes % 60;
    const hours = [Math.floor(minutes / 60), 'hour'] as const;
    return rest ? [hours, [rest, 'minute']] : [hours];
  }
  const hours = Math.round(minutes / 60);
  return hours < 48 ? [[hours, 'hour']] : [[Math.round(hours / 24), 'day']];
}
