// The commands that look at calls and mails, each a process of its own.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openEmbeddedStore } from '@precall/adapter-embedded';
import { createMemoryCrm, createMemoryMailer, createMemoryStore } from '@precall/adapter-memory';
import { Err, Temporal } from '@precall/core';
import { basicAuth } from '@precall/http-express';
import { createPrecall, createSystemClock } from '@precall/node';
import { createCalcomSource } from '@precall/source-calcom';
import { parse } from 'parse5';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { closeHosts, host } from '../../http-express/test/listening-host.ts';
import { book } from './booked-store.ts';
import { coreOfCommand, precall } from './precall-command.ts';
import { precallOf } from './precall-of.ts';

const password = 'correct horse battery';
const secret = 'a-secret-of-the-tests';
const fixture = (name: string) =>
  fileURLToPath(new URL(`../../source-calcom/test/fixtures/${name}.json`, import.meta.url));
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'precall-look-'));
});
afterEach(async () => {
  await closeHosts();
  rmSync(folder, { recursive: true });
});
const at = (name: string) => join(folder, name);

/** A module with the default policy and these rules. */
async function policyWith(rules: string): Promise<string> {
  const core = await coreOfCommand();
  const module = `import { defaultPolicy, Temporal, textContent } from '${core}';
const hours = (hours) => Temporal.Duration.from({ hours });
export const policy = { ...defaultPolicy, rules: ${rules} };`;
  writeFileSync(at('policy.mjs'), module);
  return at('policy.mjs');
}

describe('precall --help', () => {
  it('shows an example for every command', async () => {
    const commands = [
      'doctor',
      'plan',
      'status',
      'outcomes',
      'replay',
      'erase',
      'send-test',
      'preview',
      'export',
      'import',
      'backup',
      'restore',
    ];
    const [all, ...each] = await Promise.all([
      precall(['--help']),
      ...commands.map((command) => precall([command, '--help'])),
    ]);
    for (const [index, { code, stdout }] of each.entries()) {
      expect(code).toBe(0);
      expect(stdout).toContain(`Example: `);
      expect(stdout).toMatch(new RegExp(`Example: .*precall ${commands[index]} `));
      expect(stdout).toContain('--json');
      expect(all?.stdout).toContain(`\n  ${commands[index]} `);
    }
  });
});

describe('precall, asked wrongly', () => {
  it('names the option, says what to give, and does so as JSON where that is asked for', async () => {
    const [unknown, empty, missing, moment] = await Promise.all([
      precall(['status', '--policies', 'mine.js']),
      precall(['preview', 'mails.html', '--languages', ' , ']),
      precall(['replay', '--sample', 'PING']),
      precall(['plan', '--at', 'P1M', '--json']),
    ]);
    for (const { code } of [unknown, empty, missing, moment]) expect(code).toBe(78);
    expect(unknown.stderr).toMatch(/'--policies'.*Did you mean --policy\?.*--help/s);
    expect(empty.stderr).toMatch(/--languages <tags>.* Give at least one/);
    expect(missing.stderr).toMatch(/--url <address>.*--help/s);
    expect(missing.stdout).toBe('');
    const { fault } = JSON.parse(moment.stdout);
    expect(fault).toMatch(/^option '--at <moment>'.*such as P3DT2H or PT2H1M\.$/);
  });

  it('tells how a host is made to answer the command', async () => {
    const { base } = await host({ precall: precallOf({ secrets: [secret] }) });
    const ended = await precall(['status', '--url', base], { OPERATOR_PASSWORD: password });
    expect(ended).toMatchObject({ code: 78, stderr: expect.stringMatching(/OPERATOR_PASSWORD.*`operator`/) });
  });
});

