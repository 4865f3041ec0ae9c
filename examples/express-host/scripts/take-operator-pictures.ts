// Takes the pictures of the operator's pages and of the page behind a link in a mail, in light and dark, wide and narrow,
// into docs/pictures: a week of bookings as a host would show it.
// Needs a Chromium: CHROMIUM, or /usr/bin/chromium.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { type PlayedWeek, showPlayedWeek } from './played-week.ts';

const week = await showPlayedWeek();
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
});
try {
  await takePictures(browser, week);
} finally {
  await browser.close();
  await week.stop();
}

async function takePictures(browser: Browser, { baseUrl, mailer, playToTheEnd }: PlayedWeek): Promise<void> {
  const folder = fileURLToPath(new URL('../../../docs/pictures/', import.meta.url));
  await mkdir(folder, { recursive: true });
  const link = /\/link\/\S+/.exec(mailer.sent.at(-1)?.message.text ?? '')?.[0] ?? '/link/none';
  await takeAll([
    ['operator', '/operator'],
    ['operator-bookings', '/operator/bookings?q=example'],
    ['operator-booking', '/operator/bookings/calcom%3Ahugo-1'],
    ['operator-booking-cancelled', '/operator/bookings/calcom%3Aben-1'],
    ['operator-policy', '/operator/policy?start=2026-12-03T15:00&agreed=2026-12-01T10:00&zone=Europe/Berlin'],
    ['link', link],
  ]);
  await playToTheEnd();
  await takeAll([
    ['operator-outcomes', '/operator/outcomes'],
    ['operator-booking-no-show', '/operator/bookings/calcom%3Achloe-1'],
  ]);

  async function takeAll(pages: readonly (readonly [name: string, path: string])[]): Promise<void> {
    for (const [name, path] of pages)
      for (const colorScheme of ['light', 'dark'] as const)
        for (const size of ['', '-narrow'] as const) {
          const viewport = size === '' ? { width: 1280, height: 900 } : { width: 390, height: 844 };
          const context = await browser.newContext({ viewport, colorScheme, javaScriptEnabled: false });
          const page = await context.newPage();
          await page.goto(`${baseUrl}${path}`);
          const shade = colorScheme === 'dark' ? '-dark' : '';
          await page.screenshot({ path: join(folder, `${name}${size}${shade}.png`), fullPage: true });
          await context.close();
        }
  }
}
