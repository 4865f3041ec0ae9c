// The commands on the parts of somebody's own server, as its module exports them.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openEmbeddedStore } from '@precall/adapter-embedded';
import { Temporal } from '@precall/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { programsOf } from '../../../scripts/bundle-programs.ts';
import { closeHosts, host } from '../../http-express/test/listening-host.ts';
import { book } from './booked-store.ts';
import { coreOfCommand, precall } from './precall-command.ts';
import { precallOf } from './precall-of.ts';

const secret = 'a-secret-of-the-tests';
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'precall-parts-'));
});
afterEach(async () => {
  await closeHosts();
  rmSync(folder, { recursive: true });
});

/** A server's module: a source that was told nothing, a mailer that keeps what it sends, and what is given besides. */
async function moduleWith(others = '', name = 'precall.config.mjs', before = ''): Promise<string> {
  const file = join(folder, name);
  writeFileSync(
    file,
    `import { appendFileSync } from 'node:fs';
import { defaultPolicy, Err, Ok, Temporal } from '${await coreOfCommand()}';
${before}
const said = (text) => appendFileSync(new URL('said.txt', import.meta.url), text + '\\n');
const source = {
  name: 'calcom',
  verify: () => 'forged',
  parse: () => Ok({ ignored: 'test_ping' }),
};
const mailer = {
  doubt: 'silent',
  send: async ({ to, subject }) => { said(to + ' ' + subject); return Ok({ messageId: null }); },
};
const no = async () => Err({ kind: 'unavailable', reason: 'nobody asks here' });
const own = { findContact: no, findMembership: no, update: no, recordSent: no };
export const parts = { source, mailer, ${others} };
`,
  );
  return file;
}

interface Part {
  readonly part: string;
  readonly state: string;
  readonly about: string;
  readonly faults: readonly object[];
}

async function examined(file: string, ...args: readonly string[]) {
  const { code, stdout, stderr } = await precall(['doctor', '--config', file, '--json', ...args]);
  expect(stderr).toBe('');
  const { parts }: { parts: readonly Part[] } = JSON.parse(stdout);
  return { code, parts, part: (name: string) => parts.find(({ part }) => part === name) };
}