describe('precall plan', () => {
  it('draws a call over a change of clock, with what is skipped and why', async () => {
    const args = [
      '--at',
      '2027-03-29T15:00:00Z',
      '--zone',
      'Europe/Paris',
      '--agreed',
      '2027-03-27T10:00:00Z',
    ];
    const { code, stdout } = await precall(['plan', ...args]);
    expect(code).toBe(0);
    expect(stdout).toBe(`someone@example.com, in Europe/Paris
  Fri 2027-03-26 16:00:00+01:00  03-26 15:00:00Z  x 72h skipped: The moment of this reminder had passed, or it had lost its use, when the call became known.
  Sat 2027-03-27 11:00:00+01:00  03-27 10:00:00Z  + agreed
  Sun 2027-03-28 03:00:00+02:00  03-28 01:00:00Z  ~ clocks go forward by 60 min, from +01:00 to +02:00
  Sun 2027-03-28 17:00:00+02:00  03-28 15:00:00Z  * 24h
  Mon 2027-03-29 15:00:00+02:00  03-29 13:00:00Z  * 2h
  Mon 2027-03-29 17:00:00+02:00  03-29 15:00:00Z  > the call (agreed)
by the default rules; --policy FILE for your own
`);
  });

  it('takes a length from now for a moment', async () => {
    const { code, stdout } = await precall(['plan', '--at', 'PT2H1M', '--json']);
    expect(code).toBe(0);
    const [{ startAt, agreedAt, reminders }] = JSON.parse(stdout);
    const aheadSeconds = Temporal.Instant.from(agreedAt).until(startAt).total('seconds');
    expect(aheadSeconds).toBeGreaterThan(2 * 3_600);
    expect(aheadSeconds).toBeLessThanOrEqual(2 * 3_600 + 60);
    expect(reminders.at(-1)).toMatchObject({ rule: '2h', state: 'planned' });
  });

  it('takes webhooks in their order', async () => {
    const created = JSON.parse(readFileSync(fixture('BOOKING_CREATED'), 'utf8'));
    created.createdAt = '2023-12-20T00:00:00.000Z';
    writeFileSync(at('created.json'), JSON.stringify(created));
    const cancelled = JSON.parse(readFileSync(fixture('BOOKING_CANCELLED'), 'utf8'));
    const { uid, startTime, endTime } = created.payload;
    Object.assign(cancelled.payload, { uid, startTime, endTime });
    cancelled.createdAt = '2023-12-21T00:00:00.000Z';
    writeFileSync(at('cancelled.json'), JSON.stringify(cancelled));
    const [before, after] = await Promise.all([
      precall(['plan', at('created.json'), '--json']),
      precall(['plan', at('created.json'), at('cancelled.json'), '--json']),
    ]);
    const states = (text: string) =>
      JSON.parse(text).flatMap(
        ({ reminders }: { reminders: { rule: string; state: string; reason: string | null }[] }) =>
          reminders.map(({ rule, state, reason }) => [rule, state, reason]),
      );
    expect(states(before.stdout)).toEqual([
      ['72h', 'planned', null],
      ['24h', 'planned', null],
      ['2h', 'planned', null],
    ]);
    expect(states(after.stdout)).toEqual(['72h', '24h', '2h'].map((rule) => [rule, 'dropped', 'cancelled']));
  });

  it('draws by a policy of one’s own, and in minutes in test mode', async () => {
    const core = await coreOfCommand();
    writeFileSync(
      at('policy.mjs'),
      `import { defaultPolicy, Temporal } from '${core}';
const evening = { name: 'evening', when: { daysBefore: 1, at: Temporal.PlainTime.from('18:00') } };
export const policy = { ...defaultPolicy, rules: [evening] };`,
    );
    writeFileSync(at('none.mjs'), 'export const policy = 7;');
    const call = ['plan', '--at', '2027-03-29T15:00:00Z', '--agreed', '2027-03-20T10:00:00Z'];
    const [own, minutes, none, missing] = await Promise.all([
      precall([...call, '--policy', at('policy.mjs')]),
      precall(call, { TESTING_MODE: 'true' }),
      precall([...call, '--policy', at('none.mjs')]),
      precall([...call, '--policy', at('missing.mjs')]),
    ]);
    expect(own.stdout).toContain('Sun 2027-03-28 18:00:00+00:00  03-28 18:00:00Z  * evening');
    expect(own.stdout).not.toContain('72h');
    expect(minutes.stdout).toContain('Mon 2027-03-29 14:54:00+00:00  03-29 14:54:00Z  * 72h');
    expect(none).toMatchObject({ code: 78, stderr: expect.stringContaining('none.mjs exports no policy') });
    expect(missing).toMatchObject({
      code: 78,
      stderr: expect.stringContaining('missing.mjs cannot be loaded'),
    });
  });

  it('marks a reminder that quiet hours moved, with the hours and the moment that its rule asks for', async () => {
    const policy = await policyWith(`[
      { name: '24h', when: { before: hours(24) } },
      { name: '2h', when: { before: hours(2) } },
    ], quietHours: { from: Temporal.PlainTime.from('21:00'), to: Temporal.PlainTime.from('07:30') }`);
    const call = ['--at', '2027-03-10T05:00:00Z', '--zone', 'Asia/Tokyo', '--agreed', '2027-03-01T10:00:00Z'];
    const early = [
      '--at',
      '2027-03-10T00:00:00Z',
      '--zone',
      'Asia/Tokyo',
      '--agreed',
      '2027-03-01T10:00:00Z',
    ];
    const [words, json, unmoved] = await Promise.all([
      precall(['plan', ...early, '--policy', policy]),
      precall(['plan', ...early, '--policy', policy, '--json']),
      precall(['plan', ...call, '--policy', policy]),
    ]);
    expect(words.stdout).toContain(
      'Tue 2027-03-09 21:00:00+09:00  03-09 12:00:00Z  * 2h, moved from Wed 2027-03-10 07:00:00+09:00 by quiet hours, 21:00 to 07:30',
    );
    expect(JSON.parse(json.stdout)[0].reminders).toMatchObject([
      { rule: '24h', moved: null },
      {
        rule: '2h',
        dueAt: '2027-03-09T12:00:00Z',
        moved: { by: 'quiet_hours', hours: '21:00 to 07:30', from: '2027-03-09T22:00:00Z' },
      },
    ]);
    expect(unmoved.stdout).not.toContain('moved');
  });

  it('draws texts among the mails, on the clock of whom they go to', async () => {
    const args = [
      '--at',
      '2027-03-29T15:00:00Z',
      '--agreed',
      '2027-03-20T10:00:00Z',
      '--zone',
      'Europe/Paris',
    ];
    const { stdout } = await precall([
      'plan',
      ...args,
      '--policy',
      await policyWith(`[
      { name: '24h', when: { before: hours(24) } },
      { name: '4h', when: { before: hours(4) }, fallback: 'sms' },
      { name: '2h', when: { before: hours(2) }, channel: 'sms' },
    ]`),
    ]);
    expect(stdout).toMatch(/^someone@example\.com, \+\d+, in Europe\/Paris\n/);
    expect(stdout).toContain('Sun 2027-03-28 17:00:00+02:00  03-28 15:00:00Z  * 24h\n');
    expect(stdout).toContain('03-29 11:00:00Z  * 4h, by text where the mail fails\n');
    expect(stdout).toContain('Mon 2027-03-29 15:00:00+02:00  03-29 13:00:00Z  * 2h by text\n');
  });

  it('draws texts of a webhook only for who said yes to the question that the host asks', async () => {
    const created = JSON.parse(readFileSync(fixture('BOOKING_CREATED'), 'utf8'));
    created.createdAt = '2023-12-20T00:00:00.000Z';
    Object.assign(created.payload.responses, {
      attendeePhoneNumber: { label: 'Phone', value: '+14155550100' },
      texts: { label: 'May we text you?', value: true },
    });
    writeFileSync(at('created.json'), JSON.stringify(created));
    const byText = await policyWith(`[{ name: '2h', when: { before: hours(2) }, channel: 'sms' }]`);
    const args = ['plan', at('created.json'), '--policy', byText, '--json'];
    const [asked, unasked] = await Promise.all([
      precall(args, { SMS_CONSENT_FIELD: 'texts' }),
      precall(args),
    ]);
    const [first, second] = [JSON.parse(asked.stdout)[0], JSON.parse(unasked.stdout)[0]];
    expect(first.reminders).toMatchObject([{ channel: 'sms', recipient: '+14155550100', state: 'planned' }]);
    expect(second.reminders).toMatchObject([{ channel: 'sms', state: 'skipped', reason: 'no_consent' }]);
  });

  it('names the rule by which nothing can be planned', async () => {
    const twice = await policyWith(`[24, 2].map((n) => ({ name: 'one', when: { before: hours(n) } }))`);
    const ended = await precall(['plan', '--at', 'PT48H', '--policy', twice]);
    expect(ended).toMatchObject({ code: 78, stdout: '' });
    expect(ended.stderr).toMatch(
      /^error: .*policy\.mjs: policy\.rules: the rule "one" is there twice: give each/,
    );
  });

  it('says what it needs, and what is wrong with a webhook', async () => {
    writeFileSync(at('odd.json'), '{"triggerEvent":"BOOKING_CREATED","payload":{}}');
    writeFileSync(at('text.json'), 'hello');
    const ends = await Promise.all([
      precall(['plan']),
      precall(['plan', at('odd.json')]),
      precall(['plan', at('text.json'), '--json']),
      precall(['plan', '--at', 'tomorrow']),
      precall(['plan', '--at', '2027-03-29T15:00:00Z', '--zone', 'Mars']),
    ]);
    expect(ends.map(({ code }) => code)).toEqual([78, 78, 78, 78, 78]);
    expect(ends.map(({ stderr }) => stderr)).toEqual([
      expect.stringContaining('--at'),
      expect.stringContaining('payload'),
      expect.stringContaining('not JSON'),
      expect.stringContaining('2026-12-03T15:00:00Z'),
      expect.stringContaining('America/Toronto'),
    ]);
    expect(JSON.parse(ends[2]?.stdout ?? '')).toEqual({ fault: expect.stringContaining('not JSON') });
  });
});

