// Naughty strings in every text field of a booking, from the raw webhook to everything that comes out of it. In
// `npm test` each string goes through one of the fields; with FUZZ_SECONDS each goes through every field.
import { describe, expect, it } from 'vitest';
import type { Said } from './calcom-saying.ts';
import { attributesOf, naughty, shape } from './naughty.ts';
import { isLong, fuzzTimeoutMs as timeout } from './security/fuzzing.ts';
import { createWorld } from './world.ts';

const due72 = '2026-11-30T15:00:00Z';
const breaks = ['\r\n', '\r', '\n', '%0d%0a', '\r\n ', '\0', '\v', '\u0085', '\u2028', '\u2029'];
const words = [...naughty, ...breaks.map((one) => `Ana${one}Bcc: all@example.com`)];

type Next = () => string;

/** Every field that may hold any words; a first letter keeps what is blank from being left out. */
const filled = (next: Next): Said['payload'] => ({
  eventTitle: `A ${next()}`,
  type: next(),
  eventTypeId: next(),
  organizer: { name: `A ${next()}`, email: next(), username: next(), timeZone: next() },
  location: `A ${next()}`,
  bookerUrl: 'https://cal.example',
  platformClientId: null,
  videoCallData: null,
  title: next(),
  description: next(),
  cancellationReason: next(),
  responses: { name: { label: next(), value: next() } },
  customInputs: { [`A ${next()}`]: next() },
  metadata: { note: next() },
});
const someone = (email: string, next: Next) => ({
  email,
  name: `A ${next()}`,
  firstName: `A${next()}`,
  timeZone: next(),
  language: { locale: next() },
});
const fieldsInAll = 19;

/** Hands out the words one after the other, beginning with the one at `shift`. */
function inTurn(shift: number): { readonly next: Next; readonly isOver: () => boolean } {
  let used = 0;
  return {
    next: () => words[(shift + used++) % words.length] ?? '',
    isOver: () => used >= words.length,
  };
}
const shifts = Array.from({ length: isLong ? fieldsInAll : 1 }, (_, shift) => shift);

/** A booking of one plain person, and as many of others as it takes to use all the words. */
async function booked(shift: number, payload: (next: Next) => Said['payload']) {
  const world = createWorld({ scheduler: 'none' });
  const answers: string[] = [];
  async function book(next: Next): Promise<void> {
    const index = answers.length;
    const attendees = [someone(`guest${index}@example.com`, next)];
    const said = { uid: `u${index}`, payload: { ...payload(next), attendees } };
    answers.push(JSON.stringify(await world.say('BOOKING_CREATED', said)));
  }
  await book(() => 'plain');
  for (const { next, isOver } = inTurn(shift); !isOver(); ) await book(next);
  await world.tickAt(due72);
  return { world, answers, mails: world.mailer.sent.map(({ message }) => message) };
}

