// By which way a reminder goes, and whose wishes count for it.
import { describe, expect, it } from 'vitest';
import {
  addressOf,
  channelNow,
  isOpen,
  ownerOf,
  ownId,
  quietHoursOf,
  whomItConcerns,
  wordsOf,
} from '../src/channel.ts';
import type { Facts, PersonFacts } from '../src/facts.ts';
import type { Case } from '../src/gate.ts';
import { attemptId, recipientId, theHost } from '../src/ids.ts';
import { claim, finish, newEntry, report, settle } from '../src/ledger.ts';
import type { LedgerEntry } from '../src/ledger-types.ts';
import { newPerson } from '../src/person.ts';
import type { PlannedReminder } from '../src/plan.ts';
import { defaultPolicy, type Rule } from '../src/policy.ts';
import type { Channel } from '../src/ports.ts';
import { agreedCall, ana, at, hours } from './agreed-call.ts';

const startAt = at('2026-12-03T15:00:00Z');
const dueAt = at('2026-12-03T13:00:00Z');
const said = { saidAt: at('2026-11-23T12:00:00Z'), rank: 4 };
const phoneId = recipientId('c'.repeat(32));
const hostId = recipientId('d'.repeat(32));
const call = agreedCall({
  startAt,
  agreedAt: at('2026-11-23T12:00:00Z'),
  people: { [ana]: { timeZone: 'Europe/Paris' } },
});
const withPerson = (changes: Partial<PersonFacts>): Facts => ({
  ...call,
  people: { [ana]: { ...call.people[ana], ...changes } as PersonFacts },
});
const phone = { value: { number: '+33612345678', id: phoneId }, stamp: said };
const consent = { value: { given: true, words: '' } as never, stamp: said };
const textable = withPerson({ phone, consent });
const hosted: Facts = {
  ...call,
  host: {
    value: { name: 'Jane', timeZone: null, address: { email: 'jane@example.com', id: hostId } as never },
    stamp: said,
  },
};
const byMail: Rule = { name: '2h', when: { before: hours(2) } };
const falling: Rule = { ...byMail, fallback: 'sms' };
const bySms: Rule = { ...byMail, channel: 'sms' };
const reminderOf = (rule: Rule, recipient = ana): PlannedReminder => ({
  rule,
  channel: rule.channel ?? 'mail',
  recipient,
  startAt,
  askedAt: dueAt,
  dueAt,
  usefulUntil: startAt,
  skip: null,
});

describe('addressOf', () => {
  it('is the address, or the number, and whose wishes are kept by it', () => {
    const email = 'someone@example.com';
    expect(addressOf(textable, ana, 'mail')).toEqual({ address: email, id: ana });
    expect(addressOf(textable, ana, 'sms')).toEqual({ address: '+33612345678', id: phoneId });
    expect(addressOf(hosted, theHost, 'mail')).toEqual({ address: 'jane@example.com', id: hostId });
  });

  it('is none where it was not said', () => {
    expect(addressOf(call, ana, 'sms')).toBeNull();
    expect(addressOf(withPerson({ details: null }), ana, 'mail')).toBeNull();
    expect(addressOf({ ...call, people: {} }, ana, 'mail')).toBeNull();
    expect(addressOf(call, theHost, 'mail')).toBeNull();
    expect(addressOf({ ...call, host: null }, theHost, 'mail')).toBeNull();
  });
});

describe('whose records count', () => {
  it('are the recipient’s, and those of the number that may be used', () => {
    expect(whomItConcerns(reminderOf(byMail), textable)).toEqual([ana]);
    expect(whomItConcerns(reminderOf(falling), textable)).toEqual([ana, phoneId]);
    expect(whomItConcerns(reminderOf(bySms), textable)).toEqual([ana, phoneId]);
    expect(whomItConcerns(reminderOf(bySms), call)).toEqual([ana]);
  });

  it('are of the host those of their address, where there is one', () => {
    expect(ownId(hosted, theHost)).toBe(hostId);
    expect(ownId(call, theHost)).toBe(theHost);
    expect(ownId({ ...call, host: null }, theHost)).toBe(theHost);
    expect(ownId(hosted, ana)).toBe(ana);
  });

  it('are the person’s for mails, and the number’s for texts', () => {
    const other = { ...newPerson, tries: 1 };
    expect(ownerOf({ person: newPerson, phone: other }, 'mail')).toBe(newPerson);
    expect(ownerOf({ person: newPerson, phone: other }, 'sms')).toBe(other);
  });
});

describe('a channel', () => {
  it('has its own quiet hours and its own words', () => {
    expect(quietHoursOf('mail', defaultPolicy)).toBe(defaultPolicy.quietHours);
    expect(quietHoursOf('sms', defaultPolicy)).toBe(defaultPolicy.smsQuietHours);
    const { content, textContent } = defaultPolicy;
    const own = { ...textContent };
    expect(wordsOf({ rule: byMail, recipient: ana }, 'mail', defaultPolicy)).toBe(content);
    expect(wordsOf({ rule: bySms, recipient: ana }, 'sms', defaultPolicy)).toBe(textContent);
    const rule = { ...bySms, textContent: own };
    expect(wordsOf({ rule, recipient: ana }, 'sms', defaultPolicy)).toBe(own);
  });

  it('by which mails go is open at any hour, the other at hours that are fit', () => {
    const open = (channel: Channel, moment: string) =>
      isOpen(channel, {
        reminder: reminderOf(byMail),
        facts: textable,
        policy: defaultPolicy,
        now: at(moment),
      });
    const night = '2026-12-02T23:00:00Z';
    expect([open('mail', night), open('sms', night)]).toEqual([true, false]);
    expect(open('sms', '2026-12-03T13:00:00Z')).toBe(true);
  });
});

