// Every page a person sees, in a real browser: axe-core finds nothing serious on it, in light and dark, on a telephone and
// on a desk; and the operator's pages can be used from the keyboard alone, without a script.
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultReminder, type MailFacts, Temporal } from '@precall/core';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PlayedWeek, showPlayedWeek } from '../scripts/played-week.ts';
import { openDemonstration } from '../src/demo/open-demonstration.ts';

const executablePath = process.env.CHROMIUM || '/usr/bin/chromium';
const hasBrowser = existsSync(executablePath);
const because = hasBrowser ? '' : ' (skipped: no Chromium; set CHROMIUM, or apt-get install chromium)';

const desk = { width: 1280, height: 900 };
const telephone = { width: 375, height: 800 };
/** What is dark differs by its colours alone: there only they are looked at. */
const ofColours = { runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] } };
const looks = [
  { colorScheme: 'light', viewport: desk, rules: {} },
  { colorScheme: 'dark', viewport: desk, rules: ofColours },
  { colorScheme: 'light', viewport: telephone, rules: {} },
  { colorScheme: 'dark', viewport: telephone, rules: ofColours },
] as const;

const operatorPages = [
  '/operator',
  '/operator?did=replay',
  '/operator/bookings',
  '/operator/bookings?q=example&status=agreed',
  '/operator/bookings?q=nobody',
  '/operator/bookings/calcom%3Aana-1',
  '/operator/bookings/calcom%3Aana-2',
  '/operator/bookings/calcom%3Aben-1',
  '/operator/bookings/calcom%3Aemma-1?refused=already_sent',
  '/operator/bookings/calcom%3Ahugo-1?did=replan',
  '/operator/bookings/calcom%3Anobody',
  '/operator/policy',
  '/operator/policy?start=never',
  '/operator/outcomes',
];

describe.skipIf(!hasBrowser)(`in a browser${because}`, { timeout: 120_000 }, () => {
  let browser: Browser;
  let week: PlayedWeek;
  let page: Page;
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
    });
    week = await showPlayedWeek();
    const context = await browser.newContext({ bypassCSP: true });
    page = await context.newPage();
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await week.stop();
  });

  /** Opens it, and looks at it in every look; details are opened, so that what they hold is looked at, too. */
  async function faultsOf(open: (page: Page) => Promise<unknown>): Promise<readonly string[]> {
    const found: string[] = [];
    await open(page);
    await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true");
    await page.evaluate(axe.source);
    for (const { colorScheme, viewport, rules } of looks) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize(viewport);
      const width = await page.evaluate<number>('document.documentElement.scrollWidth');
      if (width > viewport.width) found.push(`${colorScheme}: ${width} wide`);
      const options = { iframes: false, resultTypes: ['violations'], ...rules };
      const { violations } = await page.evaluate<axe.AxeResults>(
        `axe.run(document, ${JSON.stringify(options)})`,
      );
      for (const { impact, id, nodes } of violations)
        if (impact === 'serious' || impact === 'critical')
          found.push(`${colorScheme} ${viewport.width}: ${id} ${nodes[0]?.html}`);
    }
    return found;
  }

  it('finds a planted fault', async () => {
    const pale = '@media (prefers-color-scheme: dark) { p { color: #777; background: #666 } }';
    const faults = await faultsOf((one) =>
      one.setContent(`<html lang="en"><title>t</title><style>${pale}</style><input><img src=""><p>Words</p>`),
    );
    for (const width of [1280, 375]) {
      expect(faults.join()).toContain(`light ${width}: label <input>`);
      expect(faults.join()).toContain(`dark ${width}: color-contrast <p>`);
      expect(faults.join()).not.toContain(`light ${width}: color-contrast`);
    }
  });

  it.each(operatorPages)('%s has no serious fault', async (path) => {
    expect(await faultsOf((page) => page.goto(`${week.baseUrl}${path}`))).toEqual([]);
  });

  it('the outcomes of calls, and a call that somebody did not come to, have no serious fault', async () => {
    const played = await showPlayedWeek();
    try {
      await played.playToTheEnd();
      for (const path of ['/operator/outcomes', '/operator/bookings/calcom%3Achloe-1', '/operator'])
        expect(await faultsOf((page) => page.goto(`${played.baseUrl}${path}`))).toEqual([]);
    } finally {
      await played.stop();
    }
  });

  it('the pages behind the links in a mail, before and after they act, have no serious fault', async () => {
    const links = week.mailer.sent.flatMap(({ message }) => message.text.match(/\/link\/\S+/g) ?? []);
    expect(links.length).toBeGreaterThan(5);
    const [attend = '', stop = ''] = links.slice(-2);
    for (const path of [attend, stop, links[0], '/link/none']) {
      expect(await faultsOf((page) => page.goto(`${week.baseUrl}${path}`))).toEqual([]);
    }
    for (const path of [attend, stop]) {
      await page.goto(`${week.baseUrl}${path}`);
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.getByRole('button').waitFor({ state: 'detached' });
      expect(await faultsOf((other) => other.goto(`${week.baseUrl}${path}`))).toEqual([]);
    }
  });

  it('the default mails have no serious fault, whatever the place and the language', async () => {
    const startAt = Temporal.Instant.from('2026-12-03T15:00:00Z');
    const link = { kind: 'link', url: 'https://meet.google.com/abc-defg-hij' } as const;
    const mails: readonly Pick<MailFacts, 'locale' | 'place'>[] = [
      ...['en', 'fr', 'de', 'es'].map((locale) => ({ locale, place: link })),
      { locale: 'en', place: { kind: 'link', url: 'https://elsewhere.example/room' } },
      { locale: 'en', place: { kind: 'phone', number: '+33 1 99 00 00 00' } },
      { locale: 'en', place: { kind: 'none' } },
    ];
    for (const mail of mails) {
      const { html } = defaultReminder.render(factsOf({ startAt, ...mail }));
      expect(await faultsOf((page) => page.setContent(html))).toEqual([]);
    }
  });

  it('the demonstration has no serious fault, while a call is on, when it is off, and while the CRM is away', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'precall-axe-'));
    const opened = await openDemonstration({ folder, port: 0, print: () => {}, troubles: 'shown' });
    const demonstration = opened.expect('the demonstration opens');
    const look = () => faultsOf((page) => page.goto(demonstration.baseUrl));
    try {
      expect(await look()).toEqual([]);
      await demonstration.story.book();
      expect(await look()).toEqual([]);
      await demonstration.story.cancel();
      expect(await look()).toEqual([]);
    } finally {
      await demonstration.stop();
      await rm(folder, { recursive: true });
    }
  });
});