describe('naughty words in every text field of a booking', () => {
  it('come out of intake, mail, CRM, views and troubles with the structure of plain ones', {
    timeout,
  }, async () => {
    for (const shift of shifts) {
      const { world, answers, mails } = await booked(shift, filled);
      const first = mails.find(({ to }) => to === 'guest0@example.com');
      if (!first) throw new Error('the plain one was not sent');
      expect(mails).toHaveLength(answers.length);
      for (const { to, toName, subject, text, html } of mails) {
        expect(to).toMatch(/^guest\d+@example\.com$/);
        for (const line of [toName ?? '', subject]) {
          expect(line).not.toMatch(/[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
        }
        expect(shape(html)).toBe(shape(first.html));
        expect(text.split(/[\n\r\v\u0085\u2028\u2029]/)).toHaveLength(first.text.split('\n').length);
        for (const url of attributesOf(html, 'href')) expect(url).toMatch(/^https:\/\/cal\.example\/[!-~]+$/);
      }

      expect(new Set(answers.map((json) => membersOf(JSON.parse(json)))).size).toBe(1);
      expect(new Set(Object.values(world.fields()).map((one) => JSON.stringify(one))).size).toBe(1);
      expect(world.crm.contacts()).toHaveLength(answers.length);
      const views = await Promise.all(answers.map((_, index) => world.booking(`u${index}`)));
      expect(new Set(views.map((view) => membersOf(JSON.parse(JSON.stringify(view))))).size).toBe(1);
      expect(world.troubles).toEqual([]);
    }
  });

  it('never become a link to anything but https, nor a button', { timeout }, async () => {
    const places = [
      (next: Next) => ({ location: next(), metadata: { videoCallUrl: next() }, bookerUrl: next() }),
      (next: Next) => ({
        location: `https://v.example/${next()}`,
        bookerUrl: `https://cal.example/${next()}`,
      }),
    ];
    for (const place of places) {
      for (const shift of shifts) {
        const { mails } = await booked(shift, (next) => ({
          metadata: null,
          videoCallData: null,
          ...place(next),
        }));
        expect(mails.length).toBeGreaterThan(0);
        for (const { html } of mails) {
          for (const url of attributesOf(html, 'href')) expect(url).toMatch(/^https:\/\/[!-~]+$/);
          expect(html).not.toContain('Join the call');
        }
      }
    }
  });

  it('as uid or address are refused whole, or stay one uid and one address', { timeout }, async () => {
    const world = createWorld({ scheduler: 'none' });
    for (const [index, text] of words.entries()) {
      if (!isLong && index % 4 > 1) continue;
      const asUid = { uid: text };
      const asAddress = { payload: { attendees: [someone(text, () => 'plain')] } };
      for (const said of isLong ? [asUid, asAddress] : [index % 2 ? asUid : asAddress]) {
        expect((await world.say('BOOKING_CREATED', said)).kind).toMatch(/^(?:taken|ignored|not_understood)$/);
      }
    }
    await world.tickAt(due72);
    expect(world.mailer.sent.length).toBeGreaterThan(0);
    for (const { message } of world.mailer.sent) expect(message.to).toMatch(/^[^\s@\p{Cc}]+@[^\s@\p{Cc}]+$/u);
    for (const { sentence } of world.troubles.filter(({ kind }) => kind === 'quarantined')) {
      expect(sentence).toMatch(/^A webhook was not understood: [\w.]+: must be [\w -]+$/);
    }
  });

  it('with a line break in the address never get in: no second recipient, no header (S3)', async () => {
    const world = createWorld({ scheduler: 'none' });
    for (const one of breaks) {
      const email = `ana@example.com${one}Bcc:all@example.com`;
      const answer = await world.say('BOOKING_CREATED', { payload: { attendees: [{ email }] } });
      expect(answer.kind).toBe('not_understood');
    }
    for (const one of breaks.filter((text) => text !== '%0d%0a')) {
      const answer = await world.say('BOOKING_CREATED', {
        payload: { attendees: [{ email: `ana${one}bcc@example.com` }] },
      });
      expect(answer.kind).toBe('not_understood');
    }
  });

  it.each([
    ['nothing visible', '\u200b\u202e', null],
    ['no name at all', null, null],
    ['a direction override', 'Ana \u202egnp.exe', 'Ana gnp.exe'],
  ])('leave %s out of the name a mail is addressed to (S11)', async (_what, name, toName) => {
    const world = createWorld({ scheduler: 'none' });
    await world.say('BOOKING_CREATED', { payload: { attendees: [{ email: 'ana@example.com', name }] } });
    await world.tickAt(due72);
    expect(world.mailer.sent.map(({ message }) => message.toName)).toEqual([toName]);
  });
});

/** The names of all members, without the values. */
function membersOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(membersOf).join()}]`;
  if (typeof value !== 'object' || value === null) return '';
  const members = Object.entries(value).map(([key, inner]) => `${key}:${membersOf(inner)}`);
  return `{${members.join()}}`;
}