describe('channelNow', () => {
  const now = dueAt;
  const context = { now, doubtWait: hours(0) };
  const id = attemptId('first');
  const entry = (rule: Rule) => newEntry(reminderOf(rule));
  const claimed = (rule: Rule, by?: Channel) =>
    claim(entry(rule), id, now, by && { channel: by, to: phoneId });
  const accepted = (one: LedgerEntry) => settle(one, id, { kind: 'accepted', messageId: null }, context);
  const rejected = (one: LedgerEntry) =>
    settle(one, id, { kind: 'failed', error: { kind: 'rejected', reason: 'no' } }, context);
  const bounced = (rule: Rule) => report(accepted(claimed(rule)), id, 'bounced');
  const gone = { ...newPerson, suppressed: { at: now, why: 'bounced' } };
  const case_ = (rule: Rule, known: LedgerEntry | null, changes: Partial<Case> = {}): Case => ({
    reminder: reminderOf(rule),
    facts: textable,
    entry: known,
    person: null,
    phone: null,
    bookings: null,
    policy: defaultPolicy,
    now,
    ...changes,
  });
  const goes = (rule: Rule, known: LedgerEntry | null, changes: Partial<Case> = {}, wanted = true) =>
    channelNow(case_(rule, known, changes), wanted);

  it('is the rule’s until that is settled', () => {
    expect(goes(byMail, null)).toBe('mail');
    expect(goes(bySms, null)).toBe('sms');
    expect(goes(byMail, claimed(byMail))).toBe('mail');
    expect(goes(byMail, accepted(claimed(byMail)))).toBeNull();
    expect(goes(byMail, rejected(claimed(byMail)))).toBeNull();
    expect(goes(byMail, bounced(byMail))).toBeNull();
  });

  it('is the way it falls back to once the mail was refused, came back, or would', () => {
    expect(goes(falling, null)).toBe('mail');
    expect(goes(falling, rejected(claimed(falling)))).toBe('sms');
    expect(goes(falling, bounced(falling))).toBe('sms');
    expect(goes(falling, null, { person: gone })).toBe('sms');
    const refusal = { kind: 'failed', error: { kind: 'unavailable', reason: 'busy' } } as const;
    const again = claim(settle(claimed(falling), id, refusal, context), attemptId('second'), now);
    const came = settle(again, attemptId('second'), { kind: 'accepted', messageId: null }, context);
    expect(goes(falling, report(came, attemptId('second'), 'bounced'))).toBe('sms');
    expect(goes(falling, accepted(claimed(falling)))).toBeNull();
    expect(goes(falling, report(accepted(claimed(falling)), id, 'delivered'))).toBeNull();
    const unwelcome = { ...newPerson, suppressed: { at: now, why: 'link' } };
    expect(goes(falling, null, { person: unwelcome })).toBe('mail');
  });

  it('is no other way for what ended otherwise, or went by two ways already', () => {
    const missed = finish(entry(falling), { state: 'missed', reason: 'too_late', at: now });
    expect(goes(falling, missed)).toBeNull();
    const undelivered = finish(bounced(falling), { state: 'missed', reason: 'too_late', at: now });
    expect(goes(falling, undelivered)).toBeNull();
  });

  it('stays with the second way once it was tried', () => {
    const trying = claimed(falling, 'sms');
    expect(goes(falling, trying)).toBe('sms');
    expect(goes(falling, trying, { facts: call }, false)).toBe('sms');
    expect(goes(falling, accepted(trying))).toBeNull();
    expect(goes(falling, rejected(trying))).toBeNull();
    const second = { channel: 'sms', to: phoneId } as const;
    expect(goes(falling, claim(rejected(claimed(falling)), attemptId('second'), now, second))).toBe('sms');
  });

  it('is no second way that may not be taken: unwanted, stopped, too late, not now, or two went already', () => {
    const back = bounced(falling);
    expect(goes(falling, back, {}, false)).toBeNull();
    expect(goes(falling, back, { facts: call })).toBeNull();
    expect(goes(falling, back, { phone: gone })).toBeNull();
    expect(goes(falling, back, { phone: newPerson })).toBe('sms');
    expect(goes(falling, back, { now: startAt })).toBeNull();
    const night = { now: at('2026-12-02T23:00:00Z') };
    expect(goes(falling, back, night)).toBeNull();
    const twice = {
      ...back,
      attempts: back.attempts.flatMap((one) => [one, { ...one, id: attemptId('b') }]),
    };
    expect(goes(falling, twice)).toBeNull();
  });
});
