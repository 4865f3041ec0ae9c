// From a reminder to the message: whom it goes to, by which sender, with which words, links and file.
import { createMemoryClock, createMemoryMailer, createMemoryTexter } from '@precall/adapter-memory';
import {
  attemptId,
  bookingId,
  defaultPolicy,
  type Facts,
  type Policy,
  type Rule,
  type SendCall,
} from '@precall/core';
import { describe, expect, it } from 'vitest';
import type { BookingCase } from '../src/booking-record.ts';
import { type RecipientId, theHost } from '../src/ids.ts';
import { mailFacts } from '../src/mail-facts.ts';
import { countedFor, markOf, messageOf, renderMessage, sendBy, senderOf } from '../src/outgoing.ts';
import type { Channel } from '../src/ports.ts';
import { Err } from '../src/result.ts';
import type { LinkUse, SignedLinks } from '../src/signed-links.ts';
import { agreedCall, ana, at, ben, hours } from './agreed-call.ts';

const now = at('2026-12-03T13:00:00Z');
const startAt = at('2026-12-03T15:00:00Z');
const stamp = { saidAt: at('2026-11-20T12:00:00Z'), rank: 4 };
const ownerOfNumber = 'c'.repeat(32) as RecipientId;
const jane = 'd'.repeat(32) as RecipientId;
const said: Policy['content'] = {
  needs: [],
  render: () => ({ subject: 'Two\nhours', text: 'Soon.', html: '<p>Soon.</p>' }),
};

/** A call of Ana, who gave a number, hosted by Jane. */
function called(name: string | null = 'Ana Ruiz'): Facts {
  const facts = agreedCall({ startAt, agreedAt: stamp.saidAt });
  const { [ana]: person } = facts.people;
  const details = person?.details && { ...person.details, value: { ...person.details.value, name } };
  const address = { email: 'jane@example.com', locale: null, id: jane };
  const known = {
    ...person,
    details,
    phone: { value: { number: '+33612345678', id: ownerOfNumber }, stamp },
  };
  return {
    ...facts,
    host: { value: { name: 'Jane Doe', timeZone: null, address }, stamp },
    people: { [ana]: known } as Facts['people'],
  };
}

function reminderOf(
  options: { readonly rule?: Partial<Rule>; readonly policy?: Partial<Policy>; readonly facts?: Facts } = {},
  recipient: RecipientId = ana,
): BookingCase {
  const rule: Rule = { name: '2h', when: { before: hours(2) }, ...options.rule };
  return {
    key: 'reminder' as BookingCase['key'],
    reminder: {
      ...{ rule, channel: 'mail', recipient, startAt, askedAt: now, dueAt: now },
      ...{ usefulUntil: startAt, skip: null },
    },
    facts: options.facts ?? called(),
    ...{ entry: null, person: null, phone: null, bookings: null },
    policy: { ...defaultPolicy, content: said, ...options.policy },
    now,
  };
}

const wordsFor = ({ reminder, facts, policy }: BookingCase) => mailFacts(reminder, facts, policy, now);
const rendered = (one: BookingCase, channel: Channel = 'mail') =>
  renderMessage(one, channel, wordsFor(one)).unwrap().message;

describe('the sender', () => {
  const clock = createMemoryClock(now);
  const call: SendCall = { attemptId: attemptId('a1'), onceKey: 'once', deadline: now.add({ seconds: 10 }) };
  const mailed = { channel: 'mail', message: rendered(reminderOf()) as never } as const;
  const texted = { channel: 'sms', message: { to: '+33612345678', text: 'Soon.' } } as const;

  it('is the mailer for mails and the texter for texts', async () => {
    const senders = {
      mail: createMemoryMailer({ clock }),
      sms: createMemoryTexter({ clock, doubt: 'silent' }),
    };
    expect([senderOf(senders, 'mail').doubt, senderOf(senders, 'sms').doubt]).toEqual(['once', 'silent']);
    await sendBy(senders, mailed, call);
    await sendBy(senders, texted, call);
    expect(senders.mail.sent.map(({ message }) => message)).toEqual([mailed.message]);
    expect(senders.sms.sent.map(({ message }) => message)).toEqual([texted.message]);
  });

  it('of texts tells nothing where there is none any more, and sends nothing', async () => {
    const senders = { mail: createMemoryMailer({ clock }) };
    expect(senderOf(senders, 'sms')).toEqual({ doubt: 'silent' });
    await expect(sendBy(senders, texted, call)).rejects.toThrow(
      'a rule that goes by sms has a texter: give createPrecall its `texter`',
    );
  });

  it('is left alone for an hour at most', async () => {
    const wish = { kind: 'unavailable', reason: 'busy', retryAfter: hours(5) } as const;
    const mail = { ...createMemoryMailer({ clock }), send: async () => Err(wish) };
    const { retryAfter, ...error } = (await sendBy({ mail }, mailed, call)).unwrapErr() as typeof wish;
    expect([error, `${retryAfter}`]).toEqual([{ kind: 'unavailable', reason: 'busy' }, 'PT1H']);
  });
});