describe('precall status', () => {
  it('tells the same of a host and of its store: what is due, what is late', async () => {
    const store = openEmbeddedStore({ folder: at('data') }).unwrap();
    // 24 h before the call was an hour ago, and nobody was there to send.
    await book(store, { bookings: 3, startAt: Temporal.Now.instant().add({ hours: 23 }) });
    const running = createPrecall({
      source: createCalcomSource({ unsigned: 'allow' }),
      store,
      mailer: createMemoryMailer({ clock: createSystemClock() }),
    });
    const { base } = await host({
      precall: running,
      operator: { authorize: basicAuth({ user: 'operator', password }) },
      backup: store,
    });
    const asked = await precall(['status', '--url', base, '--json'], { OPERATOR_PASSWORD: password });
    await running.stop();
    await store.close();
    const read = await precall(['status', '--data-dir', at('data'), '--json']);
    expect([asked.code, read.code]).toEqual([1, 1]);
    const [first, second] = [JSON.parse(asked.stdout), JSON.parse(read.stdout)];
    expect({ ...second, at: first.at }).toEqual(first);
    expect(first).toMatchObject({ isWell: false, stuck: [], quarantined: 0 });
    expect(first.late.length).toBeGreaterThanOrEqual(3);
  });

  it('tells who is not in the CRM as they should be, of a host as of its store', async () => {
    const store = openEmbeddedStore({ folder: at('data') }).unwrap();
    const contacts = [0, 1, 1].map((number) => ({ email: `person-${number}@example.com` }));
    const reason = 'There is no property "Stage".';
    const crm = {
      ...createMemoryCrm({ contacts }),
      update: async () => Err({ kind: 'rejected', reason } as const),
    };
    await book(store, { bookings: 3, startAt: Temporal.Now.instant().add({ hours: 100 }), crm });
    const running = createPrecall({
      source: createCalcomSource({ unsigned: 'allow' }),
      store,
      mailer: createMemoryMailer({ clock: createSystemClock() }),
      crm,
    });
    const { base } = await host({
      precall: running,
      operator: { authorize: basicAuth({ user: 'operator', password }) },
    });
    const asked = await precall(['status', '--url', base, '--json'], { OPERATOR_PASSWORD: password });
    await running.stop();
    await store.close();
    const read = await precall(['status', '--data-dir', at('data')]);
    expect([asked.code, read.code], asked.stderr + read.stderr).toEqual([1, 1]);
    const { isWell, late, stuck, crm: concerns } = JSON.parse(asked.stdout);
    expect({ isWell, late, stuck }).toEqual({ isWell: false, late: [], stuck: [] });
    expect(concerns).toHaveLength(3);
    expect(concerns).toEqual(
      expect.arrayContaining([
        { booking: 'calcom:moved-0', state: 'refused', why: expect.stringContaining(reason) },
        { booking: 'calcom:moved-1', state: 'ambiguous', why: expect.any(String) },
        { booking: 'calcom:moved-2', state: 'not_found', why: expect.any(String) },
      ]),
    );
    expect(read.stdout).toMatch(/\nCRM {11}3\n/);
    for (const { booking, state, why } of concerns)
      expect(read.stdout).toContain(`\n  ${booking}  ${state}  ${why}\n`);
  });

  it('is well about a store in which nothing is due', async () => {
    await openEmbeddedStore({ folder: at('data') })
      .unwrap()
      .close();
    expect(await precall(['status', '--data-dir', at('data')])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('late          0'),
    });
    expect(await precall(['status', '--data-dir', at('none')])).toMatchObject({
      code: 78,
      stderr: expect.stringContaining('--data-dir'),
    });
    expect(readdirSync(folder)).toEqual(['data']);
  });
});

