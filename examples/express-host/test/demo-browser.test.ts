// The demonstration's page in a real browser: its buttons, and what changes on it by itself.
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Demonstration, openDemonstration } from '../src/demo/open-demonstration.ts';

const executablePath = process.env.CHROMIUM || '/usr/bin/chromium';
const hasBrowser = existsSync(executablePath);
const title = hasBrowser
  ? 'the page in a browser'
  : 'the page in a browser (skipped: no Chromium; set CHROMIUM, or apt-get install chromium)';

describe.skipIf(!hasBrowser)(title, () => {
  let folder = '';
  let demonstration: Demonstration;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'precall-demo-'));
    const opened = await openDemonstration({ folder, port: 0, print: () => {}, troubles: 'shown' });
    demonstration = opened.expect('the demonstration opens');
    browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
    });
    page = await browser.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(demonstration.baseUrl);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await demonstration.stop();
    await rm(folder, { recursive: true });
  });

  it('books, shows the first reminder as it arrives, and opens its mail, without being loaded again', async () => {
    await page.evaluate("document.body.setAttribute('data-untouched', '')");
    await page.getByRole('button', { name: 'Book a call' }).click();
    await page.getByRole('heading', { name: 'Call with Guest User' }).waitFor();
    expect(await page.locator('.marker.is-planned').count()).toBe(3);
    const counted = await page.getByRole('timer').textContent();
    await expect.poll(() => page.getByRole('timer').textContent(), { timeout: 5_000 }).not.toBe(counted);
    await page.locator('.marker.is-sent').waitFor();
    await page.frameLocator('iframe').getByText('Strategy Session').waitFor();
    expect(await page.getByRole('status').textContent()).toContain('Reminder 72h');
    expect(await page.locator('body[data-untouched]').count()).toBe(1);
  });

  it('moves: the old reminders are struck through, the new ones planned', async () => {
    await page.getByRole('button', { name: 'Move it' }).click();
    await page.getByRole('heading', { name: 'Before it was moved' }).waitFor();
    expect(await page.locator('.earlier .marker.is-dropped .struck').count()).toBe(2);
    expect(await page.locator('#call > .timeline .marker.is-planned').count()).toBe(3);
  });

  it('cancels: nothing is planned any more, and the contact is not booked', async () => {
    await page.getByRole('button', { name: 'Cancel it' }).click();
    await page.locator('.chip.is-cancelled').waitFor();
    expect(await page.locator('.marker.is-planned').count()).toBe(0);
    await page.getByText('Not Booked', { exact: true }).waitFor();
  });

  it('can be used from the keyboard: the focus stays on a button whose words change', async () => {
    await page.getByRole('button', { name: 'Take the CRM away' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('#crm.away').waitFor();
    expect(await page.evaluate('document.activeElement.id')).toBe('crm');
  });

  it('is never wider than a telephone', async () => {
    await page.setViewportSize({ width: 390, height: 800 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
  });

  it('works without a script: a button leads back to the page with what it did', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const still = await context.newPage();
    await still.goto(demonstration.baseUrl);
    await still.getByRole('button', { name: 'Book a call' }).click();
    await still.waitForURL(`${demonstration.baseUrl}/`);
    await still.locator('.chip.is-agreed').waitFor();
    await context.close();
  });

  it('breaks none of its own rules', () => {
    expect(complaints).toEqual([]);
  });
});