describe('precall doctor about the parts of a server', () => {
  it('asks each that can tell, and says of the others why they are not asked', async () => {
    const file = await moduleWith(`
      crm: { ...own, describe: async () => Ok([{ where: 'contacts', fault: 'No column "status".', cure: 'Add it.' }]) },
      calendar: { describe: async () => Err({ kind: 'unavailable', reason: 'no answer' }) },
      texter: { doubt: 'silent', send: async () => Ok({ messageId: null }), describe: async () => Ok([]) },`);
    const { code, part } = await examined(file);
    expect(code).toBe(1);
    expect(part('configuration')).toMatchObject({ state: 'ok', about: 'the parts of precall.config.mjs' });
    expect(part('crm')?.faults).toEqual([
      { where: 'contacts', fault: 'No column "status".', cure: 'Add it.' },
    ]);
    expect(part('calendar')?.faults).toMatchObject([{ where: 'calendar', fault: 'no answer' }]);
    expect(part('texting')).toMatchObject({ state: 'ok' });
    expect(part('mail')).toMatchObject({
      state: 'not_asked',
      about: expect.stringContaining('no describe()'),
    });
    expect(part('store')).toMatchObject({ state: 'not_asked', about: 'the parts have no `store`' });
  });

  it('says which properties of the CRM are written, and by which option', async () => {
    const crm = 'crm: { ...own, describe: async () => Ok([]) }';
    const own = `policy: { ...defaultPolicy, projection: { ...defaultPolicy.projection, campaign: null,
      properties: { ...defaultPolicy.projection.properties, status: 'Stage', callDate: null, campaignStatus: null } } }`;
    const first = await examined(await moduleWith(crm));
    expect(first.part('crm')?.about).toContain(
      'written: Booking Status, Diagnostic Call Date, Christmas Campaign Status; campaign: Christmas 2025 (policy.projection)',
    );
    const second = await examined(await moduleWith(`${crm}, ${own}`));
    expect(second.part('crm')?.about).toContain('written: Stage; campaign: none (policy.projection)');
  });

  it('leaves to describe() whether the CRM has the properties that are written', async () => {
    const { part } = await examined(await moduleWith('crm: { ...own, describe: async () => Ok([]) }'));
    expect(part('crm')?.about).toMatch(/looked up if describe\(\) does$/);
  });

  it.each([
    ['was not reached', {}, /reaches it/],
    ['refuses us', { refusesUs: true }, /does not take the key or the account/],
  ])('says what to do about a CRM that %s', async (_, more, cure) => {
    const error = JSON.stringify({ kind: 'unavailable', reason: '401', ...more });
    const { part } = await examined(await moduleWith(`crm: { ...own, describe: async () => Err(${error}) }`));
    expect(part('crm')?.faults).toMatchObject([{ fault: '401', cure: expect.stringMatching(cure) }]);
  });

  it('asks the source whether it takes what is not signed, and what changed', async () => {
    const refused = `source: { ...source, api: { changedSince: async () => Err({ kind: 'rejected', reason: 'no such key' }) } }`;
    const found = await examined(await moduleWith(refused));
    expect(found.part('source')?.about).toContain('refuses what is not signed');
    expect(found.part('source')?.faults).toMatchObject([{ where: 'source.api', fault: 'no such key' }]);
    const open = await examined(await moduleWith(`source: { ...source, verify: () => 'authentic' }`));
    expect(open.part('source')).toMatchObject({ state: 'ok', about: expect.stringContaining('ANYBODY') });
  });

  it('finds what does not go together, such as a rule by text and nothing that sends texts', async () => {
    const { part } = await examined(
      await moduleWith(`policy: { ...defaultPolicy, rules: [
        { name: '2h', when: { before: Temporal.Duration.from({ hours: 2 }) }, channel: 'sms' }] }`),
    );
    expect(part('configuration')?.faults).toMatchObject([{ fault: expect.stringContaining('`texter`') }]);
  });

  it('pings the webhook with the secret of the variables, and says that it needs one', async () => {
    const { base } = await host({ precall: precallOf({ secrets: [secret] }) });
    const args = [
      'doctor',
      '--config',
      await moduleWith(),
      '--url',
      `${base}/webhook/calcom-booking`,
      '--json',
    ];
    const [signed, unsigned] = await Promise.all([
      precall(args, { CALCOM_WEBHOOK_SECRET: secret }),
      precall(args),
    ]);
    const webhookIn = (text: string) => JSON.parse(text).parts.find(({ part }: Part) => part === 'webhook');
    expect(webhookIn(signed.stdout)).toMatchObject({ state: 'ok' });
    expect(webhookIn(unsigned.stdout)).toMatchObject({
      state: 'not_asked',
      about: expect.stringContaining('CALCOM_WEBHOOK_SECRET'),
    });
  });

  it('takes the module by its name in the working folder, and no other', async () => {
    await moduleWith('', 'another.mjs');
    const env = { CALCOM_WEBHOOK_SECRET: secret };
    expect((await precall(['doctor'], env, folder)).stdout).not.toContain('the parts of');
    await moduleWith('', 'precall.config.mjs');
    expect((await precall(['doctor'], env, folder)).stdout).toContain('the parts of precall.config.mjs');
  });

  it('closes the parts that can be closed, and ends though the module keeps a timer', async () => {
    const store = `store: { describe: async () => Ok([]), close: async () => said('closed') }`;
    const file = await moduleWith(store, 'precall.config.mjs', 'setInterval(() => undefined, 1_000);');
    const { code, part } = await examined(file);
    expect({ code, state: part('store')?.state }).toEqual({ code: 0, state: 'ok' });
    expect(readFileSync(join(folder, 'said.txt'), 'utf8')).toBe('closed\n');
  });

  it('names the file that cannot be loaded or exports no parts, with its own sentence', async () => {
    const throwing = await moduleWith('', 'throws.mjs', `throw new Error('NOTION_TOKEN is not set');`);
    writeFileSync(join(folder, 'nothing.mjs'), 'export const policy = {};');
    const [thrown, empty, missing] = await Promise.all([
      precall(['doctor', '--config', throwing]),
      precall(['doctor', '--config', join(folder, 'nothing.mjs')]),
      precall(['send-test', 'ada@example.com', '--config', join(folder, 'missing.mjs')]),
    ]);
    for (const { code } of [thrown, empty, missing]) expect(code).toBe(78);
    expect(thrown.stderr).toMatch(
      /throws\.mjs cannot be loaded \(NOTION_TOKEN is not set\): it is loaded as/,
    );
    expect(empty.stderr).toMatch(/nothing\.mjs exports no `parts`.*createPrecall/);
    expect(missing.stderr).toMatch(/missing\.mjs cannot be loaded/);
  });

  it('adds nothing to a sentence that has its own cure', async () => {
    const sentence = 'NOTION_TOKEN is not set: give the secret of an integration.';
    const file = await moduleWith('', 'throws.mjs', `throw new Error('${sentence}');`);
    const { stderr } = await precall(['doctor', '--config', file]);
    expect(stderr).toBe(`error: ${file} cannot be loaded: ${sentence}\n`);
  });

  it('takes TypeScript where Node does, and says what to do where it does not', async () => {
    const file = await moduleWith('', 'precall.config.ts', 'const count: number = 1;');
    const ended = await precall(['doctor', '--config', file]);
    if (Reflect.get(process.features, 'typescript')) expect(ended.code).toBe(0);
    else
      expect(ended).toMatchObject({ code: 78, stderr: expect.stringMatching(/no TypeScript: use 22\.18/) });
  });
});

describe('the README', () => {
  const path = fileURLToPath(new URL('readme-config.ts', import.meta.url));
  const programs = programsOf({ 'precall.config': path });

  it('shows a module that is asked as it stands', async () => {
    const shown = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    expect(/```ts\n(.*?)```/s.exec(shown)?.[1]).toBe(readFileSync(path, 'utf8'));
    const file = join(await programs(), 'precall.config.mjs');
    const variables = { CALCOM_WEBHOOK_SECRET: secret, SMTP_URL: 'smtp://127.0.0.1:1?tls=off' };
    const { stdout } = await precall(['doctor', '--config', file], variables, folder);
    expect(stdout).toMatch(/^ok {4}crm .*`crm`/m);
    expect(stdout).toMatch(/^FAULT mail .*\n {6}mailer: /m);
  });
});

