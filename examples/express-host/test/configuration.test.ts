import { describe, expect, it } from 'vitest';
import { readConfiguration } from '../src/configuration.ts';

const secret = '0123456789abcdef';
const given = (variables: object, args: readonly string[] = []) =>
  readConfiguration({ CALCOM_WEBHOOK_SECRET: secret, ...variables }, args);
const alone = (variables: object, args: readonly string[] = []) => readConfiguration({ ...variables }, args);
const faultsOf = (read: ReturnType<typeof readConfiguration>) => (read.isErr() ? read.error : []);

type Refused = readonly [string, ReturnType<typeof readConfiguration>, string];
const refused: readonly Refused[] = [
  ['a missing secret', alone({ HOST: '127.0.0.1' }), 'CALCOM_WEBHOOK_SECRET'],
  ['a missing secret in production', alone({ NODE_ENV: 'production' }), 'CALCOM_WEBHOOK_SECRET'],
  ['an empty secret', alone({ CALCOM_WEBHOOK_SECRET: '' }), 'CALCOM_WEBHOOK_SECRET'],
  ['a blank secret', alone({ CALCOM_WEBHOOK_SECRET: ' ' }), 'CALCOM_WEBHOOK_SECRET'],
  ['a short secret', given({ CALCOM_WEBHOOK_SECRET: '0123456789abcde' }), 'CALCOM_WEBHOOK_SECRET'],
  ['an empty piece', given({ CALCOM_WEBHOOK_SECRET: `${secret},` }), 'CALCOM_WEBHOOK_SECRET'],
  ['a short piece', given({ CALCOM_WEBHOOK_SECRET: `${secret}, abc` }), 'CALCOM_WEBHOOK_SECRET'],
  ['no secret in Cal.com', given({ CALCOM_WEBHOOK_SECRET: 'no-secret-provided' }), 'CALCOM_WEBHOOK_SECRET'],
  ['unsigned beside a secret', given({ CALCOM_UNSIGNED: 'allow' }), 'CALCOM_UNSIGNED'],
  ['another word for unsigned', alone({ CALCOM_UNSIGNED: 'true' }), 'CALCOM_UNSIGNED'],
  ['another word for testing', given({ TESTING_MODE: 'yes' }), 'TESTING_MODE'],
  ['capitals for testing', given({ TESTING_MODE: 'True' }), 'TESTING_MODE'],
  ['an unknown zone', given({ BUSINESS_TIME_ZONE: 'Mars/Olympus' }), 'BUSINESS_TIME_ZONE'],
  ['an offset for a zone', given({ BUSINESS_TIME_ZONE: '+05:00' }), 'BUSINESS_TIME_ZONE'],
  ['a word for a port', given({ PORT: 'http' }), 'PORT'],
  ['a port too high', given({ PORT: '65536' }), 'PORT'],
  ['a negative port', given({ PORT: '-1' }), 'PORT'],
  ['a broken port', given({ PORT: '3000.5' }), 'PORT'],
  ['a port of the demonstration', alone({ PORT: 'x' }), 'PORT'],
  ['an address for a host', given({ HOST: 'http://localhost' }), 'HOST'],
  ['a short password', given({ OPERATOR_PASSWORD: '11character' }), 'OPERATOR_PASSWORD'],
  ['a public address without scheme', given({ PUBLIC_URL: 'precall.example.com' }), 'PUBLIC_URL'],
  ['a public address of another scheme', given({ PUBLIC_URL: 'ftp://example.com' }), 'PUBLIC_URL'],
  ['a name for the owner', given({ OWNER_EMAIL: 'The Owner' }), 'OWNER_EMAIL'],
  ['an unknown level', given({ LOG_LEVEL: 'loud' }), 'LOG_LEVEL'],
  ['an unknown level of the demonstration', alone({ LOG_LEVEL: 'loud' }), 'LOG_LEVEL'],
  ['an unknown argument', given({}, ['--twice']), '--twice'],
  ['an unknown argument of the demonstration', alone({}, ['now']), 'now'],
  ['--once outside the demonstration', given({}, ['--once']), '--once'],
  ['a calendar without a key', given({ GOOGLE_CALENDAR_ID: 'calls' }), 'GOOGLE_SERVICE_ACCOUNT_FILE'],
  ['a short link secret', given({ LINK_SECRET: 'fifteen-letters' }), 'LINK_SECRET'],
];