describe('precall erase', () => {
  it('leaves nothing of a person in a store at rest, and asks a host for it', async () => {
    const store = openEmbeddedStore({ folder: at('data') }).unwrap();
    await book(store, { bookings: 2, startAt: Temporal.Now.instant().add({ hours: 100 }) });
    await store.close();
    const ended = await precall(['erase', 'person-1@example.com', '--data-dir', at('data'), '--json']);
    expect(ended.code, ended.stderr).toBe(0);
    expect(JSON.parse(ended.stdout)).toEqual({ bookings: 1 });
    const again = openEmbeddedStore({ folder: at('data') }).unwrap();
    const bodies = (await again.list('booking', { limit: 10, cursor: null }))
      .unwrap()
      .items.map(({ body }) => body);
    await again.close();
    expect(bodies.join()).toContain('person-0@');
    expect(bodies.join()).not.toContain('person-1@');

    const memory = createMemoryStore();
    await book(memory, { bookings: 1, startAt: Temporal.Now.instant().add({ hours: 100 }) });
    const running = createPrecall({
      source: createCalcomSource({ unsigned: 'allow' }),
      store: memory,
      mailer: createMemoryMailer({ clock: createSystemClock() }),
    });
    const { base } = await host({
      precall: running,
      operator: { authorize: basicAuth({ user: 'operator', password }) },
    });
    const asked = await precall(['erase', 'person-0@example.com', '--url', base], {
      OPERATOR_PASSWORD: password,
    });
    expect(asked).toMatchObject({ code: 0, stdout: expect.stringContaining('in 1 booking.') });
  });
});

