import { describe, expect, it } from 'vitest';
import { createCalcomSource } from '../src/index.ts';
import { pathsOf, receivedAt, sampleWith, secret, updateOf } from './samples.ts';

const first = (person: { [name: string]: unknown }) =>
  updateOf(sampleWith('BOOKING_CREATED', { attendees: [{ email: 'a@example.com', ...person }] }))
    .attendees[0];
const hostOf = (fields: { [name: string]: unknown }) => updateOf(sampleWith('BOOKING_CREATED', fields)).host;

describe('an address', () => {
  it.each([
    [' guest@example.com\r\n', 'guest@example.com'],
    ["O'Brien+tag@Sub.Example.COM", "O'Brien+tag@Sub.Example.COM"],
    ['a@b', 'a@b'],
    ['用户@例子.广告', '用户@例子.广告'],
    [`${'a'.repeat(242)}@example.com`, `${'a'.repeat(242)}@example.com`],
  ])('%j is taken as %j', (email, taken) => {
    expect(first({ email })).toMatchObject({ email: taken, mailable: true });
  });

  it.each([
    '',
    '@',
    'a@',
    '@b',
    'ab',
    'a@b@c',
    'a@b,c@d',
    'a b@c',
    'a@b\nBcc:x',
    'a@b\rc',
    'a@b\u0000c',
    'a@b\u0085c',
    'a@b\u2028c',
    'a@b\u2029c',
    'a\u00a0@b',
    'a@b\ud800',
    `${'a'.repeat(243)}@example.com`,
    5,
    null,
    undefined,
    { $gt: '' },
    ['a@b'],
  ])('%j is refused at its place', (email) => {
    const attendees = [{ email: 'a@example.com' }, { email }];
    expect(pathsOf(sampleWith('BOOKING_CREATED', { attendees }))).toEqual(['payload.attendees.1.email']);
  });

  it.each(['919876543210@sms.cal.com', '1@SMS.Cal.com'])(
    '%s stands for a phone and cannot be mailed',
    (email) => {
      expect(first({ email })).toMatchObject({ email, mailable: false });
    },
  );

  it.each(['a@sms.cal.com.example.com', 'a@notsms.cal.com'])('%s can be mailed', (email) => {
    expect(first({ email })?.mailable).toBe(true);
  });
});

describe('a name', () => {
  it.each([
    ['  Zoë  ', 'Zoë'],
    ['A\r\nBcc: x', 'A  Bcc: x'],
    ['A\u2028B\u0085C\u0000D', 'A B C D'],
    ['lone \ud83d', 'lone \ufffd'],
    ['a'.repeat(101), 'a'.repeat(100)],
    [`${'a'.repeat(99)}😀`, 'a'.repeat(99)],
    [`${'a'.repeat(98)}😀b`, `${'a'.repeat(98)}😀`],
    ['', null],
    ['\n', null],
    [null, null],
    [undefined, null],
    [{ firstName: 'A' }, null],
    [7, null],
  ])('%j is kept as %j', (written, kept) => {
    expect(first({ name: written, firstName: written })).toMatchObject({ name: kept, firstName: kept });
  });
});

describe('a time zone', () => {
  it.each([
    ['Europe/Zagreb', 'Europe/Zagreb'],
    ['Asia/Calcutta', 'Asia/Calcutta'],
    ['Asia/Kolkata', 'Asia/Kolkata'],
    ['Etc/GMT+5', 'Etc/GMT+5'],
    ['UTC', 'UTC'],
    ['Mars/Olympus', null],
    ['+02:00', null],
    ['Europe/Zagreb\n', null],
    ['constructor', null],
    ['', null],
    [null, null],
    [120, null],
    ['a'.repeat(30_000), null],
  ])('%j is kept as %j', (timeZone, kept) => {
    expect(first({ timeZone })?.timeZone).toBe(kept);
    expect(hostOf({ organizer: { name: 'Host', timeZone } })?.timeZone).toBe(kept);
  });
});

describe('a locale', () => {
  it.each([
    [{ language: { locale: 'pt-br' } }, 'pt-BR'],
    [{ locale: 'en' }, 'en'],
    [{ language: { locale: null }, locale: 'de' }, 'de'],
    [{ language: { locale: 'zh_CN' } }, null],
    [{ language: { locale: '' } }, null],
    [{ language: 'en' }, null],
    [{ locale: `en-${'a'.repeat(40)}` }, null],
    [{}, null],
  ])('of %j is %j', (person, locale) => {
    expect(first(person)?.locale).toBe(locale);
  });
});

describe('the host', () => {
  it('is the organizer, else the user, with name and zone only', () => {
    const user = { name: 'User', email: 'user@example.com', timeZone: 'UTC' };
    expect(hostOf({ organizer: { name: 'Host', email: 'h@example.com', timeZone: 'UTC' }, user })).toEqual({
      name: 'Host',
      timeZone: 'UTC',
    });
    expect(hostOf({ organizer: undefined, user })).toEqual({ name: 'User', timeZone: 'UTC' });
  });

  it('keeps the address and the language only where it was told to, and none that is no address', () => {
    const keeping = createCalcomSource({ secrets: [secret], hostAddress: 'keep' });
    const kept = (organizer: object) => {
      const parsed = keeping.parse(sampleWith('BOOKING_CREATED', { organizer }), receivedAt).unwrap();
      return 'updates' in parsed ? parsed.updates[0]?.host : null;
    };
    const host = { name: 'Host', email: ' h@example.com ', language: { locale: 'fr-ca' } };
    expect(kept(host)).toEqual({
      name: 'Host',
      timeZone: null,
      address: { email: 'h@example.com', locale: 'fr-CA' },
    });
    for (const email of [undefined, 'h@example.com,i@example.com', 'nobody'])
      expect(kept({ ...host, email })).toEqual({ name: 'Host', timeZone: null });
  });

  it('is not known without a name', () => {
    for (const organizer of [undefined, null, 5, {}, { name: ' ' }]) expect(hostOf({ organizer })).toBeNull();
  });
});

describe('what the call is about', () => {
  const about = (fields: { [name: string]: unknown }) =>
    updateOf(sampleWith('BOOKING_CREATED', fields)).about;

  it('is the name of the kind of call, never the title of the meeting: it holds names', () => {
    expect(about({ eventTitle: null, title: 'A between B and C' })).toEqual({
      title: null,
      eventType: '123',
    });
  });

  it('names its type by number, else by slug', () => {
    expect(about({ eventTypeId: '7' })?.eventType).toBe('7');
    expect(about({ eventTypeId: null })?.eventType).toBe('standard-event-type');
    expect(about({ eventTypeId: {}, type: undefined })?.eventType).toBeNull();
  });

  it('is not said when nothing is', () => {
    expect(about({ eventTitle: '', eventTypeId: null, type: null })).toBeNull();
  });
});

describe('the offset of a zone', () => {
  it.each([
    [{ timeZone: 'Asia/Kolkata', utcOffset: 330 }, [{ timeZone: 'Asia/Kolkata', minutes: 330 }]],
    [{ timeZone: 'Asia/Kolkata' }, []],
    [{ timeZone: 'Asia/Kolkata', utcOffset: '330' }, []],
    [{ timeZone: 'Nowhere/Land', utcOffset: 330 }, []],
    [{ utcOffset: 330 }, []],
  ])('of %o is taken as %o', (person, offsets) => {
    const attendees = [{ email: 'a@example.com', ...person }];
    expect(updateOf(sampleWith('BOOKING_CREATED', { attendees })).offsets).toEqual(offsets);
  });
});