const rule = `policy: { ...defaultPolicy, rules: [{ name: 'own', when: { before: Temporal.Duration.from({ hours: 3 }) } }] }`;
const call = ['plan', '--at', '2027-03-29T15:00:00Z', '--agreed', '2027-03-20T10:00:00Z'];

describe('precall send-test, plan on the parts of a server', () => {
  it('sends by its mailer what its policy says', async () => {
    const file = await moduleWith(`${rule}, calendar: { close: async () => said('closed') }`);
    const ended = await precall(['send-test', 'ada@example.com', '--config', file, '--json']);
    expect(ended.code, ended.stderr).toBe(0);
    expect(JSON.parse(ended.stdout)).toMatchObject({
      by: 'the mailer of precall.config.mjs',
      sent: [{ rule: 'own', fault: null }],
    });
    expect(readFileSync(join(folder, 'said.txt'), 'utf8')).toMatch(
      /^ada@example\.com \[Test\] .*\nclosed\n$/,
    );
  });

  it('plans by the policy among them', async () => {
    const ended = await precall([...call, '--json', '--policy', await moduleWith(rule)]);
    expect(ended.code, ended.stderr).toBe(0);
    expect(JSON.parse(ended.stdout)[0].reminders).toMatchObject([{ rule: 'own' }]);
  });
});

describe('the commands that go by rules', () => {
  it('take those of the module in the working folder, those of --policy before, and say whose', async () => {
    await moduleWith(rule);
    const other = await moduleWith(rule.replace("'own'", "'other'"), 'other.mjs');
    const [own, asked, none] = await Promise.all([
      precall(call, {}, folder),
      precall([...call, '--policy', other], {}, folder),
      precall(call),
    ]);
    expect(own.stdout).toMatch(/\* own\n.*\nby the rules of precall\.config\.mjs\n$/s);
    expect(asked.stdout).toMatch(/\* other\n.*\nby the rules of other\.mjs\n$/s);
    expect(none.stdout).toMatch(/\* 72h\n.*\nby the default rules; --policy FILE for your own\n$/s);
  });

  it('go by the default ones where the module has none, as its server does', async () => {
    await moduleWith();
    const { code, stdout } = await precall(call, {}, folder);
    expect({ code, last: stdout.split('\n').at(-2) }).toEqual({
      code: 0,
      last: 'by the default rules: precall.config.mjs has no policy',
    });
    const asked = await precall([...call, '--policy', 'precall.config.mjs'], {}, folder);
    expect(asked).toMatchObject({ code: 78, stderr: expect.stringContaining('exports no policy') });
    await moduleWith('policy: 7');
    expect(await precall(call, {}, folder)).toMatchObject({
      code: 78,
      stderr: expect.stringMatching(/precall\.config\.mjs exports no policy, or not all of one/),
    });
  });

  it('say it below what they show, of a store too, but in no table', async () => {
    await moduleWith(rule);
    await openEmbeddedStore({ folder: join(folder, 'data') })
      .unwrap()
      .close();
    const on = (...args: readonly string[]) => precall(args, { DATA_DIR: 'data' }, folder);
    const table = await on('outcomes', '--csv');
    expect(table.stdout).not.toContain('by the rules of');
    for (const args of [['preview', 'mails.html'], ['outcomes'], ['status']])
      expect((await on(...args)).stdout, args[0]).toMatch(/\nby the rules of precall\.config\.mjs\n$/);
    expect(readFileSync(join(folder, 'mails.html'), 'utf8')).toContain('<code>own</code>');
  });

  it('close what the module opened, and end though it keeps a timer', async () => {
    await moduleWith(
      `${rule}, calendar: { close: async () => said('closed') }`,
      'precall.config.mjs',
      'setInterval(() => undefined, 1_000);',
    );
    expect(await precall(call, {}, folder)).toMatchObject({ code: 0 });
    expect(readFileSync(join(folder, 'said.txt'), 'utf8')).toBe('closed\n');
  });

  it('refuse to restore what was planned by other rules, and name the module', async () => {
    const store = openEmbeddedStore({ folder: join(folder, 'data') }).unwrap();
    await book(store, { bookings: 1, startAt: Temporal.Now.instant().add({ hours: 100 }) });
    await store.close();
    const on = (...args: readonly string[]) => precall(args, { DATA_DIR: 'data' }, folder);
    await on('backup', 'copy.db');
    await moduleWith(rule);
    expect(await on('restore', 'copy.db')).toMatchObject({
      code: 78,
      stderr: expect.stringMatching(/other rules than those of precall\.config\.mjs: give .*--policy FILE/),
    });
    await moduleWith();
    expect(await on('restore', 'copy.db')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/\nby the default rules: precall\.config\.mjs has no policy\n$/),
    });
  });
});