describe('precall replay', () => {
  it('posts a sample or a file, signed, and ends as the host answers', async () => {
    const { base } = await host({ precall: precallOf({ secrets: [secret] }) });
    const url = `${base}/webhook/calcom-booking`;
    const env = { CALCOM_WEBHOOK_SECRET: secret };
    const sample = await precall(['replay', '--sample', 'BOOKING_CREATED', '--url', url, '--json'], env);
    expect(sample.code, sample.stderr).toBe(0);
    expect(JSON.parse(sample.stdout)).toMatchObject({ status: 202, answer: { status: 'scheduled' } });
    const file = await precall(['replay', fixture('BOOKING_REQUESTED'), '--url', url, '--json'], env);
    expect(JSON.parse(file.stdout)).toMatchObject({ status: 200, answer: { reason: 'too_old' } });
    const [wrong, none, unsaid] = await Promise.all([
      precall(['replay', '--sample', 'PING', '--url', url], {
        CALCOM_WEBHOOK_SECRET: 'another-secret-there',
      }),
      precall(['replay', '--sample', 'PING', '--url', url]),
      precall(['replay', '--url', url], env),
    ]);
    expect(wrong).toMatchObject({ code: 1, stdout: expect.stringContaining('401') });
    expect(none).toMatchObject({ code: 78, stderr: expect.stringContaining('CALCOM_WEBHOOK_SECRET') });
    expect(unsaid).toMatchObject({ code: 78, stderr: expect.stringContaining('--sample') });
  });

  it('tells of one call by its uid: booked, moved, and cancelled where it was moved to', async () => {
    const { base } = await host({ precall: precallOf({ secrets: [secret] }) });
    const url = `${base}/webhook/calcom-booking`;
    const told = async (...args: readonly string[]) => {
      const ended = await precall(['replay', '--url', url, '--json', ...args], {
        CALCOM_WEBHOOK_SECRET: secret,
      });
      expect(ended.code, ended.stdout).toBe(0);
      return JSON.parse(ended.stdout).answer;
    };
    const booked = await told('--sample', 'BOOKING_CREATED', '--uid', 'ours');
    expect(booked.booking).toBe('calcom:ours');
    const moved = await told('--sample', 'BOOKING_RESCHEDULED', '--uid', 'ours', '--at', 'P6D');
    expect(moved).toMatchObject({ status: 'scheduled', booking: 'calcom:ours-moved' });
    expect(moved.dropped.map(({ key }: { key: string }) => key)).toEqual(
      booked.reminders.map(({ key }: { key: string }) => key),
    );
    const cancelled = await told('--sample', 'BOOKING_CANCELLED', '--uid', 'ours-moved', '--at', 'P6D');
    expect(cancelled).toMatchObject({ booking: 'calcom:ours-moved', dropped: [{}, {}, {}] });
  });
});

