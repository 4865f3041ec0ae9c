// Moments and lengths as people say them. English.
import { remembered } from './remembered.ts';
import type { Instant } from './temporal.ts';

export interface SpokenTime {
  /** Such as `Thursday, December 3, 2026`. */
  readonly date: string;
  /** Such as `4:00 PM`. */
  readonly time: string;
  /** Such as `Central European Standard Time (Europe/Berlin, GMT+1)`: the offset is the one at that moment. */
  readonly zone: string;
}

/** How clocks and calendars in `timeZone` show a moment. English locales write it their way, others get `en`. */
export function spokenTime(moment: Instant, timeZone: string, locale: string): SpokenTime {
  const language = /^en-[A-Z]{2}$/i.test(locale) ? locale : 'en';
  const { date, time, longZone, shortOffset } = voices(`${language} ${timeZone}`);
  const ms = moment.epochMilliseconds;
  // A minus sign, since lines are broken after a hyphen.
  const offset = zoneIn(shortOffset.format(ms)).replace('-', '\u2212');
  const name = zoneIn(longZone.format(ms));
  // Zones without a name of their own are called by their offset.
  const zone = /^(?:GMT|UTC)/.test(name) ? `${timeZone} (${offset})` : `${name} (${timeZone}, ${offset})`;
  return { date: plainBlanks(date.format(ms)), time: plainBlanks(time.format(ms)), zone };
}

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

/** What follows the year. */
function zoneIn(text: string): string {
  return plainBlanks(text).replace(/^[^,]*, /, '');
}

/** The narrow blank before AM and PM is a box in some mail programs. */
function plainBlanks(text: string): string {
  return text.replace(/\p{Z}/gu, ' ');
}

/** How far away `then` is, such as `in 2 hours`; null when it is not ahead. */
export function remaining(now: Instant, then: Instant): string | null {
  const seconds = (then.epochMilliseconds - now.epochMilliseconds) / 1000;
  if (seconds <= 0) return null;
  if (seconds < 45) return 'in a few seconds';
  // To five minutes once it is over an hour: a mail that leaves a little late still says `2 hours`.
  const minutes = seconds < 3600 ? Math.max(1, Math.round(seconds / 60)) : 5 * Math.round(seconds / 300);
  if (minutes < 60) return `in ${counted(minutes, 'minute')}`;
  if (minutes < 6 * 60) {
    const rest = minutes % 60;
    const hours = counted(Math.floor(minutes / 60), 'hour');
    return rest ? `in ${hours} and ${counted(rest, 'minute')}` : `in ${hours}`;
  }
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `in ${counted(hours, 'hour')}` : `in ${counted(Math.round(hours / 24), 'day')}`;
}

function counted(count: number, unit: string): string {
  return count === 1 ? `1 ${unit}` : `${count} ${unit}s`;
}
