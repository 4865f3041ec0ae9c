import { type MailFacts, type Place, Temporal } from '@precall/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultReminder, isTrustedMeetingLink } from '../src/reminder-mail.ts';
import { at } from './agreed-call.ts';
import { attributesOf, naughty, shape, wordsOf } from './naughty.ts';

const known: MailFacts = {
  rule: '72h',
  startAt: at('2026-12-03T15:00:00Z'),
  endAt: at('2026-12-03T15:30:00Z'),
  now: at('2026-11-30T15:00:02Z'),
  timeZone: 'Europe/Berlin',
  locale: 'en',
  firstName: 'Ana',
  name: 'Ana Ruiz',
  host: { name: 'Jane Doe', timeZone: 'America/New_York' },
  about: { title: 'Diagnostic call', eventType: null },
  place: { kind: 'link', url: 'https://meet.google.com/abc-defg-hij' },
  placeIsTrusted: true,
  links: { move: 'https://cal.com/reschedule/abc', cancel: 'https://cal.com/booking/abc?cancel=true' },
  segment: null,
  responses: {},
  answers: null,
};
const unknown: MailFacts = {
  ...known,
  firstName: null,
  name: null,
  host: null,
  about: null,
  place: null,
  placeIsTrusted: false,
  links: null,
};
const mail = (facts: Partial<MailFacts> = {}) => defaultReminder.render({ ...known, ...facts });

