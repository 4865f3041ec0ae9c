import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { partVariables, projectionOf, readPartSettings } from '@precall/node';
import { describe, expect, it } from 'vitest';

const secret = '0123456789abcdef';
const id = '0123456789abcdef0123456789abcdef';
const otherId = 'fedcba98-7654-3210-fedc-ba9876543210';
const publicKey = (namedCurve: string) =>
  generateKeyPairSync('ec', { namedCurve })
    .publicKey.export({ format: 'der', type: 'spki' })
    .toString('base64');
const notion = { NOTION_TOKEN: 'token', NOTION_BUSINESSX_DB_ID: id };
const sequence = { ...notion, NOTION_EMAIL_SEQUENCE_DB_ID: otherId };
const sendgrid = { SENDGRID_API_KEY: 'SG.key', SENDGRID_FROM: 'calls@example.com' };
const smtp = { SMTP_URL: 'smtps://user:hush-hush@mail.example.com', MAIL_FROM: 'calls@example.com' };

function given(variables: { readonly [name: string]: string }) {
  const faults: string[] = [];
  const settings = readPartSettings(
    { CALCOM_WEBHOOK_SECRET: secret, ...variables },
    { fault: (sentence) => faults.push(sentence) },
  );
  return { settings, faults };
}

function settingsOf(variables: { readonly [name: string]: string }) {
  const { settings, faults } = given(variables);
  expect(faults).toEqual([]);
  return settings;
}

