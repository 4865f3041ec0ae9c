// Takes pictures of the default mail on a phone, in light and dark, in each language, into docs/pictures.
// Needs a Chromium: CHROMIUM, or /usr/bin/chromium.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultReminder, Temporal } from '@precall/core';
import { chromium } from 'playwright-core';

const folder = fileURLToPath(new URL('../../../docs/pictures/', import.meta.url));
await mkdir(folder, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
});
try {
  for (const language of ['en', 'fr', 'de', 'es']) {
    for (const colorScheme of ['light', 'dark'] as const) {
      const viewport = { width: 375, height: 600 };
      const context = await browser.newContext({ viewport, colorScheme, javaScriptEnabled: false });
      const page = await context.newPage();
      await page.setContent(mailIn(language));
      const shade = colorScheme === 'dark' ? '-dark' : '';
      await page.screenshot({ path: join(folder, `mail-${language}${shade}.png`), fullPage: true });
      await context.close();
    }
  }
} finally {
  await browser.close();
}

function mailIn(locale: string): string {
  const startAt = Temporal.Instant.from('2026-12-03T15:00:00Z');
  return defaultReminder.render({
    rule: '24h',
    startAt,
    endAt: startAt.add({ minutes: 30 }),
    now: startAt.subtract({ hours: 24 }),
    timeZone: 'America/Toronto',
    locale,
    firstName: 'Ada',
    name: 'Ada Example',
    host: { name: 'Grace Example', timeZone: 'Europe/Paris' },
    about: { title: 'Diagnostic call', eventType: null },
    place: { kind: 'link', url: 'https://meet.google.com/abc-defg-hij' },
    placeIsTrusted: true,
    links: { move: 'https://cal.com/reschedule/u1', cancel: 'https://cal.com/booking/u1?cancel=true' },
    segment: null,
    responses: {},
    answers: { attend: 'https://calls.example.com/link/a', stop: 'https://calls.example.com/link/s' },
  }).html;
}