describe.skipIf(!hasBrowser)(
  `from the keyboard alone, without a script${because}`,
  { timeout: 120_000 },
  () => {
    let browser: Browser;
    let week: PlayedWeek;
    let page: Page;
    beforeAll(async () => {
      browser = await chromium.launch({
        executablePath,
        args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
      });
      week = await showPlayedWeek();
      const context = await browser.newContext({ javaScriptEnabled: false, viewport: desk });
      page = await context.newPage();
    }, 60_000);
    afterAll(async () => {
      await browser.close();
      await week.stop();
    });
    const booking = '/operator/bookings/calcom%3Ahugo-1';

    /** Presses Tab until that has the focus. */
    async function tabTo(role: 'button' | 'link' | 'checkbox' | 'searchbox', name: string): Promise<void> {
      const wanted = page.getByRole(role, { name, exact: true });
      for (let presses = 0; presses < 80; presses += 1) {
        await page.keyboard.press('Tab');
        if (await wanted.evaluate((one) => one === one.ownerDocument.activeElement)) return;
      }
      throw new Error(`Tab does not reach ${name}`);
    }

    it.each(['/operator', '/operator/bookings', booking, '/operator/policy'])(
      '%s: Tab reaches everything that can be used, in its order, and one sees where it is',
      async (path) => {
        await page.goto(`${week.baseUrl}${path}`);
        const all = await page.evaluate<number>(`window.usable = [...document.querySelectorAll(
        'a[href], button, input:not([type=hidden]), select, summary, [tabindex="0"]')]
        .filter((one) => one.checkVisibility()); usable.length`);
        expect(all).toBeGreaterThan(4);
        for (let index = 0; index < all; index += 1) {
          await page.keyboard.press('Tab');
          const seen = await page.evaluate<{ index: number; outline: string; visible: boolean }>(`(() => {
          const one = document.activeElement;
          const { outlineStyle, outlineWidth } = getComputedStyle(one);
          const { top, left, width, height } = one.getBoundingClientRect();
          const visible = width > 0 && height > 0 && top >= 0 && left >= 0 && top < innerHeight && left < innerWidth;
          return { index: usable.indexOf(one), outline: outlineStyle + ' ' + outlineWidth, visible };
        })()`);
          // A date-and-time field has a stop for each of its parts.
          if (seen.index === index - 1 && path.endsWith('policy')) index -= 1;
          else expect(seen).toEqual({ index, outline: 'solid 3px', visible: true });
        }
      },
    );

    it('the first stop leads past the head', async () => {
      await page.goto(`${week.baseUrl}${booking}`);
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.keyboard.press('Tab');
      const isInMain = await page.evaluate("document.querySelector('main').contains(document.activeElement)");
      expect(isInMain).toBe(true);
    });

    it('has its landmarks, and one heading of each section', async () => {
      await page.goto(`${week.baseUrl}${booking}`);
      for (const role of ['banner', 'navigation', 'main', 'contentinfo'] as const)
        expect(await page.getByRole(role).count(), role).toBe(1);
      expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
      const regions = await page.getByRole('region').all();
      expect(regions.length).toBeGreaterThan(4);
      for (const region of regions) expect(await region.getByRole('heading').count()).toBeGreaterThan(0);
    });

    it.each([
      ['Send 24h now: Hugo Example', 'The reminder was sent.'],
      ['Drop 2h: Hugo Example', 'The reminder was dropped.'],
      ['Plan again', 'The plan was derived again.'],
      ['Write CRM and calendar again', 'The CRM is written again, and the calendar where one is kept.'],
      ['Stop all mails: Hugo Example', 'Nothing is sent to this address or number any more.'],
      ['Allow mails again: Hugo Example', 'Messages go to this address or number again.'],
    ])('%s', async (name, answer) => {
      await page.goto(`${week.baseUrl}${booking}`);
      await tabTo('button', name);
      await page.keyboard.press('Enter');
      await page.getByRole('status').getByText(answer).waitFor();
    });

    it('finds a booking, opens it, and erases its person only after a tick', async () => {
      await page.goto(`${week.baseUrl}/operator/bookings`);
      await tabTo('searchbox', 'Part of a name, an address or a uid, or a short hash');
      await page.keyboard.type('grace');
      await page.keyboard.press('Enter');
      await page.waitForURL(/q=grace/);
      await tabTo('link', 'Grace Example');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: /Grace Example/ }).waitFor();
      const erase = page.getByText('Erase Grace Example', { exact: true });
      for (let presses = 0; presses < 80; presses += 1) {
        await page.keyboard.press('Tab');
        if (await erase.evaluate((one) => one === one.ownerDocument.activeElement)) break;
      }
      await page.keyboard.press('Enter');
      await tabTo('checkbox', 'Yes, erase Grace Example');
      await page.keyboard.press('Space');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.getByRole('status').getByText('This person was erased.').waitFor();
    });

    it.each(['/operator', booking])('%s: no two buttons have the same name', async (path) => {
      await page.goto(`${week.baseUrl}${path}`);
      const names = await page.evaluate<string[]>(
        "[...document.querySelectorAll('button')].map((one) => one.ariaLabel ?? one.textContent)",
      );
      expect(new Set(names).size).toBe(names.length);
    });

    it('takes a webhook in again from the overview', async () => {
      await page.goto(`${week.baseUrl}/operator`);
      await tabTo('button', 'Take in again: 2026-11-26T14:00:00Z');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').getByText('The webhook is still not understood.').waitFor();
    });
  },
);

/** A reminder with everything in it that the default text can say. */
function factsOf(said: Pick<MailFacts, 'startAt' | 'locale' | 'place'>): MailFacts {
  const { startAt, place } = said;
  return {
    ...said,
    rule: '24h',
    endAt: startAt.add({ minutes: 30 }),
    now: startAt.subtract({ hours: 24 }),
    timeZone: 'Europe/Paris',
    firstName: 'Ana',
    name: 'Ana Ruiz',
    segment: null,
    responses: {},
    host: { name: 'Jane Doe', timeZone: 'America/New_York' },
    about: { title: 'Strategy session', eventType: null },
    placeIsTrusted: place?.kind === 'link' && place.url.startsWith('https://meet.google.com/'),
    links: { move: 'https://cal.com/reschedule/u1', cancel: 'https://cal.com/booking/u1?cancel=true' },
    answers: { attend: 'https://calls.example.com/link/a', stop: 'https://calls.example.com/link/s' },
  };
}
