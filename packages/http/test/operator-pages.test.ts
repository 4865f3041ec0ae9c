// The operator's pages: what they say, whom they are for, and that no name can change what they are made of.
import {
  askWhoCame,
  type BookingUpdate,
  bookingId,
  defaultPolicy,
  Err,
  htmlText,
  Ok,
  type Policy,
  Temporal,
  textContent,
} from '@precall/core';
import { basicAuth, createHttp } from '@precall/http';
import { describe, expect, it } from 'vitest';
import { attributesOf, naughty, shape, wordsOf } from '../../core/test/naughty.ts';
import { headline } from '../src/pages/headline.ts';
import { momentsIn } from '../src/pages/moments.ts';
import { givenDesk, givenPrecall, plainRequest } from './given-precall.ts';
import { createOperatorWorld, update } from './operator-world.ts';

const pages = [
  '/operator',
  '/operator/',
  '/operator/bookings',
  '/operator/bookings?q=example&status=agreed',
  '/operator/bookings/calcom%3Au1',
  '/operator/outcomes',
  '/operator/policy',
  '/operator/policy?start=2026-12-03T15:00&agreed=2026-12-01T15:00&zone=Europe/Berlin',
  '/operator/bookings/calcom%3Anobody',
];

async function booked(said: Parameters<typeof update>[1] = {}, policy = defaultPolicy) {
  const world = await createOperatorWorld({ policy });
  await world.say(update('u1', said));
  const key = async (rule: string): Promise<string> => {
    const { reminders } = await world.booking('u1');
    return reminders.find((one) => one.rule === rule)?.key ?? '';
  };
  const here = '/operator/bookings/calcom%3Au1';
  const read = async (path = here): Promise<string> => (await world.ask(`GET ${path}`)).body;
  return { world, key, here, read };
}

/** The words of the elements of class `headline`, which answer for the booking. */
function headlines(page: string): readonly string[] {
  return [...page.matchAll(/<p class="headline">(.*?)<\/p>/gs)].map(([, inner = '']) =>
    wordsOf(inner).trim(),
  );
}