describe('precall outcomes', () => {
  it('counts the same of a host and of its store, in words, as a table and as JSON', async () => {
    const store = openEmbeddedStore({ folder: at('data') }).unwrap();
    await book(store, { bookings: 2, startAt: Temporal.Now.instant().add({ hours: 23 }) });
    const running = createPrecall({
      source: createCalcomSource({ unsigned: 'allow' }),
      store,
      mailer: createMemoryMailer({ clock: createSystemClock() }),
    });
    const { base } = await host({
      precall: running,
      operator: { authorize: basicAuth({ user: 'operator', password }) },
      backup: store,
    });
    const asked = await precall(['outcomes', '--url', base, '--json'], { OPERATOR_PASSWORD: password });
    await running.stop();
    await store.close();
    const read = await precall(['outcomes', '--data-dir', at('data'), '--json']);
    expect([asked.code, read.code], asked.stderr + read.stderr).toEqual([0, 0]);
    expect(JSON.parse(asked.stdout)).toEqual(JSON.parse(read.stdout));
    const byText = await policyWith(`[{ name: '2h', when: { before: hours(2) }, channel: 'sms' }]`);
    const texting = await precall(['outcomes', '--data-dir', at('data'), '--policy', byText, '--json']);
    expect(JSON.parse(texting.stdout)).toMatchObject({ bookings: 2 });
    expect(JSON.parse(read.stdout)).toEqual({
      rows: [],
      bookings: 2,
      unreadable: 0,
      isAll: true,
      comparisons: [],
    });
    expect((await precall(['outcomes', '--data-dir', at('data')])).stdout).toContain(
      'Counted: all bookings (2).',
    );
    const table = await precall(['outcomes', '--data-dir', at('data'), '--csv']);
    expect(table.stdout).toMatch(/^rule,text,channel,/);
  });
});

