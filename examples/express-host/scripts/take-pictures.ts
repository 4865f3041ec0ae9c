// Takes the pictures of the demonstration's page, in light and dark, wide and narrow, into docs/pictures.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { type Demonstration, openDemonstration } from '../src/demo/open-demonstration.ts';
import { openBrowser, pictureFile, type Shade, shades } from './picture.ts';

const wide = { width: 1280, height: 1200 };
const narrow = { width: 390, height: 1500 };

const folder = await mkdtemp(join(tmpdir(), 'precall-pictures-'));
const browser = await openBrowser();
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
  const watched = await open(baseUrl, { size: wide, shade: 'light' });
  await story.book();
  await watched.locator('#call > .reminders .is-sent').nth(1).waitFor();
  for (const shade of shades) {
    await take('demonstration', { size: wide, shade });
    await take('demonstration-narrow', { size: narrow, shade });
  }
  await watched.getByRole('button', { name: 'Move it' }).click();
  await watched.getByRole('heading', { name: 'Before it was moved' }).waitFor();
  await watched.locator('#call > .reminders .is-sent').first().waitFor();
  await watched.getByRole('button', { name: 'Take the CRM away' }).click();
  await watched.getByRole('button', { name: 'Cancel it' }).click();
  await watched.locator('.chip.is-cancelled').waitFor();
  await take('demonstration-cancelled', { size: wide, shade: 'light' });

  /** The frame with the mail is painted by a process of its own, a little later than the page. */
  async function take(name: string, look: Look): Promise<void> {
    const page = await open(baseUrl, look);
    await page.waitForTimeout(400);
    await page.screenshot({ path: pictureFile(name, look.shade) });
    await page.close();
  }
}

interface Look {
  readonly size: { readonly width: number; readonly height: number };
  readonly shade: Shade;
}

async function open(baseUrl: string, { size, shade }: Look): Promise<Page> {
  const page = await browser.newPage({ viewport: size, colorScheme: shade });
  await page.goto(baseUrl);
  return page;
}