describe('the mark of an attempt', () => {
  it('is none for a mail to somebody on the call, and names the number or the host’s address otherwise', () => {
    expect(markOf(reminderOf(), 'mail')).toBeUndefined();
    expect(markOf(reminderOf(), 'sms')).toEqual({ channel: 'sms', to: ownerOfNumber });
    expect(markOf(reminderOf({}, theHost), 'mail')).toEqual({ channel: 'mail', to: jane });
    expect(markOf(reminderOf({}, ben), 'sms')).toBeUndefined();
  });

  it('says whose messages it counts among', () => {
    expect(countedFor(reminderOf(), undefined)).toEqual([ana]);
    expect(countedFor(reminderOf(), { channel: 'sms', to: ownerOfNumber })).toEqual([ana, ownerOfNumber]);
    expect(countedFor(reminderOf({}, theHost), { channel: 'mail', to: jane })).toEqual([jane]);
  });
});

describe('the words', () => {
  it('of a mail go to the address, by name, with a subject of one line', () => {
    expect(rendered(reminderOf())).toEqual({
      ...{ to: 'someone@example.com', toName: 'Ana Ruiz' },
      ...{ subject: 'Two hours', text: 'Soon.', html: '<p>Soon.</p>' },
    });
  });

  it.each([
    [null, null],
    ['\u200b', null],
    ['A'.repeat(120), 'A'.repeat(100)],
  ])('name %j as %j', (name, toName) => {
    expect(rendered(reminderOf({ facts: called(name) }))).toMatchObject({ toName });
  });

  it('of a text are the rule’s or the policy’s, without blanks around them', () => {
    const saying = (text: string) => ({ needs: [], render: () => text });
    const policy = { textContent: saying(' By the policy. ') };
    const rule = { textContent: saying(' By the rule.\n') };
    expect(rendered(reminderOf({ policy }), 'sms')).toEqual({ to: '+33612345678', text: 'By the policy.' });
    expect(rendered(reminderOf({ policy, rule }), 'sms')).toMatchObject({ text: 'By the rule.' });
  });

  it('that cannot be made are told by the name of their rule', () => {
    const broken = reminderOf({
      policy: {
        content: {
          needs: [],
          render() {
            throw new Error('no words');
          },
        },
      },
    });
    const found = renderMessage(broken, 'mail', wordsFor(broken));
    expect(found.unwrapErr()).toBe('The text of rule "2h" could not be made.');
  });
});

describe('the message of an attempt', () => {
  const uses: LinkUse[] = [];
  const links: SignedLinks = {
    url(use) {
      uses.push(use);
      return `https://example.com/${use.act}`;
    },
  } as SignedLinks;
  const booking = bookingId('calcom', 'u1');
  const behind = new Map([[booking, called()]]);
  const attempt = attemptId('a1');
  const made = (one: BookingCase, by: SignedLinks | null = links, channel: Channel = 'mail') =>
    messageOf(one, { channel, facts: wordsFor(one) }, { links: by, attempt, booking, behind });

  it('carries links: to say that one will be there, and to get no more', () => {
    uses.length = 0;
    expect(made(reminderOf()).unwrap().message).toMatchObject({ unsubscribe: 'https://example.com/stop' });
    expect(uses).toEqual([
      { act: 'attend', attempt },
      { act: 'stop', recipient: ana },
    ]);
  });

  it('to the host asks who came, and stops what goes to their address', () => {
    uses.length = 0;
    const rule = { to: 'host' } as const;
    made(reminderOf({ rule }, theHost)).unwrap();
    expect(uses).toEqual([
      { act: 'who_came', attempt },
      { act: 'stop', recipient: jane },
    ]);
  });

  it('carries no links where there are none', () => {
    const { message } = made(reminderOf(), null).unwrap();
    expect(message).not.toHaveProperty('unsubscribe');
  });

  const file = { fileName: 'call.ics', method: 'REQUEST', content: 'BEGIN:VCALENDAR' } as const;

  it('carries the file that the policy makes for its recipient, of what is known by now', () => {
    const asked: unknown[] = [];
    const calendarFile: Policy['calendarFile'] = (call) => {
      asked.push(call);
      return file;
    };
    const one = reminderOf({ policy: { calendarFile } });
    expect(made(one).unwrap().message).toMatchObject({ subject: 'Two hours', calendar: file });
    expect(asked).toEqual([{ id: booking, bookings: behind, recipient: ana, now }]);
  });

  it('carries none where the policy makes none, and where it is a text', () => {
    const none = reminderOf({ policy: { calendarFile: () => null } });
    expect(made(none).unwrap().message).not.toHaveProperty('calendar');
    const one = reminderOf({ policy: { calendarFile: () => file } });
    expect(made(one, links, 'sms').unwrap().message).not.toHaveProperty('calendar');
  });

  it('is none where its file cannot be made, and says of which rule', () => {
    const calendarFile = () => {
      throw new Error('no file');
    };
    expect(made(reminderOf({ policy: { calendarFile } })).unwrapErr()).toBe(
      'The calendar file of rule "2h" could not be made.',
    );
  });
});
