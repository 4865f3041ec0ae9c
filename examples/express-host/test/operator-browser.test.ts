// The operator's pages in a real browser with JavaScript: they stay fresh, and disturb nobody who uses them.
import { existsSync } from 'node:fs';
import { Temporal } from '@precall/core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type PlayedWeek, showPlayedWeek } from '../scripts/played-week.ts';

const executablePath = process.env.CHROMIUM || '/usr/bin/chromium';
const hasBrowser = existsSync(executablePath);
const because = hasBrowser ? '' : ' (skipped: no Chromium; set CHROMIUM, or apt-get install chromium)';

describe.skipIf(!hasBrowser)(`the operator's pages in a browser${because}`, { timeout: 60_000 }, () => {
  let browser: Browser;
  let week: PlayedWeek;
  let page: Page;
  const complaints: string[] = [];
  const asked: string[] = [];
  const booking = '/operator/bookings/calcom%3Agrace-1';

  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
    });
    week = await showPlayedWeek();
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await week.stop();
  });
  /** The browser's clock is moved by hand. */
  beforeEach(async () => {
    await page?.close();
    page = await browser.newPage({ viewport: { width: 1280, height: 500 } });
    await page.clock.install();
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  });
  const tenSeconds = () => page.clock.fastForward(10_000);

  it('shows within ten seconds what changed, and keeps focus, scroll and what is unfolded', async () => {
    await page.goto(`${week.baseUrl}${booking}?did=replan`);
    await page.evaluate("document.body.setAttribute('data-untouched', '')");
    await page.locator('#reminders ~ ul details summary').last().click();
    const stop = page.getByRole('button', { name: 'Stop all mails: Grace Example' });
    await stop.focus();
    await page.evaluate('scrollTo(0, 300)');
    const [first] = await plannedOf('grace@example.com');
    await week.precall.desk.drop(first.booking, { key: first.key, by: 'somebody else' });
    await tenSeconds();
    await page.getByText('By somebody else.').waitFor();
    expect(await page.locator('details[open]').count()).toBe(1);
    expect(await stop.evaluate((one) => one === one.ownerDocument.activeElement)).toBe(true);
    expect(await page.evaluate('scrollY')).toBe(300);
    expect(await page.locator('body[data-untouched]').count()).toBe(1);
  });

  it('gives the focus of a button that is gone to its section', async () => {
    await page.goto(`${week.baseUrl}${booking}`);
    const [first] = await plannedOf('grace@example.com');
    await page.getByRole('button', { name: `Drop ${first.rule}: Grace Example` }).focus();
    await week.precall.desk.drop(first.booking, { key: first.key, by: 'somebody else' });
    await tenSeconds();
    const section = page.locator('section[aria-labelledby="reminders"]');
    await expect.poll(() => section.evaluate((one) => one === one.ownerDocument.activeElement)).toBe(true);
  });

  it('leaves alone a section in which something is ticked', async () => {
    await page.goto(`${week.baseUrl}${booking}`);
    await page.getByText('Erase Grace Example', { exact: true }).click();
    await page.getByRole('checkbox', { name: 'Yes, erase Grace Example' }).check();
    await week.precall.desk.suppress('grace@example.com', { by: 'a third' });
    await tenSeconds();
    await page.getByText('By a third.').waitFor();
    expect(await page.getByRole('checkbox', { name: 'Yes, erase Grace Example' }).isChecked()).toBe(true);
  });

  it('keeps the overview fresh, and asks nothing while nobody can see it', async () => {
    await page.goto(`${week.baseUrl}/operator`);
    const asOf = () => page.getByRole('contentinfo').textContent();
    const before = await asOf();
    await setHidden(true);
    asked.length = 0;
    await week.clock.advance(Temporal.Duration.from({ minutes: 3 }));
    await tenSeconds();
    await tenSeconds();
    expect(asked).toEqual([]);
    await setHidden(false);
    await expect.poll(asOf).not.toBe(before);
    expect(asked).toEqual(['/operator']);
  });

  it('stays as it is while the server is away', async () => {
    await page.goto(`${week.baseUrl}/operator`);
    await page.route('**/operator', (route) => route.fulfill({ status: 503, body: 'away' }));
    await tenSeconds();
    await expect.poll(() => asked.at(-1)).toBe('/operator');
    expect(await page.getByRole('heading', { name: 'What goes out next' }).count()).toBe(1);
    complaints.splice(
      complaints.findIndex((text) => text.includes('503')),
      1,
    );
  });

  it('breaks none of its own rules', () => {
    expect(complaints).toEqual([]);
  });

  async function setHidden(isHidden: boolean): Promise<void> {
    await page.evaluate(`Object.defineProperty(document, 'hidden', { value: ${isHidden}, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'))`);
  }

  async function plannedOf(email: string) {
    const found = await week.precall.bookings({ email, page: { limit: 1, cursor: null } });
    const planned = found
      .unwrap()
      .items.flatMap(({ id, reminders }) =>
        reminders
          .filter(({ state }) => state === 'planned')
          .map(({ key, rule }) => ({ booking: id, key, rule })),
      );
    const [first, ...rest] = planned;
    if (!first) throw new Error(`nothing is planned for ${email}`);
    return [first, ...rest] as const;
  }
});
