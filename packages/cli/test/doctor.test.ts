// The doctor as the process it is, against stand-ins that are as strict as the real parts.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPartSettings } from '@precall/node';
import {
  type NotionDatabase,
  type NotionStandIn,
  type SendgridStandIn,
  startGoogleCalendarStandIn,
  startNotionStandIn,
  startSendgridStandIn,
  startTwilioStandIn,
  textsDatabase,
} from '@precall/testing/stand-ins';
import { MongoClient } from 'mongodb';
import { SMTPServer } from 'smtp-server';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { closeHosts, host } from '../../http-express/test/listening-host.ts';
import { type Ended, precall } from './precall-command.ts';
import { precallOf } from './precall-of.ts';

const secret = 'a-secret-of-the-tests';
const apiKey = 'SG.key.of-the-tests';
const env = { CALCOM_WEBHOOK_SECRET: secret };
const containing = (text: string) => expect.stringContaining(text);
const path = '/webhook/calcom-booking';

const standIns: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const standIn of standIns.splice(0)) await standIn.stop();
  await closeHosts();
});

async function sendgrid(
  given: Partial<Parameters<typeof startSendgridStandIn>[0]> = {},
): Promise<{ readonly standIn: SendgridStandIn; readonly env: { readonly [name: string]: string } }> {
  const standIn = await startSendgridStandIn({ apiKey, ...given });
  standIns.push(standIn);
  const variables = {
    SENDGRID_API_KEY: apiKey,
    SENDGRID_FROM: 'Ada <calls@example.com>',
    SENDGRID_BASE_URL: standIn.url,
  };
  return { standIn, env: variables };
}

const contacts = {
  Name: { type: 'title' },
  email: { type: 'email' },
  'Booking Status': { type: 'select', options: ['Not Booked', 'Booked', 'Completed', 'No-Show'] },
  'Diagnostic Call Date': { type: 'date' },
  'Christmas Campaign Status': { type: 'select', options: ['Pre-Call Prep'] },
} as const;
const memberships = {
  Name: { type: 'title' },
  Email: { type: 'email' },
  Campaign: { type: 'select', options: ['Christmas 2025'] },
  'Call mail 1': { type: 'date' },
} as const;

async function notion(
  given: { readonly contacts: Properties; readonly memberships: Properties } = { contacts, memberships },
): Promise<{ readonly standIn: NotionStandIn; readonly env: { readonly [name: string]: string } }> {
  const token = 'ntn_a-token-of-the-tests';
  const [contactsId, membershipsId] = ['c'.repeat(32), 'e'.repeat(32)];
  const standIn = await startNotionStandIn({
    token,
    databases: [
      { id: contactsId, properties: given.contacts },
      { id: membershipsId, properties: given.memberships },
    ],
  });
  standIns.push(standIn);
  const variables = {
    NOTION_TOKEN: token,
    NOTION_BASE_URL: standIn.url,
    NOTION_BUSINESSX_DB_ID: contactsId,
    NOTION_EMAIL_SEQUENCE_DB_ID: membershipsId,
    NOTION_SENT_PROPERTIES: '72h=Call mail 1',
  };
  return { standIn, env: variables };
}
type Properties = NotionDatabase['properties'];

/** The findings of `--json`. */
function faultsIn({ stdout }: Ended): readonly { where: string; fault: string; cure: string }[] {
  const { parts }: { parts: { faults: { where: string; fault: string; cure: string }[] }[] } =
    JSON.parse(stdout);
  return parts.flatMap(({ faults }) => faults);
}

describe('precall', () => {
  it('ends with 78 on wrong use, and says on standard error what is right', async () => {
    const uses = [
      [],
      ['surgeon'],
      ['doctor', '--quickly'],
      ['doctor', 'please'],
      ['doctor', '--url', 'localhost'],
    ];
    const ends = await Promise.all(uses.map((args) => precall(args, env)));
    for (const { code, stdout, stderr } of ends) {
      expect({ code, stdout }).toEqual({ code: 78, stdout: '' });
      expect(stderr).toMatch(/error: |Usage: /);
    }
  });

  it('ends with 0 when asked for help or its version', async () => {
    expect(await precall(['doctor', '--help'])).toMatchObject({ code: 0, stderr: '' });
    expect(await precall(['--version'])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d/) });
  });
});