describe('precall send-test and preview', () => {
  it('sends one mail of each kind by the mailer in use, in the language asked for', async () => {
    const args = ['send-test', 'ada@example.com', '--zone', 'Europe/Paris', '--language', 'fr', '--json'];
    const ended = await precall(args, { CALCOM_WEBHOOK_SECRET: secret, DATA_DIR: at('data') });
    expect(ended.code, ended.stderr).toBe(0);
    expect(JSON.parse(ended.stdout).sent).toMatchObject([
      { rule: '72h', fault: null },
      { rule: '24h', fault: null },
      { rule: '2h', fault: null },
      { rule: 'rebook', fault: null },
    ]);
    const box = join(at('data'), 'mailbox');
    const mails = readdirSync(box, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.json'))
      .map((name) => JSON.parse(readFileSync(join(box, name), 'utf8')));
    expect(mails).toHaveLength(4);
    for (const { to, subject, text } of mails) {
      expect({ to, subject }).toEqual({
        to: 'ada@example.com',
        subject: expect.stringMatching(/^\[Test\] /),
      });
      expect(text).toContain('Bonjour');
    }
  });

  it('shows a text as it is, with what it weighs', async () => {
    const policy = await policyWith(`[
      { name: '24h', when: { before: hours(24) } },
      { name: '2h', when: { before: hours(2) }, channel: 'sms', textContent: textContent({
        needs: [], render: ({ locale }) => (locale === 'fr' ? 'À <tantôt>, ça va' : 'See you <soon>'),
      }) },
    ]`);
    const args = ['--policy', policy, '--languages', 'en,fr', '--zones', 'UTC', '--json'];
    const ended = await precall(['preview', at('all.html'), ...args]);
    expect(JSON.parse(ended.stdout)).toMatchObject({ mails: 2, texts: 2 });
    const page = readFileSync(at('all.html'), 'utf8');
    expect(framesOf(parse(page))).toHaveLength(2);
    expect(page).toContain('<pre lang="en">See you &lt;soon&gt;</pre>\n<p>1 segment of GSM-7, 14 units</p>');
    expect(page).toContain(
      '<pre lang="fr">À &lt;tantôt&gt;, ça va</pre>\n<p>1 segment of UCS-2, 17 units</p>',
    );
  });

  it('says on the page which reminder quiet hours moved, and from when', async () => {
    const policy = await policyWith(`[
      { name: 'morning', when: { daysBefore: 1, at: Temporal.PlainTime.from('09:00') } },
    ], quietHours: { from: Temporal.PlainTime.from('08:00'), to: Temporal.PlainTime.from('10:00') }`);
    const args = ['--policy', policy, '--languages', 'en', '--zones', 'Asia/Tokyo', '--json'];
    const ended = await precall(['preview', at('moved.html'), ...args]);
    expect(JSON.parse(ended.stdout).moved).toMatchObject([
      { rule: 'morning', zone: 'Asia/Tokyo', by: 'quiet_hours', hours: '08:00 to 10:00' },
    ]);
    expect(readFileSync(at('moved.html'), 'utf8')).toMatch(
      /<p>Due \w{3} \S+ 08:00:00\+09:00, moved from \w{3} \S+ 09:00:00\+09:00 by quiet hours, 08:00 to 10:00<\/p>/,
    );
  });

  it('shows the text beside the mail in whose place it goes', async () => {
    const policy = await policyWith(`[{ name: '24h', when: { before: hours(24) }, fallback: 'sms' }]`);
    const args = ['--policy', policy, '--languages', 'en', '--zones', 'UTC', '--json'];
    const ended = await precall(['preview', at('both.html'), ...args]);
    expect(JSON.parse(ended.stdout)).toMatchObject({ mails: 1, texts: 1 });
    expect(readFileSync(at('both.html'), 'utf8')).toMatch(
      /<code>24h<\/code> by text, where the mail fails<\/h3>\n<pre lang="en">[^<]+STOP[^<]*<\/pre>\n<p>\d segments? of GSM-7/,
    );
  });

  it('writes every mail of every zone and language on one page, each in a frame of its own', async () => {
    const ended = await precall([
      'preview',
      at('mails.html'),
      '--zones',
      'Asia/Tokyo,Europe/Paris',
      '--languages',
      'en,de',
      '--json',
    ]);
    expect(ended.code, ended.stderr).toBe(0);
    expect(JSON.parse(ended.stdout)).toMatchObject({ mails: 16 });
    const page = readFileSync(at('mails.html'), 'utf8');
    const frames = framesOf(parse(page));
    expect(frames).toHaveLength(16);
    for (const frame of frames) {
      expect(frame).toHaveProperty('sandbox');
      expect(frame.srcdoc).toMatch(/Ada/);
    }
    expect(page).toContain('Asia/Tokyo');
  });
});

interface Node {
  readonly nodeName: string;
  readonly attrs?: readonly { readonly name: string; readonly value: string }[];
  readonly childNodes?: readonly Node[];
}

/** The attributes of each frame. */
function framesOf(node: Node): readonly { readonly [name: string]: string }[] {
  const inner = (node.childNodes ?? []).flatMap(framesOf);
  if (node.nodeName !== 'iframe') return inner;
  return [Object.fromEntries((node.attrs ?? []).map(({ name, value }) => [name, value]))];
}
