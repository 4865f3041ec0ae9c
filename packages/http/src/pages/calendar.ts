// What goes out today and in the week, drawn. The same stands in words below, so it is hidden from screen readers.
import { type Html, html, type UpcomingReminder } from '@precall/core';
import type { Asked } from './frame.ts';

const dayMs = 86_400_000;

/** The next 24 hours as a line, from now on. */
export function drawToday(upcoming: readonly UpcomingReminder[], { now, moments }: Asked): Html {
  const fromMs = now.epochMilliseconds;
  const place = (ms: number): string =>
    `${(8 + (84 * Math.min(dayMs, Math.max(0, ms - fromMs))) / dayMs).toFixed(2)}%`;
  const due = upcoming.filter(({ dueAt }) => dueAt.epochMilliseconds - fromMs < dayMs);
  const hours = [0, 6, 12, 18, 24].map((hour) => now.add({ hours: hour }));
  return html`<div class="drawn"><p class="note">In the next 24 hours: ${due.length}</p><svg width="100%" height="62" aria-hidden="true" focusable="false">
<line class="rail" x1="8%" x2="92%" y1="24" y2="24"/>
${hours.map((hour) => html`<text x="${place(hour.epochMilliseconds)}" y="52">${moments.time(hour)}</text>`)}
${due.map(({ dueAt }) => html`<svg class="is-planned" x="${place(dueAt.epochMilliseconds)}" y="24" overflow="visible"><circle class="dot" r="8"/></svg>`)}
</svg></div>`;
}

/** Seven days as bars, today first, by the operator's calendar. */
export function drawWeek(upcoming: readonly UpcomingReminder[], { now, moments }: Asked): Html {
  const days = Array.from({ length: 7 }, (_, n) => now.add({ hours: 24 * n }));
  const counts = days.map(
    (day) => upcoming.filter(({ dueAt }) => moments.date(dueAt) === moments.date(day)).length,
  );
  const most = Math.max(1, ...counts);
  return html`<div class="drawn"><p class="note">In seven days: ${counts.reduce((sum, count) => sum + count, 0)}</p><svg width="100%" height="124" aria-hidden="true" focusable="false">
${days.map((day, n) => {
  const count = counts[n] ?? 0;
  const height = Math.round((56 * count) / most);
  const middle = `${((n + 0.5) * 100) / 7}%`;
  return html`<svg x="${middle}" y="80" overflow="visible"><rect class="bar" x="-16" y="${-height}" width="32" height="${Math.max(height, 1)}" rx="3"/><text class="name" y="${-height - 6}">${count}</text><text y="18">${moments.weekday(day)}</text><text y="34">${moments.day(day)}</text></svg>`;
})}
</svg></div>`;
}