describe('defaultReminder', () => {
  it('says who, what, when, where and how to change it, in text', () => {
    expect(mail().subject).toBe('Your call with Jane Doe starts in 3 days');
    expect(mail().text).toBe(
      [
        'Hi Ana,',
        '',
        'Your call with Jane Doe starts in 3 days.',
        '',
        'Diagnostic call',
        'Thursday, December 3, 2026',
        '4:00 PM to 4:30 PM, Central European Standard Time (Europe/Berlin, GMT+1)',
        'For Jane Doe: 10:00 AM, Eastern Standard Time (America/New_York, GMT−5)',
        '',
        'Join: https://meet.google.com/abc-defg-hij',
        '',
        'Move the call: https://cal.com/reschedule/abc',
        'Cancel the call: https://cal.com/booking/abc?cancel=true',
        '',
        'You get this mail because this call was booked with your address.',
        '',
      ].join('\n'),
    );
  });

  it('says the same in HTML, with a button to join', () => {
    const words = wordsOf(mail().html);
    for (const line of [
      'Hi Ana,',
      'Diagnostic call',
      'Thursday, December 3, 2026',
      '4:00 PM to 4:30 PM',
      'Join the call',
    ]) {
      expect(words).toContain(line);
    }
    expect(attributesOf(mail().html, 'href')).toEqual([
      'https://meet.google.com/abc-defg-hij',
      'https://cal.com/reschedule/abc',
      'https://cal.com/booking/abc?cancel=true',
    ]);
  });

  it('leaves out what is not known', () => {
    const { subject, text, html } = defaultReminder.render(unknown);
    expect(subject).toBe('Your call starts in 3 days');
    expect(text).toBe(
      [
        'Hello,',
        '',
        'Your call starts in 3 days.',
        '',
        'Thursday, December 3, 2026',
        '4:00 PM to 4:30 PM, Central European Standard Time (Europe/Berlin, GMT+1)',
        '',
        'You get this mail because this call was booked with your address.',
        '',
      ].join('\n'),
    );
    expect(attributesOf(html, 'href')).toEqual([]);
  });

  it('states the time that remains, not the rule', () => {
    expect(mail({ now: at('2026-12-03T14:59:56Z') }).subject).toBe(
      'Your call with Jane Doe starts in a few seconds',
    );
    expect(mail({ now: at('2026-12-03T13:00:03Z') }).subject).toBe(
      'Your call with Jane Doe starts in 2 hours',
    );
  });

  it('names the day once the call has begun', () => {
    const late = mail({ now: known.startAt });
    expect(late.subject).toBe('Your call with Jane Doe on Thursday, December 3, 2026');
    expect(late.text).toContain('This is about your call with Jane Doe.');
  });

  it('shows a link that is not trusted as text only', () => {
    const url = 'https://video.example.com/room';
    const { text, html } = mail({ place: { kind: 'link', url }, placeIsTrusted: false, links: null });
    expect(attributesOf(html, 'href')).toEqual([]);
    expect(wordsOf(html)).toContain(`Join: ${url}`);
    expect(text).toContain(`Join: ${url}`);
  });

  it.each<[Place, string]>([
    [{ kind: 'phone', number: '+49 30 123456' }, 'By phone: +49 30 123456'],
    [{ kind: 'address', text: 'Main St. 5, Springfield' }, 'Where: Main St. 5, Springfield'],
  ])('says the place %o', (place, line) => {
    const { text, html } = mail({ place, placeIsTrusted: false });
    expect(text).toContain(`\n${line}\n`);
    expect(wordsOf(html)).toContain(line);
  });

  it.each<Place>([{ kind: 'none' }, { kind: 'pending' }])(
    'says nothing about a place that is %o',
    (place) => {
      expect(mail({ place, placeIsTrusted: false }).text).not.toMatch(/Join|Where|phone/);
    },
  );

  it("gives the host's time only where it differs, with the day where that differs", () => {
    const inZone = (timeZone: string | null): string => mail({ host: { name: '', timeZone } }).text;
    expect(inZone('Asia/Tokyo')).toContain(
      'For your host: 12:00 AM on Friday, December 4, 2026, Japan Standard Time',
    );
    expect(inZone('Europe/Paris')).not.toContain('For your host');
    expect(inZone('No/Where')).not.toContain('For your host');
    expect(inZone(null)).not.toContain('For your host');
  });

  it('gives it also where the clocks show the same time of another day', () => {
    const host = { name: 'Jane', timeZone: 'Pacific/Honolulu' };
    const { text } = mail({ host, timeZone: 'Pacific/Kiritimati' });
    expect(text).toContain('For Jane: 5:00 AM on Thursday, December 3, 2026');
  });

  it('leaves no empty paragraph in HTML where something is not known', () => {
    for (const facts of [{}, unknown]) expect(mail(facts).html).not.toMatch(/<p[^>]*>\s*<\/p>/);
  });

  it('has it in HTML below its own time, and has nothing there where there is no other', () => {
    const lines = (timeZone: string | null) =>
      wordsOf(mail({ host: { name: 'Jane', timeZone }, about: null }).html).split('\n');
    const other = lines('Asia/Tokyo');
    const own = other.findIndex((line) => line.startsWith('Central European'));
    expect(other[own + 1]).toContain('For Jane: 12:00 AM on Friday, December 4, 2026, Japan Standard Time');
    expect(lines('Europe/Paris').join('\n')).not.toMatch(/For (Jane|your host)|null/);
  });

  it('speaks in HTML of a time that does not suit only where it can be changed', () => {
    const unsuited = 'Does the time no longer suit you?';
    expect(wordsOf(mail().html)).toContain(unsuited);
    expect(wordsOf(mail({ links: null }).html)).not.toContain(unsuited);
  });

  it('shows another place as words, and a title only where there is one', () => {
    const place = { kind: 'phone', number: '+49 30 123456' } as const;
    expect(wordsOf(mail({ place }).html)).toContain('+49 30 123456');
    expect(attributesOf(mail({ place, links: null }).html, 'href')).toEqual([]);
    const bare = (html: string) => html.replace(/<style>.*<\/style>/s, '').match(/<p/g)?.length;
    expect(bare(mail({ about: null, place: null }).html)).toBe((bare(mail().html) ?? 0) - 2);
  });

  it('leaves out links that lead anywhere but to https', () => {
    const links = { move: 'javascript:alert(1)', cancel: null };
    expect(mail({ links }).text).not.toMatch(/Move|Cancel/);
    expect(attributesOf(mail({ links }).html, 'href')).toEqual(['https://meet.google.com/abc-defg-hij']);
  });

  it('offers to say that one will be there, and to end these mails', () => {
    const answers = {
      attend: 'https://calls.example.com/link/a.1.2',
      stop: 'https://calls.example.com/link/s.1.2',
    };
    const { text, html } = mail({ answers });
    expect(text).toContain(`\nI will be there: ${answers.attend}\n`);
    expect(text.endsWith(`\nStop these mails: ${answers.stop}\n`)).toBe(true);
    expect(attributesOf(html, 'href')).toEqual(expect.arrayContaining(Object.values(answers)));
  });

  it('shows links of a host without https as words', () => {
    const answers = { attend: 'http://127.0.0.1:3000/link/a.1.2', stop: 'http://127.0.0.1:3000/link/s.1.2' };
    const { html } = mail({ answers, links: null, placeIsTrusted: false });
    expect(attributesOf(html, 'href')).toEqual([]);
    expect(wordsOf(html)).toContain(`Stop these mails: ${answers.stop}`);
  });

  it('falls back to UTC for a zone that is not known here', () => {
    expect(mail({ timeZone: 'No/Where', host: null }).text).toContain('3:00 PM to 3:30 PM, Coordinated');
  });

  it('holds no picture, no script and nothing to load', () => {
    expect(mail().html).not.toMatch(/<img|<script|<link|@import|url\(|src=/i);
  });

  it('keeps its structure and its lines whatever strangers write', () => {
    const place: Place = { kind: 'address', text: 'x' };
    const filled = (words: string): MailFacts => ({
      ...known,
      firstName: `A${words}`,
      host: { name: `A${words}`, timeZone: words },
      about: { title: `A${words}`, eventType: words },
      locale: words,
      timeZone: words,
      place: { ...place, text: `A${words}` },
      placeIsTrusted: false,
      links: { move: `https://a.example/${words}`, cancel: 'https://a.example/' },
    });
    const expected = shape(defaultReminder.render(filled('x')).html);
    const withoutMove = shape(
      defaultReminder.render({ ...filled('x'), links: { move: null, cancel: 'https://a.example/' } }).html,
    );
    const keeps = (words: string): void => {
      const { subject, text, html } = defaultReminder.render(filled(words));
      const hasMove = text.includes('Move the call');
      expect(shape(html)).toBe(hasMove ? expected : withoutMove);
      expect(text.split(/[\n\r\u2028\u2029\u0085]/)).toHaveLength(hasMove ? 15 : 14);
      expect(subject).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e]/u);
      expect(attributesOf(html, 'href').every((url) => url.startsWith('https://a.example/'))).toBe(true);
    };
    naughty.forEach(keeps);
    fc.assert(fc.property(fc.string({ unit: 'binary' }), keeps));
  });

  it('can be made for every zone and moment', () => {
    const zone = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
    const ms = fc.integer({ min: -8.64e15, max: 8.64e15 - 3600_000 });
    fc.assert(
      fc.property(zone, ms, ms, (timeZone, start, now) => {
        const [startAt, sentAt] = [start, now].map((one) => Temporal.Instant.fromEpochMilliseconds(one));
        if (!startAt || !sentAt) return;
        const { subject } = mail({ timeZone, startAt, endAt: startAt.add({ hours: 1 }), now: sentAt });
        expect(subject).toMatch(/^Your call with Jane Doe (?:starts in |on )/);
      }),
    );
  });
});

