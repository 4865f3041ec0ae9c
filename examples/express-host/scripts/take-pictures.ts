// Takes the pictures of the demonstration's page, in light and dark, wide and narrow, into docs/pictures.
// Needs a Chromium: CHROMIUM, or /usr/bin/chromium.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { type Demonstration, openDemonstration } from '../src/demo/open-demonstration.ts';

const wide = { width: 1280, height: 900 };
const narrow = { width: 390, height: 1500 };

const pictures = fileURLToPath(new URL('../../../docs/pictures/', import.meta.url));
await mkdir(pictures, { recursive: true });
const folder = await mkdtemp(join(tmpdir(), 'precall-pictures-'));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
});
const opened = await openDemonstration({ folder, port: 0, print: console.log, troubles: 'shown' });
const demonstration = opened.expect('the demonstration opens');
try {
  await takePictures(demonstration);
} finally {
  await browser.close();
  await demonstration.stop();
  await rm(folder, { recursive: true });
}

/** Two of three reminders have arrived; then the call is moved, the CRM goes away, and the call is cancelled. */
async function takePictures({ baseUrl, story }: Demonstration): Promise<void> {
  const watched = await open(baseUrl, { viewport: wide });
  await story.book();
  await watched.locator('#call > .reminders .is-sent').nth(1).waitFor();
  await take('demonstration', await open(baseUrl, { viewport: wide }));
  await take('demonstration-dark', await open(baseUrl, { viewport: wide, colorScheme: 'dark' }));
  await take('demonstration-narrow', await open(baseUrl, { viewport: narrow }));
  await take('demonstration-narrow-dark', await open(baseUrl, { viewport: narrow, colorScheme: 'dark' }));
  await watched.getByRole('button', { name: 'Move it' }).click();
  await watched.getByRole('heading', { name: 'Before it was moved' }).waitFor();
  await watched.locator('#call > .reminders .is-sent').first().waitFor();
  await watched.getByRole('button', { name: 'Take the CRM away' }).click();
  await watched.getByRole('button', { name: 'Cancel it' }).click();
  await watched.locator('.chip.is-cancelled').waitFor();
  await take('demonstration-cancelled', await open(baseUrl, { viewport: wide }));
}

async function open(baseUrl: string, options: BrowserContextOptions): Promise<Page> {
  const page = await browser.newPage(options);
  await page.goto(baseUrl);
  return page;
}

/** The frame with the mail is painted by a process of its own, a little later than the page. */
async function take(name: string, page: Page): Promise<void> {
  await page.waitForTimeout(400);
  await page.screenshot({ path: join(pictures, `${name}.png`) });
  await page.close();
}
