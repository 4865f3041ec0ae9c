// Takes the pictures of the demonstration's page, in light and dark, wide and narrow, into docs/pictures.
// Needs a Chromium: CHROMIUM, or /usr/bin/chromium.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from 'playwright-core';
import { type Demonstration, openDemonstration } from '../src/demo/open-demonstration.ts';

const pictures = fileURLToPath(new URL('../../../docs/pictures/', import.meta.url));
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

/** Two reminders have arrived and the third is to come; then the call is moved and the next first one has arrived. */
async function takePictures({ baseUrl, story }: Demonstration): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.goto(baseUrl);
  await story.book();
  await arrived(page, 2);
  await take(page, 'demonstration');
  await take(page, 'demonstration-dark', { scheme: 'dark' });
  await take(page, 'demonstration-narrow', { width: 390 });
  await take(page, 'demonstration-narrow-dark', { width: 390, scheme: 'dark' });
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.emulateMedia({ colorScheme: 'light' });
  await page.getByRole('button', { name: 'Move it' }).click();
  await page.getByRole('heading', { name: 'Before it was moved' }).waitFor();
  await arrived(page, 1);
  await page.getByRole('button', { name: 'Take the CRM away' }).click();
  await page.getByRole('button', { name: 'Cancel it' }).click();
  await page.getByText('cancelled', { exact: true }).waitFor();
  await take(page, 'demonstration-cancelled');
}

async function arrived(page: Page, count: number): Promise<void> {
  await page.locator('#call > .reminders .is-sent').nth(count - 1).waitFor();
  await page.frameLocator('iframe').getByText('Organizer Name').first().waitFor();
}

async function take(
  page: Page,
  name: string,
  { width = 1280, scheme = 'light' }: { readonly width?: number; readonly scheme?: 'light' | 'dark' } = {},
): Promise<void> {
  await page.setViewportSize({ width, height: 900 });
  await page.emulateMedia({ colorScheme: scheme });
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
}