describe('isTrustedMeetingLink', () => {
  it.each([
    'https://meet.google.com/abc-defg-hij',
    'https://app.cal.com/video/x',
    'https://cal.com/video/x?y=1#z',
    'https://zoom.us/j/123?pwd=a%20b',
    'https://us02web.zoom.us/j/123',
    'https://teams.microsoft.com/l/meetup-join/19%3ameeting_x%40thread.v2/0?context=%7b%7d',
    'https://teams.live.com/meet/1',
    'https://whereby.com',
    'https://acme.whereby.com/room',
    'HTTPS://MEET.GOOGLE.COM/x',
    'https://meet.acme.example/x',
  ])('trusts %s', (url) => {
    expect(isTrustedMeetingLink(url, ['Meet.Acme.example'])).toBe(true);
  });

  it.each([
    'http://meet.google.com/x',
    'https://evil.com/meet.google.com',
    'https://meet.google.com.evil.com/x',
    'https://evilzoom.us/j/1',
    'https://meet.google.com@evil.com/x',
    'https://user:pass@zoom.us/j/1',
    'https://zoom.us\\@evil.com/',
    'https://zoom.us:8443/j/1',
    'https://zoom.us./j/1',
    'https://zооm.us/j/1',
    'https://xn--zm-fmca.us/j/1',
    'https://zoom.us/ j',
    'https://zoom.us/"x',
    '//zoom.us/j/1',
    'zoom.us/j/1',
    'javascript:https://zoom.us/j/1',
    'https://meet.acme.example/x',
    '',
  ])('does not trust %j', (url) => {
    expect(isTrustedMeetingLink(url)).toBe(false);
  });

  it('trusts no naughty words', () => {
    expect(naughty.filter((words) => isTrustedMeetingLink(words))).toEqual([]);
  });
});