describe('every page', () => {
  it.each(pages)('%s is not there without an operator, and nobody else sees it', async (path) => {
    const closed = createHttp({ precall: givenPrecall() });
    expect(await closed(plainRequest(`GET ${path}`))).toMatchObject({ status: 404 });
    const authorize = basicAuth({ user: 'operator', password: 'correct horse' });
    const open = createHttp({ precall: givenPrecall(), operator: { authorize } });
    const refused = await open(plainRequest(`GET ${path}`));
    expect(refused?.status).toBe(401);
    expect(refused?.headers['www-authenticate']).toMatch(/^Basic realm=/);
    const headers = { authorization: [`Basic ${btoa('operator:correct horse')}`] };
    expect((await open(plainRequest(`GET ${path}`, { headers })))?.headers['content-type']).toContain(
      'text/html',
    );
  });

  it.each(pages)(
    '%s has one heading, a title, labels, no inline style, and no script but the one of its own',
    async (path) => {
      const { world } = await booked();
      const { body, headers } = await world.ask(`GET ${path}`);
      const elements = shape(body);
      expect(elements.split('(h1 ').length - 1).toBe(1);
      expect(elements).toContain('(title ');
      expect(elements).not.toMatch(/\((style|iframe|object|embed) /);
      const isLive = /^\/operator(\/|\/bookings\/calcom%3Au1)?$/.test(path);
      expect(elements.match(/\(script [^)]*\)/g)).toEqual(isLive ? ['(script src defer)'] : null);
      const scripts = attributesOf(body, 'src');
      expect(scripts.map((src) => new URL(src, `https://here.example/pre${path}`).pathname)).toEqual(
        isLive ? ['/pre/operator/live.js'] : [],
      );
      expect(headers['content-security-policy']?.includes('script-src')).toBe(isLive);
      expect(elements).not.toMatch(/ (style|on[a-z]+)[ )(]/);
      expect(headers['content-security-policy']).toContain("default-src 'none'; style-src 'self'");
      expect(headers['content-security-policy']).not.toContain('unsafe');
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(headers['cache-control']).toBe('no-store');
    },
  );

  it.each(pages)('%s links under any prefix to pages that are there', async (path) => {
    const { world } = await booked();
    const { body } = await world.ask(`GET ${path}`);
    const links = attributesOf(body, 'href').filter((link) => !/^(?:data:|#)/.test(link));
    expect(links.length).toBeGreaterThan(3);
    for (const link of links) {
      expect(link).toMatch(/^\.{1,2}\//);
      const { pathname, search } = new URL(link, `https://here.example/pre/fix${path}`);
      expect(pathname).toMatch(/^\/pre\/fix\/operator/);
      expect((await world.ask(`GET ${pathname.slice('/pre/fix'.length)}${search}`)).status).toBe(200);
    }
  });

  it('keeps its structure whatever people are called', async () => {
    const shapes = async (words: string): Promise<readonly string[]> => {
      const { world, here } = await booked({
        name: words,
        host: { name: words, timeZone: null },
        about: { title: words, eventType: null },
        place: { kind: 'address', text: words },
      });
      await world.at('2026-11-30T15:00:00Z');
      await world.say(update('u1', { kind: 'cancelled' }));
      const shown = [here, '/operator', '/operator/bookings', '/operator/bookings?q=calcom'];
      const bodies = await Promise.all(shown.map((path) => world.ask(`GET ${path}`)));
      return bodies.map(({ body }) => shape(body));
    };
    const expected = await shapes('Ana Ruiz');
    for (const words of naughty.filter((one) => one.trim() !== '').slice(-60))
      expect(await shapes(words)).toEqual(expected);
  }, 60_000);
});

const nextWeek = Temporal.Instant.from('2026-12-10T15:00:00Z');
const anHourBefore = Temporal.Instant.from('2026-12-03T14:00:00Z');

describe('the script of the overview and of a booking', () => {
  it('is at most 60 lines, and is for the operator', async () => {
    const { world } = await booked();
    const { body, headers } = await world.ask('GET /operator/live.js');
    expect(headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(body.split('\n').length).toBeLessThanOrEqual(60);
    const authorize = basicAuth({ user: 'operator', password: 'correct horse' });
    const open = createHttp({ precall: givenPrecall(), operator: { authorize } });
    expect((await open(plainRequest('GET /operator/live.js')))?.status).toBe(401);
  });
});

describe('one booking', () => {
  it('says in its first line what goes out next', async () => {
    const { read } = await booked();
    expect(headlines(await read())).toEqual([
      'Next, the 72h reminder goes to Ana Ruiz: Mon 30 Nov, 15:00 (in 7 days).',
    ]);
  });

  it('says in its first lines that nothing goes out, and why', async () => {
    const { world, read } = await booked();
    await world.at('2026-11-30T15:00:00Z');
    await world.say(update('u1', { kind: 'cancelled' }));
    expect(headlines(await read())).toEqual([
      'The 24h and 2h reminders will not be sent: the call was cancelled.',
      'The 72h reminder was sent, Mon 30 Nov 2026, 15:00.',
      'Nothing more goes out.',
    ]);
  });

  it.each<[string, Partial<BookingUpdate>, string]>([
    ['is not confirmed', { kind: 'requested' }, 'Nothing goes out: the call is not confirmed.'],
    [
      'was agreed too late',
      { saidAt: anHourBefore, receivedAt: anHourBefore },
      'The 72h, 24h and 2h reminders were not sent: the call was agreed too shortly before its start for reminders.',
    ],
  ])('answers for a call that %s', async (_what, said, expected) => {
    const world = await createOperatorWorld();
    if (said.saidAt) await world.clock.advanceTo(said.saidAt);
    await world.say(update('u1', said));
    expect(headlines((await world.ask('GET /operator/bookings/calcom%3Au1')).body)[0]).toBe(expected);
  });

  it('says what was not sent before what goes out next, and where messages are stopped why', async () => {
    const { world, here, key, read } = await booked();
    await world.post(here, { act: 'drop', key: await key('72h') });
    await world.at('2026-12-01T00:00:00Z');
    expect(headlines(await read())).toEqual([
      'The 72h reminder was not sent: an operator dropped this reminder.',
      'Next, the 24h reminder goes to Ana Ruiz: Wed 2 Dec, 15:00 (in 2 days).',
    ]);
    await world.post(here, { act: 'suppress', email: 'u1@example.com' });
    expect(headlines(await read())[1]).toBe(
      'The 24h and 2h reminders will not be sent: from Tue 1 Dec, 00:00 on this person gets no messages: an operator stopped them.',
    );
    expect(wordsOf(await read())).toContain(
      'No mails since Tue 1 Dec 2026, 00:00: an operator stopped them.',
    );
  });

  it('stands in the list with how many messages went out, are to come, and were not sent', async () => {
    const { world, here, key, read } = await booked();
    expect(wordsOf(await read('/operator/bookings'))).toMatch(/0 sent, 3 planned$/m);
    await world.post(here, { act: 'drop', key: await key('24h') });
    await world.at('2026-11-30T15:00:00Z');
    expect(wordsOf(await read('/operator/bookings'))).toContain('1 sent, 1 planned, 1 not sent');
  });

  it('tells of one reason what it kept back already, and what it will keep back', async () => {
    const { world, here, read } = await booked();
    await world.post(here, { act: 'suppress', email: 'u1@example.com' });
    await world.at('2026-12-02T16:00:00Z');
    expect(headlines(await read())).toEqual([
      'The 72h and 24h reminders were not sent, and the 2h reminder will not be: from Mon 23 Nov, 12:00 on this person gets no messages: an operator stopped them.',
      'Nothing more goes out.',
    ]);
    await world.post(here, { act: 'lift', email: 'u1@example.com' });
    await world.post(here, { act: 'suppress', email: 'u1@example.com' });
    expect(headlines(await read())[0]).toMatch(/^The 72h and 24h reminders were not sent: messages to this/);
  });

  it('says that what went out went out, and what became of it', async () => {
    const { world, read } = await booked();
    await world.at('2026-11-30T15:00:00Z');
    await world.at('2026-12-02T15:00:00Z');
    expect(headlines(await read())).toEqual([
      'The 72h and 24h reminders were sent, the last Wed 2 Dec 2026, 15:00.',
      'Next, the 2h reminder goes to Ana Ruiz: Thu 3 Dec, 13:00 (in 22 hours).',
    ]);
    const inspection = (await world.precall.desk.inspect(bookingId('calcom', 'u1'))).unwrap();
    const shown = { moments: momentsIn('UTC'), now: world.clock.now() };
    const reminders = (inspection?.reminders ?? []).map((one) =>
      one.rule === '24h'
        ? { ...one, attempts: one.attempts.map((sent) => ({ ...sent, delivery: 'bounced' as const })) }
        : one,
    );
    const lines = inspection ? headline({ ...inspection, reminders }, shown) : [];
    expect(lines.map((line) => wordsOf(htmlText(line))).slice(0, 2)).toEqual([
      'The 72h reminder was sent, Mon 30 Nov 2026, 15:00.',
      'The 24h reminder was sent and came back from the address, Wed 2 Dec 2026, 15:00.',
    ]);
  });

  it('shows each message, the CRM as written and as wanted, and each decision', async () => {
    const { world, read, here, key } = await booked();
    await world.at('2026-11-30T15:00:01Z');
    const words = wordsOf(await read());
    expect(words).toContain('Your call with Jane Doe starts in 3 days');
    expect(words).toContain('Booking Status');
    expect(words).toContain('Reminder sent. Rule 72h.');
    expect(words).toContain('72h mail sent Mon 30 Nov 2026, 15:00, to Ana Ruiz');
    const mail = await world.ask(`GET ${here}/mail?key=${encodeURIComponent(await key('24h'))}`);
    expect(mail.body).toContain('<html');
    expect(mail.headers['content-security-policy']).toMatch(/^sandbox; default-src 'none'/);
    expect((await world.ask(`GET ${here}/mail?key=none`)).status).toBe(404);
  });
});

describe('text messages', () => {
  const hours = (count: number) => Temporal.Duration.from({ hours: count });
  const words = textContent({ needs: [], render: ({ name }) => `${name}: à demain, ça va` });
  const falling = { name: '24h', when: { before: hours(24) }, fallback: 'sms', textContent: words } as const;
  const texting: Policy = {
    ...defaultPolicy,
    rules: [falling, { name: '2h', when: { before: hours(2) }, channel: 'sms', textContent: words }],
  };
  const number = '+33612345678';
  const textable = { phone: number, consent: { given: true, text: 'May we text you?', source: 'texts' } };
  const said = { attendees: update('u1').attendees.map((one) => ({ ...one, ...textable })) };
  const summaries = (page: string) => [...page.matchAll(/<summary>(The [^<]+)</g)].map(([, words]) => words);
  const ways = (page: string) =>
    [...page.matchAll(/<strong>(\w+)<\/strong> <span class="way">(\w+)</g)].map(
      ([, rule, way]) => `${rule} ${way}`,
    );

  it('show the text that goes where the mail fails, until the mail has left', async () => {
    const { world, read } = await booked(said, { ...texting, rules: [falling] });
    const planned = await read();
    expect(summaries(planned)).toEqual([
      'The message as it would be sent',
      'The text that goes where the mail fails',
    ]);
    expect(wordsOf(planned)).toContain(`to ${number}Ana Ruiz: à demain, ça va`);
    await world.at('2026-12-02T15:00:00Z');
    expect(summaries(await read())).toEqual(['The message, made again from what is known now']);
  });

  it('show a text that was tried in the place of the mail, and not taken', async () => {
    const { world, read } = await booked(said, texting);
    world.mailer.answerNext({ kind: 'rejected', reason: 'no such mailbox' });
    world.texter.answerNext({ kind: 'rejected', reason: 'no such number' });
    await world.at('2026-12-02T15:00:01Z');
    expect(summaries(await read()).slice(0, 2)).toEqual([
      'The message as it would have been sent',
      'The text in the place of the mail',
    ]);
  });

  it('show by which way each reminder goes, and a text with what it weighs', async () => {
    const { world, read } = await booked(said, texting);
    const [here, overview] = [await read(), await read('/operator')];
    expect(wordsOf(overview)).toContain('2h text to Ana Ruiz');
    expect(ways(here)).toEqual(['24h mail', '2h text']);
    expect(ways(overview)).toEqual(['24h mail', '2h text']);
    expect(wordsOf(here)).toContain(`to ${number}Ana Ruiz: à demain, ça va`);
    expect(wordsOf(here)).toContain('1 segment of UCS-2, 25 units');
    await world.at('2026-12-02T15:00:00Z');
    expect(headlines(await read())).toEqual([
      'The 24h reminder was sent, Wed 2 Dec 2026, 15:00.',
      'Next, the 2h reminder goes to Ana Ruiz by text: Thu 3 Dec, 13:00 (in 22 hours).',
    ]);
  });

  it('show the way in which one went that could not go by its own', async () => {
    const { world, read } = await booked(said, texting);
    world.mailer.answerNext({ kind: 'rejected', reason: 'no such mailbox' });
    await world.at('2026-12-02T15:00:01Z');
    const page = await read();
    expect(ways(page)).toEqual(['24h text', '2h text']);
    expect(wordsOf(page)).toMatch(/Tried by mail .{1,40}: refused\s*Tried by text .{1,40}: accepted/);
    expect(summaries(page)).toEqual([
      'The message, made again from what is known now',
      'The mail in whose place the text went',
      'The message as it would be sent',
    ]);
  });

  it('are stopped to a number, which is shown, and allowed again', async () => {
    const { world, here, read } = await booked(said, texting);
    expect(await read()).not.toContain('No texts since');
    expect(await read()).toContain('Stop all texts: Ana Ruiz');
    expect((await world.post(here, { act: 'suppress', email: number })).headers.location).toContain(
      'did=suppress',
    );
    expect(wordsOf(await read())).toContain(`${number}No texts since`);
    expect(await read()).not.toContain('Stop all texts');
    expect((await world.post(here, { act: 'lift', email: number })).headers.location).toContain('did=lift');
    expect(await read()).not.toContain('No texts since');
  });

  it('stand on the policy page with their way and weight', async () => {
    const { read } = await booked(said, texting);
    const page = await read(
      '/operator/policy?start=2026-12-03T15:00&agreed=2026-11-23T10:00&zone=Europe/Paris',
    );
    expect(wordsOf(page)).toContain('24h24 h before the start, by mail or, where that fails, by text');
    expect(wordsOf(page)).toMatch(/As a text: .{0,40}à demain, ça va1 segment of UCS-2/);
    expect(wordsOf(page)).toMatch(/2h2 h before the start, by text.*à demain, ça va1 segment of UCS-2/s);
    expect(wordsOf(page)).toContain('Quiet hours of texts20:30 to 08:00');
  });
});

describe('search', () => {
  it('looks an address up, goes through the rest, and says how far it looked', async () => {
    const { world, read } = await booked();
    await world.say(update('u2', { name: 'Ben Okri' }));
    expect(wordsOf(await read('/operator/bookings?q=okri'))).toContain(
      'Looked at 2 bookings; there are no others.',
    );
    const byAddress = wordsOf(await read('/operator/bookings?q=u2%40example.com'));
    expect(byAddress).toContain('Ben Okri');
    expect(byAddress).not.toContain('Ana Ruiz');
    expect(byAddress).not.toContain('Looked at');
    expect(wordsOf(await read('/operator/bookings?q=nobody'))).toContain('Nothing found.');
    expect(wordsOf(await read('/operator/bookings?status=cancelled'))).toContain('Nothing found.');
  });
});

describe('an act', () => {
  it.each([
    ['another site', { 'sec-fetch-site': ['cross-site'], origin: ['https://evil.example'] }, 403],
    ['another origin', { 'sec-fetch-site': [], origin: ['https://evil.example'] }, 403],
    ['no form', { 'content-type': ['application/json'] }, 415],
  ] as const)('is refused from %s, and changes nothing', async (_who, headers, status) => {
    const { world, here, key } = await booked();
    const refused = await world.post(here, { act: 'drop', key: await key('72h') }, headers);
    expect(refused.status).toBe(status);
    expect((await world.booking('u1')).reminders[0]?.state).toBe('planned');
  });

  it.each([
    [{ act: 'nothing' }],
    [{ act: 'replay', id: 'x' }],
    [{ act: 'suppress', email: '' }],
    [{ act: 'no_show', email: '' }],
    [{ act: 'erase', email: 'u1@example.com' }],
  ])('is none of this page: %j', async (form) => {
    const { world, here } = await booked();
    expect((await world.post(here, form as Record<string, string>)).status).toBe(400);
  });

  it('is done once, leads back to its page, and is in the history with who did it', async () => {
    const world = await createOperatorWorld({ authorize: () => ({ user: 'ada' }) });
    await world.say(update('u1'));
    const here = '/operator/bookings/calcom%3Au1';
    const { reminders } = await world.booking('u1');
    const done = await world.post(here, { act: 'send_now', key: reminders[0]?.key ?? '' });
    expect([done.status, done.headers.location]).toEqual([
      303,
      '../../operator/bookings/calcom%3Au1?did=send_now',
    ]);
    expect(world.mailer.sent).toHaveLength(1);
    const page = wordsOf((await world.ask(`GET ${here}?did=send_now`)).body);
    expect(page).toContain('The reminder was sent.');
    expect(page).toContain('Asked to send a reminder now. Rule 72h. By ada.');
    const again = await world.post(here, { act: 'send_now', key: reminders[0]?.key ?? '' });
    expect(again.headers.location).toContain('?refused=already_sent');
    expect(wordsOf((await world.ask(`GET ${here}?refused=already_sent`)).body)).toContain(
      'Not done: It was sent already.',
    );
  });

  it('says of a reminder that was dropped ahead of its moment when it would have been due', async () => {
    const { world, here, key, read } = await booked();
    await world.post(here, { act: 'drop', key: await key('72h') });
    expect(wordsOf(await read())).toContain('would have been due Mon 30 Nov 2026');
    await world.at('2026-12-01T00:00:00Z');
    expect(wordsOf(await read())).toContain('was due Mon 30 Nov 2026');
  });

  it('says nothing that somebody else put into the address', async () => {
    const { read, here } = await booked();
    for (const words of ['constructor', 'toString', '__proto__', '<b>', 'you are fired']) {
      const asked = await read(
        `${here}?refused=${encodeURIComponent(words)}&did=${encodeURIComponent(words)}`,
      );
      expect(asked).not.toContain('class="answer');
    }
  });

  it.each([
    ['drop', 'Reminder dropped. Rule 72h. An operator dropped this reminder. By operator.'],
    ['replan', 'The plan was derived again. By operator.'],
    ['write_crm', 'Asked to write the CRM again. By operator.'],
    ['suppress', 'Messages to an address or number of this person were stopped. By operator.'],
    ['lift', 'Messages to an address or number of this person were allowed again. By operator.'],
  ])('%s shows in the history', async (act, sentence) => {
    const { world, here, key, read } = await booked();
    const form = { act, key: await key('72h'), email: 'u1@example.com' };
    expect((await world.post(here, form)).headers.location).toContain(`?did=${act}`);
    expect(wordsOf(await read())).toContain(sentence);
  });

  it('lets say of a call that has begun who came and who did not, and of no other', async () => {
    const { world, here, read } = await booked();
    const form = (act: string) => world.post(here, { act, email: 'u1@example.com' });
    const offered = async () => (await read()).match(/They (came|did not come)(?=<)/g);
    expect(await offered()).toBeNull();
    expect((await form('no_show')).headers.location).toContain('?refused=not_begun');
    await world.at('2026-12-03T15:40:00Z');
    expect(await offered()).toEqual(['They came', 'They did not come']);
    expect((await form('no_show')).headers.location).toContain('?did=no_show');
    expect(wordsOf(await read())).toContain('It became known that somebody did not come. By operator.');
    expect(await offered()).toEqual(['They came']);
    expect(headlines(await read())[0]).toBe('Ana Ruiz did not come.');
    await form('came');
    expect(wordsOf(await read())).toContain('came, Europe/Paris');
    expect(wordsOf(await read())).toContain('It was said that somebody came after all. By operator.');
    await world.say(update('u1', { kind: 'cancelled', saidAt: world.clock.now() }));
    expect(await offered()).toBeNull();
  });

  it('offers nothing about somebody who moved away, or where no start is known', async () => {
    const world = await createOperatorWorld();
    const seats = { seated: true };
    await world.say(update('s1', { ...seats, email: 'a@example.com' }));
    await world.say(update('s1', { ...seats, email: 'b@example.com' }));
    await world.say(
      update('s1', {
        ...seats,
        kind: 'cancelled',
        email: 'a@example.com',
        saidAt: world.clock.now().add({ seconds: 1 }),
      }),
    );
    await world.at('2026-12-03T15:40:00Z');
    const { body } = await world.ask('GET /operator/bookings/calcom%3As1');
    expect(String(body).match(/They (came|did not come)(?=<)/g)).toHaveLength(2);
  });

  it('shows what became of calls, as a page, a table and JSON, and nobody’s name', async () => {
    const { world } = await booked();
    const none = wordsOf(String((await world.ask('GET /operator/outcomes')).body));
    expect(none).toContain('No call has come to its end yet.');
    for (const moment of ['2026-11-30T15:00:00Z', '2026-12-03T13:00:00Z', '2026-12-03T16:30:00Z'])
      await world.at(moment);
    const page = wordsOf(String((await world.ask('GET /operator/outcomes')).body));
    expect(page).toContain('72h mailover 7 days100 % (21 % to 100 %; 1 of 1)10000');
    expect(page).not.toContain('Segment');
    expect(page).not.toMatch(/Ana|@/);
    const csv = await world.ask('GET /operator/outcomes.csv');
    expect(csv.headers['content-disposition']).toBe('attachment; filename="outcomes.csv"');
    expect(csv.body).toContain('72h,,mail,over 7 days,,1,0,0,0,0');
    const json = await world.ask('GET /operator/api/outcomes');
    expect(JSON.parse(String(json.body))).toMatchObject({ bookings: expect.any(Number), isAll: true });
  });

  it('compares two texts of a rule in words, and says so where the store does not answer', async () => {
    const lead = 'over 7 days' as const;
    const row = (text: 'a' | 'b', held: number, missed: number) => ({
      rule: '2h',
      text,
      channel: 'mail' as const,
      lead,
      segment: 'URGENT' as string | null,
      counts: { held, no_show: missed, cancelled_late: 0, cancelled: 0, moved: 0 },
    });
    const shown = async (rows: readonly ReturnType<typeof row>[]) => {
      const counted = { rows, bookings: 9, unreadable: 2, isAll: false };
      const desk = givenDesk({ outcomes: async () => Ok(counted) });
      const http = createHttp({ precall: givenPrecall({ desk }), operator: { authorize: () => 'yes' } });
      return wordsOf(String((await http(plainRequest('GET /operator/outcomes')))?.body));
    };
    const clear = await shown([row('a', 480, 320), row('b', 560, 140)]);
    expect(clear).toContain('2h mail text aover 7 days60 % (57 % to 63 %; 480 of 800)480320000URGENT');
    expect(clear).toContain('The difference is 20 points (15 to 24): more than chance.');
    expect(clear).toContain('To show such a difference takes 82 calls with each text.');
    expect(clear).toContain('the 9 bookings that changed last, but for 2 that cannot be read');
    const even = await shown([row('a', 5, 5), row('b', 5, 5), { ...row('a', 0, 0), segment: null }]);
    expect(even).toContain('no more than chance may make.');
    expect(even).not.toContain('To show such');
    expect(await shown([row('a', 0, 0), row('b', 1, 9)])).toContain('text a none yet');
    expect(await shown([row('b', 1, 99), row('a', 99, 1)])).toContain('more than chance.');
    const desk = givenDesk({ outcomes: async () => Err({ kind: 'unavailable', reason: 'away' }) });
    const http = createHttp({ precall: givenPrecall({ desk }), operator: { authorize: () => 'yes' } });
    for (const path of ['/operator/outcomes', '/operator/api/outcomes'])
      expect((await http(plainRequest(`GET ${path}`)))?.status).toBe(503);
  });

  it('lists a booking whose record cannot be read as that, without a way into it', async () => {
    const nothing = { startAt: null, endAt: null, agreedAt: null, checkedAt: null, crm: null };
    const none = { replaces: [], replacedBy: [], attendees: [], reminders: [] };
    const view = { id: bookingId('calcom', 'u1'), status: 'unknown', ...nothing, ...none } as const;
    const precall = givenPrecall({
      bookings: async () => Ok({ items: [{ ...view, unreadable: true }], next: null }),
    });
    const http = createHttp({ precall, operator: { authorize: () => 'yes' } });
    const body = String((await http(plainRequest('GET /operator/bookings')))?.body);
    expect(wordsOf(body)).toContain('calcom:u1 Its record cannot be read.');
    expect(body).not.toContain('bookings/calcom');
  });

  it('leads from a trouble about two bookings to both, by their short hashes', async () => {
    const { world, read } = await booked({ email: 'ana@example.com' });
    const again = { startAt: nextWeek, endAt: nextWeek.add({ minutes: 30 }) };
    await world.say(update('u2', { email: 'ana@example.com', time: again }));
    await world.precall.tick();
    const hashes = [...(await read('/operator')).matchAll(/href="\.\/operator\/bookings\?q=(\w+)"/g)].map(
      ([, hash = '']) => hash,
    );
    const found = await Promise.all(hashes.map((hash) => read(`/operator/bookings?q=${hash}`)));
    const uids = found.map((page) => [...page.matchAll(/bookings\/calcom%3A(u\d)/g)].map(([, uid]) => uid));
    expect(uids).toEqual([['u2'], ['u1']]);
    expect(wordsOf(await read('/operator/bookings/calcom%3Au2'))).toContain(`in the log ${hashes[0]}.`);
  });

  it('says of a short hash that is not found how far it looked', async () => {
    const { read } = await booked();
    const none = wordsOf(await read('/operator/bookings?q=0123456789ab'));
    expect(none).toContain('No booking has this short hash');
    expect(wordsOf(await read('/operator/bookings?q=nobody'))).toContain('Nothing found.');
    const search = async () => Ok({ items: [], looked: 1_000, next: 'more' });
    const precall = givenPrecall({ desk: givenDesk({ search }) });
    const http = createHttp({ precall, operator: { authorize: () => 'yes' } });
    const far = await http(plainRequest('GET /operator/bookings?q=0123456789ab'));
    expect(wordsOf(String(far?.body))).toContain('Not among the bookings looked at so far.');
  });

  it('erases only who is sure', async () => {
    const { world, here, read } = await booked();
    const form = { act: 'erase', email: 'u1@example.com', sure: 'yes' };
    expect((await world.post(here, form)).status).toBe(303);
    const page = wordsOf(await read());
    expect((await read()).match(/class="name" y="-18">erased</g)).toHaveLength(1);
    expect(page).not.toContain('u1@example.com');
    expect(page).toContain('Somebody who was erased.');
  });

  it('replays from the overview, and says when there is nothing to replay', async () => {
    const { world } = await booked();
    const gone = await world.post('/operator', { act: 'replay', id: 'none' });
    expect(gone.headers.location).toBe('./operator?refused=no_such_delivery');
  });
});

describe('quiet hours', () => {
  const quietHours = { from: Temporal.PlainTime.from('15:00'), to: Temporal.PlainTime.from('18:00') };
  const rules = ['24h', '2h'].map((name) => ({
    name,
    when: { before: Temporal.Duration.from(`PT${name}`) },
  }));

  it('stand at the reminder that they moved, with the moment it was moved from, and at no other', async () => {
    const { read } = await booked({}, { ...defaultPolicy, rules, quietHours });
    const words = wordsOf(await read());
    expect(words.match(/Quiet hours moved it from [^.]*/g)).toEqual([
      'Quiet hours moved it from Wed 2 Dec 2026, 15:00',
    ]);
  });

  it('stand on the policy page at the rule whose reminder they would move', async () => {
    const { read } = await booked({}, { ...defaultPolicy, rules, quietHours });
    const page = await read(
      '/operator/policy?start=2026-12-03T16:30&agreed=2026-11-23T10:00&zone=Europe/Paris',
    );
    expect(wordsOf(page).match(/Quiet hours moved it from [^.]*/g)).toEqual([
      'Quiet hours moved it from Wed 2 Dec 2026, 16:30',
    ]);
  });
});

describe('policy', () => {
  it('says which rule speaks to the host', async () => {
    const { ask } = await createOperatorWorld({ policy: { ...defaultPolicy, rules: [askWhoCame] } });
    const { body } = await ask('GET /operator/policy');
    expect(body).toContain('<td>15 min after the end, to the host, by ');
    expect(body).toContain('Who came to your call');
  });

  it('says what the rules would do, in the zone that was asked for, and what is wrong with a moment', async () => {
    const { read } = await booked();
    const asked = (start: string, zone: string) =>
      read(`/operator/policy?start=${start}&agreed=2026-12-02T10:00&zone=${encodeURIComponent(zone)}`);
    const words = wordsOf(await asked('2026-12-03T15:00', 'America/New_York'));
    expect(words).toContain('Thu 3 Dec 2026, 13:00');
    expect(words).toContain('Not sent. The moment of this reminder had passed');
    expect(wordsOf(await asked('never', 'Europe/Berlin'))).toContain('This is no moment or no zone');
    expect(wordsOf(await asked('2026-12-03T15:00', 'Mars/Olympus'))).toContain(
      'This is no moment or no zone',
    );
  });
});