describe('precall doctor about texts', () => {
  const folder = mkdtempSync(join(tmpdir(), 'precall-texts-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('names a fact that does not exist, a rule without text, and a folder that cannot be read', async () => {
    writeFileSync(join(folder, '72h.md'), '---\nsubject: Hi\n---\nHi {{frist_name}}');
    writeFileSync(join(folder, '24h.fr.html'), '---\nsubject: Bientôt\n---\n<p>{{call_date}}</p>');
    const ended = await precall(['doctor', '--json'], { ...env, MAIL_TEMPLATES_DIR: folder });
    expect(ended.code).toBe(1);
    expect(faultsIn(ended).map(({ where, fault }) => `${where}: ${fault}`)).toEqual([
      '72h.md: It names the fact "frist_name", which does not exist.',
      '2h: There is no text for the rule "2h": its reminders have the default words.',
    ]);
    const nowhere = await precall(['doctor', '--json'], { ...env, MAIL_TEMPLATES_DIR: join(folder, 'no') });
    expect(faultsIn(nowhere)).toMatchObject([{ fault: containing('cannot be read: ENOENT') }]);
  });

  it('looks at the pages of a Notion database', async () => {
    const row = (name: string, body: string) => ({
      'Template Name': name,
      'Subject Line': 'Hi',
      'Email Body HTML': body,
    });
    const token = 'ntn_a-token-of-the-tests';
    const texts = textsDatabase([row('default', '<p>Hi {{name}}</p>'), row('Nurture 1', '{{score}}')]);
    const database = { id: 'c'.repeat(32), properties: contacts };
    const standIn = await startNotionStandIn({ token, databases: [database, texts] });
    standIns.push(standIn);
    const variables = {
      ...env,
      NOTION_TOKEN: token,
      NOTION_BASE_URL: standIn.url,
      NOTION_BUSINESSX_DB_ID: 'c'.repeat(32),
      NOTION_EMAIL_TEMPLATES_DB_ID: texts.id,
    };
    expect(faultsIn(await precall(['doctor', '--json'], variables)).filter(isAboutTexts)).toEqual([]);
    const [page] = standIn.rows(texts.id);
    standIn.edit(page?.id ?? '', { 'Email Body HTML': '<p>{{score}}</p>' });
    const faults = faultsIn(await precall(['doctor', '--json'], variables)).filter(isAboutTexts);
    expect(faults).toMatchObject([{ where: 'default', fault: containing('"score"') }]);
  });

  it('previews those that ask for the links of a host', async () => {
    const own = mkdtempSync(join(folder, 'links-'));
    writeFileSync(join(own, '24h.md'), '---\nsubject: Our call\n---\n[I will be there]({{attend_link}})');
    const args = ['--languages', 'en', '--zones', 'UTC'];
    await precall(['preview', join(own, 'mails.html'), ...args], { ...env, MAIL_TEMPLATES_DIR: own });
    expect(readFileSync(join(own, 'mails.html'), 'utf8')).toContain('>Our call</span>');
  });

  it('previews them, and says what is shown in other words', async () => {
    const page = join(folder, 'mails.html');
    const { code, stdout } = await precall(['preview', page, '--languages', 'fr'], {
      ...env,
      MAIL_TEMPLATES_DIR: folder,
    });
    expect({ code, stdout }).toEqual({ code: 0, stdout: containing('The text 72h.md: It names the fact') });
    expect(readFileSync(page, 'utf8')).toContain('Bientôt');
  });
});

describe('precall doctor about texting', () => {
  const [accountSid, authToken] = [`AC${'a'.repeat(32)}`, 'a-token-of-the-tests'];
  const messagingServiceSid = `MG${'b'.repeat(32)}`;
  const texting = async () => {
    const standIn = await startTwilioStandIn({ accountSid, authToken, messagingServiceSid });
    standIns.push(standIn);
    return {
      ...env,
      TWILIO_ACCOUNT_SID: accountSid,
      TWILIO_AUTH_TOKEN: authToken,
      TWILIO_MESSAGING_SERVICE_SID: messagingServiceSid,
      TWILIO_BASE_URL: standIn.url,
      SMS_CONSENT_FIELD: 'texts',
    };
  };

  it('asks for the account, and says that without a public address nothing comes back', async () => {
    const variables = await texting();
    const publicUrl = { PUBLIC_URL: 'https://calls.example.com' };
    const [reached, unreached, wrong] = await Promise.all([
      precall(['doctor'], { ...variables, ...publicUrl }),
      precall(['doctor', '--json'], variables),
      precall(['doctor', '--json'], { ...variables, ...publicUrl, TWILIO_AUTH_TOKEN: 'another' }),
    ]);
    expect(reached).toMatchObject({ code: 0, stdout: expect.stringMatching(/^ok +texting +Twilio/m) });
    expect(unreached.code).toBe(1);
    expect(faultsIn(unreached)).toMatchObject([
      { where: 'PUBLIC_URL', fault: containing('status callback'), cure: containing('/webhook/twilio') },
    ]);
    expect(faultsIn(wrong)).toMatchObject([{ where: 'TWILIO_AUTH_TOKEN', fault: containing('401') }]);
  });
});