describe('readPartSettings', () => {
  it('has no part but Cal.com when nothing else is configured', () => {
    expect(settingsOf({})).toEqual({
      calcom: { secrets: [secret] },
      calcomApi: null,
      notion: null,
      twilio: null,
      googleCalendar: null,
      mail: null,
      texts: null,
      mongodbUri: null,
      businessTimeZone: null,
      publicUrl: null,
      campaign: null,
      ownerEmail: null,
    });
  });

  it('takes from an address no more than what links can begin with', () => {
    const told = (address: string) => settingsOf({ PUBLIC_URL: address }).publicUrl;
    expect(told('https://calls.example.com/base/')).toBe('https://calls.example.com/base');
    expect(told('https://calls.example.com/?')).toBe('https://calls.example.com');
    expect(told('https://calls.example.com/#')).toBe('https://calls.example.com');
    expect(told('https:calls.example.com')).toBe('https://calls.example.com');
  });

  it('repeats no password that stands in an address', () => {
    for (const address of [
      'https://jane:hush-hush@calls.example.com',
      'jane:hush-hush@calls.example.com',
      'ftp://jane:hush/hush@x@calls.example.com',
      `https://${'j'.repeat(80)}:hush-hush@calls.example.com`,
    ]) {
      const [fault] = given({ PUBLIC_URL: address }).faults;
      expect(fault).toMatch(/^PUBLIC_URL is "((https|ftp):\/\/)?\*\*\*@calls\.example\.com":/);
    }
    expect(given({ PUBLIC_URL: 'calls.example.com' }).faults[0]).toContain('is "calls.example.com":');
  });

  it('repeats no token that was given as the account', () => {
    const { faults } = given({ TWILIO_ACCOUNT_SID: 'hush-hush', TWILIO_AUTH_TOKEN: `AC${'1'.repeat(32)}` });
    expect(faults.join('\n')).toContain('TWILIO_ACCOUNT_SID');
    expect(faults.join('\n')).not.toContain('hush-hush');
  });

  it('reads Twilio whole, and names what is missing or no such thing, never the token', () => {
    const whole = {
      TWILIO_ACCOUNT_SID: `AC${'1'.repeat(32)}`,
      TWILIO_AUTH_TOKEN: 'hush-hush',
      TWILIO_MESSAGING_SERVICE_SID: `MG${'2'.repeat(32)}`,
      SMS_CONSENT_FIELD: 'may-we-text',
    };
    expect(settingsOf(whole).twilio).toEqual({
      accountSid: `AC${'1'.repeat(32)}`,
      authToken: 'hush-hush',
      messagingServiceSid: `MG${'2'.repeat(32)}`,
      consentField: 'may-we-text',
      consentProperty: null,
      baseUrl: null,
    });
    const { SMS_CONSENT_FIELD, ...unasked } = whole;
    const inCrm = settingsOf({ ...unasked, SMS_CONSENT_PROPERTY: 'May Be Texted' });
    expect(inCrm.twilio).toMatchObject({ consentField: null, consentProperty: 'May Be Texted' });
    expect(projectionOf(inCrm).properties.smsConsent).toBe('May Be Texted');
    expect(projectionOf(settingsOf(whole)).properties.smsConsent).toBeNull();
    const broken = { TWILIO_ACCOUNT_SID: 'AC1', TWILIO_MESSAGING_SERVICE_SID: 'SK2' };
    const { faults } = given({ ...broken, TWILIO_AUTH_TOKEN: 'hush-hush' });
    expect(faults).toEqual([
      expect.stringMatching(/^TWILIO_ACCOUNT_SID is no account/),
      expect.stringMatching(/^TWILIO_MESSAGING_SERVICE_SID is "SK2"/),
      expect.stringMatching(/^SMS_CONSENT_FIELD is not set/),
    ]);
    expect(given({ SMS_CONSENT_FIELD: 'x' }).faults).toEqual([
      expect.stringMatching(/^SMS_CONSENT_FIELD is set, but TWILIO_ACCOUNT_SID is not/),
    ]);
  });

  it('reads Google Calendar with the text of its key, and names what is missing or cannot be read', () => {
    const folder = mkdtempSync(join(tmpdir(), 'precall-settings-'));
    try {
      const [file, none] = [join(folder, 'key.json'), join(folder, 'none.json')];
      writeFileSync(file, '{"private_key":"hush-hush"}');
      const whole = { GOOGLE_CALENDAR_ID: 'calls@example.com', GOOGLE_SERVICE_ACCOUNT_FILE: file };
      expect(settingsOf(whole).googleCalendar).toEqual({
        calendarId: 'calls@example.com',
        key: '{"private_key":"hush-hush"}',
        names: false,
        baseUrl: null,
      });
      expect(settingsOf({ ...whole, GOOGLE_CALENDAR_NAMES: 'true' }).googleCalendar?.names).toBe(true);
      const { GOOGLE_SERVICE_ACCOUNT_FILE, ...unsigned } = whole;
      for (const [variables, sentence] of [
        [unsigned, /^GOOGLE_SERVICE_ACCOUNT_FILE is not set, but GOOGLE_CALENDAR_ID is: give/],
        [{ ...whole, GOOGLE_SERVICE_ACCOUNT_FILE: none }, /^GOOGLE_SERVICE_ACCOUNT_FILE .* \(ENOENT\): give/],
        [{ ...whole, GOOGLE_CALENDAR_NAMES: 'yes' }, /^GOOGLE_CALENDAR_NAMES is "yes": give true/],
        [{ ...whole, GOOGLE_CALENDAR_BASE_URL: 'google' }, /^GOOGLE_CALENDAR_BASE_URL is "google": give/],
        [
          { GOOGLE_SERVICE_ACCOUNT_FILE },
          /^GOOGLE_SERVICE_ACCOUNT_FILE is set, but GOOGLE_CALENDAR_ID is not/,
        ],
      ] as const) {
        expect(given(variables).faults).toEqual([expect.stringMatching(sentence)]);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('reads Notion with and without memberships', () => {
    const base = { token: 'token', contactsDatabase: id, baseUrl: null, confirmed: null };
    expect(settingsOf(notion).notion).toEqual({ ...base, sequenceDatabase: null, sentProperties: {} });
    expect(
      settingsOf({
        ...sequence,
        NOTION_SENT_PROPERTIES: ' 72h = Email 1 Sent, 24h=Email 2 = two,',
        NOTION_BASE_URL: 'http://127.0.0.1:9/',
      }).notion,
    ).toEqual({
      token: 'token',
      contactsDatabase: id,
      sequenceDatabase: otherId,
      sentProperties: { '72h': 'Email 1 Sent', '24h': 'Email 2 = two' },
      confirmed: null,
      baseUrl: 'http://127.0.0.1:9',
    });
  });

  it('reads where the mail texts are', () => {
    expect(settingsOf({ MAIL_TEMPLATES_DIR: ' texts ' }).texts).toEqual({ kind: 'folder', folder: 'texts' });
    const texts = { kind: 'notion', database: id };
    expect(settingsOf({ ...notion, NOTION_EMAIL_TEMPLATES_DB_ID: id }).texts).toEqual(texts);
  });

  it.each([
    ['Will be there', { property: 'Will be there', choice: null }],
    [' Call = Will be there ', { property: 'Call', choice: 'Will be there' }],
  ])('reads what shows a confirmation: %s', (text, confirmed) => {
    const settings = settingsOf({ ...notion, NOTION_CONFIRMED_PROPERTY: text });
    expect(settings.notion?.confirmed).toEqual(confirmed);
    const { properties, values } = projectionOf(settings);
    expect({ property: properties.confirmed, choice: values.confirmed }).toEqual(confirmed);
  });

  it('takes the address of a database for its id', () => {
    const address = `https://www.notion.so/acme/Contacts-${id}?v=${'0'.repeat(32)}`;
    expect(settingsOf({ ...notion, NOTION_BUSINESSX_DB_ID: address }).notion?.contactsDatabase).toBe(id);
  });

  it.each([
    ['calls@example.com', { email: 'calls@example.com', name: null }],
    ['Ada Lovelace <calls@example.com>', { email: 'calls@example.com', name: 'Ada Lovelace' }],
    ['"Lovelace, Ada" < calls@example.com >', { email: 'calls@example.com', name: 'Lovelace, Ada' }],
    ['<calls@example.com>', { email: 'calls@example.com', name: null }],
  ])('reads the sender %s', (text, from) => {
    expect(settingsOf({ ...sendgrid, SENDGRID_FROM: text }).mail).toMatchObject({ kind: 'sendgrid', from });
    expect(settingsOf({ ...smtp, MAIL_FROM: text }).mail).toMatchObject({ kind: 'smtp', from });
  });

  it('reads the key of delivery events, and where a stand-in is', () => {
    const key = publicKey('prime256v1');
    const more = { SENDGRID_EVENTS_PUBLIC_KEY: key, SENDGRID_BASE_URL: 'http://localhost:1' };
    expect(settingsOf({ ...sendgrid, ...more }).mail).toMatchObject({
      eventsPublicKey: key,
      baseUrl: 'http://localhost:1',
    });
  });

  it('reads how Cal.com can be asked', () => {
    const more = { CALCOM_API_KEY: 'cal_live_x', CALCOM_BASE_URL: 'http://127.0.0.1:9' };
    expect(settingsOf({ CALCOM_API_KEY: 'cal_live_x' }).calcomApi).toEqual({
      apiKey: 'cal_live_x',
      baseUrl: null,
    });
    expect(settingsOf(more).calcomApi).toEqual({ apiKey: 'cal_live_x', baseUrl: 'http://127.0.0.1:9' });
  });

  it.each(['mongodb://127.0.0.1:27017', 'mongodb+srv://user:pw@cluster.example.com/precall'])(
    'takes %s as a store',
    (uri) => {
      expect(settingsOf({ MONGODB_URI: uri }).mongodbUri).toBe(uri);
    },
  );

  it.each([
    ['an API address without key', { CALCOM_BASE_URL: 'http://localhost' }, 'CALCOM_BASE_URL'],
    ['a token alone', { NOTION_TOKEN: 'token' }, 'NOTION_BUSINESSX_DB_ID'],
    ['a database without token', { NOTION_BUSINESSX_DB_ID: id }, 'NOTION_BUSINESSX_DB_ID'],
    ['a sequence without token', { NOTION_EMAIL_SEQUENCE_DB_ID: id }, 'NOTION_EMAIL_SEQUENCE_DB_ID'],
    ['a stand-in without token', { NOTION_BASE_URL: 'http://localhost' }, 'NOTION_BASE_URL'],
    ['a name for an id', { ...notion, NOTION_BUSINESSX_DB_ID: 'Contacts' }, 'NOTION_BUSINESSX_DB_ID'],
    ['marks without sequence', { ...notion, NOTION_SENT_PROPERTIES: '72h=A' }, 'NOTION_SENT_PROPERTIES'],
    ['a mark without property', { ...sequence, NOTION_SENT_PROPERTIES: '72h' }, 'NOTION_SENT_PROPERTIES'],
    ['a mark of no rule', { ...sequence, NOTION_SENT_PROPERTIES: '48h=A' }, 'NOTION_SENT_PROPERTIES'],
    ['a rule twice', { ...sequence, NOTION_SENT_PROPERTIES: '72h=A,72h=B' }, 'NOTION_SENT_PROPERTIES'],
    ['a property twice', { ...sequence, NOTION_SENT_PROPERTIES: '72h=A,24h=A' }, 'NOTION_SENT_PROPERTIES'],
    ['texts without token', { NOTION_EMAIL_TEMPLATES_DB_ID: id }, 'NOTION_EMAIL_TEMPLATES_DB_ID'],
    [
      'texts that are no id',
      { ...notion, NOTION_EMAIL_TEMPLATES_DB_ID: 'x' },
      'NOTION_EMAIL_TEMPLATES_DB_ID',
    ],
    [
      'texts in two places',
      { ...notion, NOTION_EMAIL_TEMPLATES_DB_ID: id, MAIL_TEMPLATES_DIR: 'texts' },
      'MAIL_TEMPLATES_DIR and NOTION_EMAIL_TEMPLATES_DB_ID',
    ],
    ['a confirmation without token', { NOTION_CONFIRMED_PROPERTY: 'A' }, 'NOTION_CONFIRMED_PROPERTY'],
    [
      'a confirmation without option',
      { ...notion, NOTION_CONFIRMED_PROPERTY: 'A=' },
      'NOTION_CONFIRMED_PROPERTY',
    ],
    [
      'a confirmation over what is written',
      { ...notion, NOTION_CONFIRMED_PROPERTY: 'Booking Status=Coming' },
      'NOTION_CONFIRMED_PROPERTY',
    ],
    ['a stand-in that is none', { ...notion, NOTION_BASE_URL: 'localhost:80' }, 'NOTION_BASE_URL'],
    ['a key without sender', { SENDGRID_API_KEY: 'SG.key' }, 'SENDGRID_FROM'],
    ['a sender without key', { SENDGRID_FROM: 'calls@example.com' }, 'SENDGRID_FROM'],
    ['a sender that is none', { ...sendgrid, SENDGRID_FROM: 'calls' }, 'SENDGRID_FROM'],
    ['two senders', { ...sendgrid, SENDGRID_FROM: 'a@example.com, b@example.com' }, 'SENDGRID_FROM'],
    [
      'events without key',
      { SENDGRID_EVENTS_PUBLIC_KEY: publicKey('prime256v1') },
      'SENDGRID_EVENTS_PUBLIC_KEY',
    ],
    [
      'events of a key that is none',
      { ...sendgrid, SENDGRID_EVENTS_PUBLIC_KEY: 'x' },
      'SENDGRID_EVENTS_PUBLIC_KEY',
    ],
    [
      'events of a key on another curve',
      { ...sendgrid, SENDGRID_EVENTS_PUBLIC_KEY: publicKey('secp384r1') },
      'SENDGRID_EVENTS_PUBLIC_KEY',
    ],
    [
      'a stand-in of another scheme',
      { ...sendgrid, SENDGRID_BASE_URL: 'ftp://localhost' },
      'SENDGRID_BASE_URL',
    ],
    ['a server without sender', { SMTP_URL: 'smtp://localhost' }, 'MAIL_FROM'],
    ['a sender without server', { MAIL_FROM: 'calls@example.com' }, 'MAIL_FROM'],
    ['a server of another scheme', { ...smtp, SMTP_URL: 'http://hush-hush@localhost' }, 'SMTP_URL'],
    ['a server without host', { ...smtp, SMTP_URL: 'smtp:hush-hush' }, 'SMTP_URL'],
    ['two mailers', { ...smtp, ...sendgrid }, 'SENDGRID_API_KEY and SMTP_URL'],
    ['a store of another scheme', { MONGODB_URI: 'postgres://hush-hush@localhost' }, 'MONGODB_URI'],
    ['an unknown zone', { BUSINESS_TIME_ZONE: 'Mars/Olympus' }, 'BUSINESS_TIME_ZONE'],
    ['two owners', { OWNER_EMAIL: 'ann@example.com,ben@example.com' }, 'OWNER_EMAIL'],
    ['an owner with a name', { OWNER_EMAIL: 'Ann <ann@example.com>' }, 'OWNER_EMAIL'],
    ['a control character in the owner', { OWNER_EMAIL: 'ann@example.com\u0000x' }, 'OWNER_EMAIL'],
  ])('refuses %s with one sentence that names it and the cure', (_what, variables, name) => {
    const { faults } = given(variables);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(name);
    expect(faults[0]).toMatch(/: .+\.$/);
    expect(faults[0]).not.toContain('hush');
  });

  it('knows the name of every variable that it reads', () => {
    const read = new Set<string>();
    const variables = {
      ...sequence,
      ...smtp,
      MONGODB_URI: 'mongodb://localhost',
      NOTION_SENT_PROPERTIES: '72h=A',
    };
    const noting = (given: object) =>
      readPartSettings(
        new Proxy(
          { CALCOM_WEBHOOK_SECRET: secret, ...given },
          {
            get(target, name) {
              read.add(String(name));
              return Reflect.get(target, name);
            },
          },
        ),
        { fault: () => undefined },
      );
    noting(variables);
    noting(sendgrid);
    noting({});
    expect([...read].sort()).toEqual([...partVariables].sort());
  });
});