describe('readConfiguration', () => {
  it('runs the host with its defaults when only a secret is given', () => {
    expect(given({}).unwrap()).toEqual({
      kind: 'host',
      host: '127.0.0.1',
      port: 3000,
      publicUrl: null,
      linkSecret: null,
      dataDir: '.precall',
      testingMode: false,
      askWhoCame: false,
      calendarFiles: false,
      businessTimeZone: null,
      campaign: null,
      ownerEmail: null,
      calcom: { secrets: [secret] },
      calcomApi: null,
      notion: null,
      twilio: null,
      googleCalendar: null,
      mail: null,
      texts: null,
      mongodbUri: null,
      operatorPassword: null,
      logLevel: 'info',
    });
  });

  it('takes what is given', () => {
    const read = given({
      PORT: '0',
      HOST: '::1',
      PUBLIC_URL: 'https://precall.example.com/base/',
      DATA_DIR: '/var/lib/precall',
      TESTING_MODE: 'true',
      ASK_WHO_CAME: 'true',
      CALENDAR_FILES: 'true',
      BUSINESS_TIME_ZONE: 'America/Toronto',
      CAMPAIGN: 'Spring 2027',
      OWNER_EMAIL: 'owner@example.com',
      LINK_SECRET: 'sixteen-letters-',
      OPERATOR_PASSWORD: ' twelve chars',
      LOG_LEVEL: 'debug',
    });
    expect(read.unwrap()).toEqual({
      kind: 'host',
      host: '::1',
      port: 0,
      publicUrl: 'https://precall.example.com/base',
      linkSecret: 'sixteen-letters-',
      dataDir: '/var/lib/precall',
      testingMode: true,
      askWhoCame: true,
      calendarFiles: true,
      businessTimeZone: 'America/Toronto',
      campaign: 'Spring 2027',
      ownerEmail: 'owner@example.com',
      calcom: { secrets: [secret] },
      calcomApi: null,
      notion: null,
      twilio: null,
      googleCalendar: null,
      mail: null,
      texts: null,
      mongodbUri: null,
      operatorPassword: ' twelve chars',
      logLevel: 'debug',
    });
  });

  it('takes several secrets with blanks around them', () => {
    expect(given({ CALCOM_WEBHOOK_SECRET: ` ${secret} , another-of-16-ch ` }).unwrap()).toMatchObject({
      calcom: { secrets: [secret, 'another-of-16-ch'] },
    });
  });

  it('takes unsigned webhooks when that is said and no secret is given', () => {
    expect(alone({ CALCOM_UNSIGNED: 'allow' }).unwrap()).toMatchObject({ calcom: { unsigned: 'allow' } });
  });

  it('counts a variable set to nothing as not set', () => {
    const nothing = { PORT: '', HOST: ' ', TESTING_MODE: '', OPERATOR_PASSWORD: '', NOTION_TOKEN: '' };
    expect(given(nothing)).toEqual(given({}));
    expect(alone(nothing).unwrap()).toMatchObject({ kind: 'demonstration', port: null });
  });

  it.each([
    [{}, [], { port: null, dataDir: '.precall', logLevel: 'info', once: false }],
    [{ PORT: '0', DATA_DIR: 'd', LOG_LEVEL: 'warn' }, [], { port: 0, dataDir: 'd', logLevel: 'warn' }],
    [{ NODE_ENV: 'development' }, ['--once'], { once: true }],
    [{}, ['--', '--once'], { once: true }],
  ])('is the demonstration with nothing but %j %j', (variables, args, expected) => {
    expect(alone(variables, args).unwrap()).toMatchObject({ kind: 'demonstration', ...expected });
  });

  it.each(refused)('refuses %s with one sentence that names it', (_what, read, name) => {
    const faults = faultsOf(read);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(name);
    expect(faults[0]).toMatch(/: .+\.$/);
  });

  it('lists every fault at once', () => {
    const faults = faultsOf(
      given({ PORT: 'x', TESTING_MODE: 'x', CALCOM_WEBHOOK_SECRET: 'short,' }, ['--x']),
    );
    expect(faults).toHaveLength(5);
  });

  it('never repeats a secret or a password', () => {
    const faults = faultsOf(given({ CALCOM_WEBHOOK_SECRET: 'hush-hush', OPERATOR_PASSWORD: 'hush-hush' }));
    expect(faults).toHaveLength(2);
    expect(faults.join()).not.toContain('hush');
  });
});