describe('precall doctor about the calendar', () => {
  it('asks what the account may do there, and names what is missing', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'precall-calendar-'));
    const calendarId = 'calls@group.calendar.google.com';
    const standIn = await startGoogleCalendarStandIn({ calendarId });
    standIns.push(standIn);
    const [file, broken] = [join(folder, 'key.json'), join(folder, 'broken.json')];
    writeFileSync(file, standIn.key);
    writeFileSync(broken, standIn.key.slice(1));
    const variables = {
      ...env,
      GOOGLE_CALENDAR_ID: calendarId,
      GOOGLE_SERVICE_ACCOUNT_FILE: file,
      GOOGLE_CALENDAR_BASE_URL: standIn.url,
    };
    try {
      const [reached, elsewhere, unreadable] = await Promise.all([
        precall(['doctor'], variables),
        precall(['doctor', '--json'], { ...variables, GOOGLE_CALENDAR_ID: 'another' }),
        precall(['doctor', '--json'], { ...variables, GOOGLE_SERVICE_ACCOUNT_FILE: broken }),
      ]);
      expect(reached).toMatchObject({ code: 0, stdout: expect.stringMatching(/^ok +calendar +Google/m) });
      expect(faultsIn(elsewhere)).toMatchObject([
        { where: 'Google Calendar', cure: containing('gserviceaccount.com the right to make changes') },
      ]);
      expect(faultsIn(unreadable)).toMatchObject([{ fault: containing('key is no JSON: make one') }]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

function isAboutTexts({ where }: { readonly where: string }): boolean {
  return !/^NOTION_(?:BUSINESSX|TOKEN)/.test(where);
}

describe('precall doctor', () => {
  it('ends with 0 where all that was asked is well, names what was not, and has changed nothing', async () => {
    const [crm, mail] = [await notion(), await sendgrid()];
    const precallThere = precallOf({ secrets: [secret] });
    const { base } = await host({ precall: precallThere });
    const given = { ...env, ...crm.env, ...mail.env, BUSINESS_TIME_ZONE: 'America/Toronto' };
    const ended = await precall(['doctor', '--url', base + path], given);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    const unasked = 'Cal.com API, texting, calendar, texts, store';
    expect(ended.stdout.split('\n').at(-2)).toBe(`All that was asked is well. Not asked: ${unasked}.`);
    expect(ended.stdout.match(/^ok/gm)).toHaveLength(5);
    expect(mail.standIn.accepted).toEqual([]);
    expect(crm.standIn.count('patch')).toBe(0);
    const kept = await precallThere.bookings({ page: { limit: 10, cursor: null } });
    expect(kept.unwrap().items).toEqual([]);
    expect((await precallThere.quarantine({ limit: 10, cursor: null })).unwrap().items).toEqual([]);
  });

  it('ends with 1 on five planted faults: five findings, each with a cure of its own', async () => {
    const { 'Booking Status': bookingStatus, ...others } = contacts;
    const crm = await notion({
      contacts: { ...others, 'Booking status': bookingStatus, 'Diagnostic Call Date': { type: 'rich_text' } },
      memberships: { ...memberships, Campaign: { type: 'select', options: ['Christmas 2024'] } },
    });
    const mail = await sendgrid({ domains: { 'example.com': false } });
    const { base } = await host({ precall: precallOf({ secrets: ['another-secret-there'] }) });
    const given = { ...env, ...crm.env, ...mail.env };
    const [ended, told] = await Promise.all([
      precall(['doctor', '--json', '--url', base + path], given),
      precall(['doctor', '--url', base + path], given),
    ]);
    expect(ended).toMatchObject({ code: 1, stderr: '' });
    const findings = faultsIn(ended);
    expect(findings).toMatchObject([
      { where: containing('NOTION_BUSINESSX_DB_ID'), fault: containing('"Booking Status"') },
      { where: containing('NOTION_BUSINESSX_DB_ID'), fault: containing('"Diagnostic Call Date"') },
      { where: containing('NOTION_EMAIL_SEQUENCE_DB_ID'), fault: containing('"Christmas 2025"') },
      { where: 'SENDGRID_FROM', fault: containing('DNS records') },
      { where: base + path, fault: containing('CALCOM_WEBHOOK_SECRET') },
    ]);
    expect(new Set(findings.map(({ cure }) => cure)).size).toBe(5);
    for (const { cure } of findings) expect(cure).toMatch(/^[A-Z].{20,}\.$/);

    expect(told.code).toBe(1);
    for (const { fault, cure } of findings) expect(told.stdout).toContain(`${fault}\n      cure: ${cure}\n`);
    expect(told.stdout).toMatch(/\n5 faults\.\n$/);
    expect(ended.stdout + told.stdout).not.toMatch(/ntn_|SG\.|a-secret/);
  });

  it('prints what the README shows', async () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const shown = /```\n(ok .*?)```/s.exec(readme)?.[1];
    const mail = await sendgrid({ scopes: ['whitelabel.read'] });
    const { stdout } = await precall(['doctor'], {
      ...env,
      ...mail.env,
      BUSINESS_TIME_ZONE: 'America/Toronto',
    });
    expect(stdout.replace(/zone data \w+/, 'zone data 2025c')).toBe(shown);
  });

  it('ends with 78 on variables that are wrong or half-made, with the sentences of the host', async () => {
    const wrong = {
      CALCOM_WEBHOOK_SECRET: 'too-short',
      NOTION_TOKEN: 'ntn_a-token',
      SENDGRID_FROM: 'calls@example.com',
      BUSINESS_TIME_ZONE: 'Mars/Olympus',
      MONGODB_URI: 'postgres://user:hush@example.com',
    };
    const sentences: string[] = [];
    readPartSettings(wrong, { fault: (sentence) => sentences.push(sentence) });
    const ended = await precall(['doctor', '--json'], wrong);
    expect(ended).toMatchObject({ code: 78, stderr: '' });
    const findings = faultsIn(ended);
    const told = findings.map(({ fault, cure }) => `${fault.slice(0, -1)}: ${cure}`);
    expect(told.map((sentence) => sentence.toLowerCase())).toEqual(
      sentences.map((sentence) => sentence.toLowerCase()),
    );
    const { NOTION_TOKEN: _, ...others } = wrong;
    expect(new Set(findings.map(({ where }) => where))).toEqual(
      new Set(['NOTION_BUSINESSX_DB_ID', ...Object.keys(others)]),
    );
    expect(ended.stdout).not.toMatch(/too-short|ntn_|hush/);
  });

  it('logs in at the mail server, and tells a wrong password from a server that is away', async () => {
    const server = new SMTPServer({
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
      onAuth: ({ username, password }, _session, done) =>
        password === 'right' ? done(null, { user: username }) : done(new Error('no such login')),
    });
    const listening = server.listen(0, '127.0.0.1');
    await once(listening, 'listening');
    const { port } = listening.address() as AddressInfo;
    const smtp = (password: string) => ({
      ...env,
      SMTP_URL: `smtp://ada:${password}@127.0.0.1:${port}?tls=off`,
      MAIL_FROM: 'calls@example.com',
    });
    const [right, wrong] = await Promise.all([
      precall(['doctor'], smtp('right')),
      precall(['doctor', '--json'], smtp('wrong-and-secret')),
    ]);
    expect(right.code).toBe(0);
    expect(wrong.code).toBe(1);
    expect(faultsIn(wrong)).toMatchObject([{ where: 'SMTP_URL', cure: containing('percent-encoded') }]);
    await new Promise<void>((resolve) => server.close(() => resolve()));
    const away = await precall(['doctor', '--json'], smtp('wrong-and-secret'));
    expect(away.code).toBe(1);
    expect(faultsIn(away)).toMatchObject([{ where: 'SMTP_URL', cure: containing('reaches it') }]);
    expect(wrong.stdout + away.stdout).not.toContain('wrong-and-secret');
  });

  const uri = process.env.MONGODB_URI;
  const why = uri ? '' : ' (skipped: no MONGODB_URI: run it with scripts/with-mongod.sh)';
  it.skipIf(!uri)(`asks MongoDB, and names an index that is in the way${why}`, async () => {
    const database = `precall-cli-${randomUUID().slice(0, 8)}`;
    const address = new URL(uri ?? '');
    address.pathname = database;
    const client = await MongoClient.connect(address.href);
    try {
      const given = { ...env, MONGODB_URI: address.href };
      expect(await precall(['doctor'], given)).toMatchObject({ code: 0 });
      const records = client.db(database).collection('precall_records');
      await records.dropIndex('precall_keys');
      await records.createIndex({ other: 1 }, { name: 'precall_keys' });
      const ended = await precall(['doctor', '--json'], given);
      expect(ended.code).toBe(1);
      expect(faultsIn(ended)).toMatchObject([
        {
          where: 'MONGODB_URI',
          fault: containing('Index'),
          cure: containing('drop an index'),
        },
      ]);
    } finally {
      await client.db(database).dropDatabase();
      await client.close();
    }
  });

  it('says of a MongoDB that is away how to look for it, and repeats no password', async () => {
    const given = { ...env, MONGODB_URI: 'mongodb://ada:hush-hush@127.0.0.1:1/precall' };
    const ended = await precall(['doctor', '--json'], given);
    expect(ended.code).toBe(1);
    expect(faultsIn(ended)).toMatchObject([{ where: 'MONGODB_URI', cure: containing('reaches it') }]);
    expect(ended.stdout + ended.stderr).not.toContain('hush');
  });
});
