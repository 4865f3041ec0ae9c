// Moments and lengths as the pages say them: in the operator's zone, and how far from now.
import { counted, type Html, html, type Instant } from '@precall/core';

export interface Moments {
  readonly zone: string;
  /** Such as `Thu 3 Dec 2026, 15:00`. */
  exact(moment: Instant): Html;
  /** Such as `Thu 3 Dec, 15:00 (in 3 hours)`. */
  beside(moment: Instant, now: Instant): Html;
  /** Such as `3 Dec` and `15:00`. */
  day(moment: Instant): string;
  time(moment: Instant): string;
  /** Such as `Thu`. */
  weekday(moment: Instant): string;
  /** YYYY-MM-DD. */
  date(moment: Instant): string;
}

/** Throws when `zone` is no IANA name known here. */
export function momentsIn(zone: string): Moments {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  /** Put together here, since how a locale does it changes from one version of Node to the next. */
  const spoken = (moment: Instant) => {
    const found = new Map(
      parts.formatToParts(moment.epochMilliseconds).map(({ type, value }) => [type, value]),
    );
    const of = (type: Intl.DateTimeFormatPartTypes): string => found.get(type) ?? '';
    const [weekday, day, time] = [
      of('weekday'),
      `${of('day')} ${of('month')}`,
      `${of('hour')}:${of('minute')}`,
    ];
    return { weekday, day, time, long: `${weekday} ${day}`, year: of('year') };
  };
  const tagged = (moment: Instant, words: string): Html =>
    html`<time datetime="${moment.toString()}">${words}</time>`;
  return {
    zone,
    exact(moment) {
      const { long, year, time } = spoken(moment);
      return tagged(moment, `${long} ${year}, ${time}`);
    },
    beside(moment, now) {
      const { long, time } = spoken(moment);
      return html`${tagged(moment, `${long}, ${time}`)} <span class="quiet">(${fromNow(moment, now)})</span>`;
    },
    day: (moment) => spoken(moment).day,
    time: (moment) => spoken(moment).time,
    weekday: (moment) => spoken(moment).weekday,
    date: (moment) => moment.toZonedDateTimeISO(zone).toPlainDate().toString(),
  };
}

/** Such as `in 3 hours` or `2 days ago`. */
export function fromNow(moment: Instant, now: Instant): string {
  const seconds = (moment.epochMilliseconds - now.epochMilliseconds) / 1000;
  const far = Math.abs(seconds);
  if (far < 45) return seconds < 0 ? 'just now' : 'in a moment';
  const [count, unit] =
    far < 3_570
      ? [Math.max(1, Math.round(far / 60)), 'minute']
      : far < 36 * 3_600
        ? [Math.round(far / 3_600), 'hour']
        : [Math.round(far / 86_400), 'day'];
  const length = counted(count, unit);
  return seconds < 0 ? `${length} ago` : `in ${length}`;
}
