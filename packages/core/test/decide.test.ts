// What is decided about one due booking: what is claimed, what comes to its end, what is left, and whether it is written at all.
import {
  createMemoryClock,
  createMemoryEntropy,
  createMemoryMailer,
  createMemoryTexter,
} from '@precall/adapter-memory';
import {
  attemptId,
  bookingId,
  defaultPolicy,
  type Facts,
  type Instant,
  type Policy,
  type RecipientId,
  type ReminderKey,
  type Rule,
} from '@precall/core';
import { describe, expect, it } from 'vitest';
import { bookingWrite, casesOf } from '../src/booking-record.ts';
import { type Around, createDecide } from '../src/decide.ts';
import { claim, finish, newEntry } from '../src/ledger.ts';
import type { LedgerEntry } from '../src/ledger-types.ts';
import { newPerson } from '../src/person.ts';
import type { SignedLinks } from '../src/signed-links.ts';
import { agreedCall, ana, at, ben, hours } from './agreed-call.ts';
import { bareShell } from './bare-shell.ts';

const due = at('2026-12-03T13:00:00Z');
const startAt = at('2026-12-03T15:00:00Z');
const agreedAt = at('2026-11-20T12:00:00Z');
const twoHours: Rule = { name: '2h', when: { before: hours(2) } };
const afterwards: Rule = { name: 'missed-you', when: { afterNoShow: hours(1) } };
const id = bookingId('calcom', 'u1');
const wantedByCrm = at('2026-12-03T14:00:00Z');
const stamp = { saidAt: agreedAt, rank: 4 };
const owner = 'c'.repeat(32) as RecipientId;

const call = (people: Parameters<typeof agreedCall>[0]['people'] = { [ana]: {} }, seated = false): Facts =>
  agreedCall({ startAt, agreedAt, people, seated });

const byBoth: Partial<Policy> = { rules: [{ ...twoHours, fallback: 'sms' }] };
const textable = { facts: withNumber(call({ [ana]: { timeZone: 'Europe/Paris' } })) };

const links = { url: ({ act }) => `https://example.com/${act}` } as SignedLinks;

interface Looked {
  readonly facts?: Facts;
  readonly policy?: Partial<Policy>;
  readonly now?: Instant;
  readonly around?: Partial<Around>;
  readonly pausedUntil?: Instant;
  readonly crmWanted?: boolean;
  readonly without?: 'texter';
  /** What was done before about the reminder of that name. */
  readonly done?: (entry: LedgerEntry) => LedgerEntry;
}

/** A look at a booking as its lane takes it, with room for nine sends. */
function look({ facts = call(), now = due, done, around: more, ...options }: Looked = {}) {
  const policy = { rules: [twoHours], messagesPerDay: null, ...options.policy };
  const { shell } = bareShell({ policy });
  const planned = casesOf({ id, facts, ledger: {} }, { policy: shell.policy, now });
  const entries = done ? planned.map(({ key, reminder }) => [key, done(newEntry(reminder))]) : [];
  const value = { id, facts, ledger: Object.fromEntries(entries) };
  const context = { over: null, policy: shell.policy, now: agreedAt, crm: 'done', history: [] } as const;
  const { put } = bookingWrite(value, context);
  const stored = { ...put, lanes: { ...put.lanes, crm: wantedByCrm } };
  const clock = createMemoryClock(now);
  const decide = createDecide(
    { ...shell, crmWanted: options.crmWanted ?? true, links },
    {
      senders: {
        mail: createMemoryMailer({ clock }),
        ...(options.without !== 'texter' && { sms: createMemoryTexter({ clock }) }),
      },
      entropy: createMemoryEntropy('decide'),
      pausedUntil: () => options.pausedUntil ?? null,
    },
  );
  const around: Around = {
    ...{ now, persons: new Map(), others: new Map(), fates: new Map() },
    ...{ unreadable: new Set(), behind: new Map(), slots: 9, told: new Set(), ...more },
  };
  const { write, left, ...decided } = decide({ stored, value }, around);
  return {
    ...decided,
    around,
    isWritten: write !== null,
    history: write && 'put' in write ? write.history.map(({ what, detail }) => [what, detail]) : null,
    lanes: left.stored.lanes,
    entry: Object.values(left.value.ledger)[0],
    key: planned[0]?.key as ReminderKey,
    short: shell.names.short(id),
  };
}

describe('a reminder that may go', () => {
  it('is claimed, counted among what its recipient gets, and looked at again when the lease is over', () => {
    const { claims, around, entry, isWritten, lanes, key, history } = look();
    expect(claims).toMatchObject([
      {
        booking: id,
        key,
        counted: [ana],
        outgoing: { channel: 'mail', message: { to: 'someone@example.com' } },
      },
    ]);
    expect(entry?.attempts).toEqual([claims[0]?.attempt]);
    expect(`${claims[0]?.attempt.startBy}`).toBe('2026-12-03T13:00:02Z');
    expect([isWritten, history, `${lanes.mail}`]).toEqual([true, [], '2026-12-03T13:00:20Z']);
    expect(around.slots).toBe(8);
    expect(around.persons.get(ana)?.sent).toEqual([{ at: due }]);
  });

  it('carries the links of its recipient', () => {
    expect(look().claims[0]?.outgoing.message).toMatchObject({ unsubscribe: 'https://example.com/stop' });
  });

  it('needs a texter only where it goes by text', () => {
    const refused = (entry: LedgerEntry) =>
      finish(entry, { state: 'refused', reason: 'mailer_rejected', at: due });
    const alone = { ...textable, policy: byBoth, without: 'texter' } as const;
    expect(look(alone).claims).toMatchObject([{ outgoing: { channel: 'mail' } }]);
    expect(() => look({ ...alone, done: refused })).toThrow('a rule that goes by sms has a texter');
    // Also where nothing could be sent by it now.
    expect(() => look({ ...alone, done: refused, around: { slots: 0 } })).toThrow('has a texter');
  });

  it('is claimed as long as there is room, and due still where there is none', () => {
    const facts = call({ [ana]: {}, [ben]: {} }, true);
    const { claims, around, lanes, isWritten } = look({ facts, around: { slots: 1 } });
    expect([claims.length, around.slots]).toEqual([1, 0]);
    expect([isWritten, `${lanes.mail}`]).toEqual([true, `${due}`]);
    expect(look({ facts }).claims).toHaveLength(2);
  });

  it('is not written where there is no room at all', () => {
    expect(look({ around: { slots: 0 } })).toMatchObject({ claims: [], isWritten: false, history: null });
  });

  it('waits as long as its sender asks for', () => {
    const { claims, entry, lanes, history, isWritten } = look({ pausedUntil: due.add({ seconds: 90 }) });
    expect([claims, history, isWritten]).toEqual([[], [], true]);
    expect([`${entry?.retryAt}`, `${lanes.mail}`]).toEqual(['2026-12-03T13:01:30Z', '2026-12-03T13:01:30Z']);
  });

  it('is refused, and a person told, where its words cannot be made', () => {
    const broken: Policy['content'] = {
      needs: [],
      render() {
        throw new Error('no words');
      },
    };
    const { claims, troubles, history, key, short, around } = look({ policy: { content: broken } });
    expect(claims).toEqual([]);
    expect(around.slots).toBe(9);
    expect(history).toEqual([['reminder_refused', { key, reason: 'content_failed' }]]);
    expect(troubles).toEqual([
      { kind: 'reminder_refused', booking: short, sentence: 'The text of rule "2h" could not be made.' },
    ]);
  });
});

describe('a reminder that may not go', () => {
  it('is left alone before its moment', () => {
    const { isWritten, entry, lanes } = look({ now: due.subtract({ hours: 1 }) });
    expect([isWritten, entry, `${lanes.mail}`]).toEqual([false, undefined, `${due}`]);
  });

  it('waits, and a person is told, while it cannot be read whether its recipient wants it', () => {
    const { claims, entry, lanes, troubles, short } = look({ around: { unreadable: new Set([ana]) } });
    expect([claims, entry?.waiting, `${lanes.mail}`]).toEqual([[], null, '2026-12-03T13:05:00Z']);
    expect(troubles).toEqual([
      {
        kind: 'record_failed',
        booking: short,
        sentence: 'A reminder waits, since what is kept about its recipient cannot be read.',
      },
    ]);
    expect(look({ around: { unreadable: new Set([ben]) } }).claims).toHaveLength(1);
  });

  it('waits also where that cannot be read of their number alone', () => {
    const unreadable = new Set([owner]);
    expect(look({ ...textable, policy: byBoth, around: { unreadable } }).claims).toEqual([]);
  });

  it('is missed once it is of no use, and a person told', () => {
    const { history, troubles, key, short, lanes } = look({ now: startAt });
    expect(history).toEqual([['reminder_missed', { key, reason: 'too_late' }]]);
    expect(troubles).toEqual([
      { kind: 'reminder_missed', booking: short, sentence: 'A reminder was not sent: too_late.' },
    ]);
    expect(lanes.mail).toBeNull();
  });

  it('is dropped for good at its moment, is counted as such, and is no news to the CRM', () => {
    const { history, seen, troubles, key, lanes } = look({ facts: { ...call(), declinedAt: due } });
    expect(history).toEqual([['reminder_dropped', { key, reason: 'declined' }]]);
    expect(seen).toEqual([{ kind: 'reminders_dropped', count: 1 }]);
    expect([troubles, `${lanes.crm}`]).toEqual([[], `${wantedByCrm}`]);
  });

  it('is not dropped for good before its moment: they may take their seat again', () => {
    const early = look({ facts: { ...call(), declinedAt: due }, now: due.subtract({ seconds: 1 }) });
    expect([early.entry, early.history ?? []]).toEqual([undefined, []]);
  });

  it('is not dropped for good by what is known of who came, which may be taken back', () => {
    const policy = { rules: [{ name: 'thanks', when: { after: hours(1) } }] };
    const absent = markedAbsent(call());
    const { entry, history } = look({ facts: absent, policy, now: at('2026-12-03T16:30:00Z') });
    expect([entry, history ?? []]).toEqual([undefined, []]);
  });

  it('waits for a fact that its text needs and that its mail, which comes back, does without', () => {
    const suppressed = { at: agreedAt, why: 'bounced' };
    const persons = new Map([[ana, { ...newPerson, suppressed }]]);
    const textContent: Policy['textContent'] = { needs: ['links'], render: () => 'Soon.' };
    const { claims, entry, lanes } = look({
      ...textable,
      policy: { ...byBoth, textContent },
      around: { persons },
    });
    expect(claims).toEqual([]);
    expect(entry).toMatchObject({ waiting: 'fact_missing', attempts: [] });
    expect([`${entry?.retryAt}`, `${lanes.mail}`]).toEqual(['2026-12-03T13:05:00Z', '2026-12-03T13:05:00Z']);
  });

  it('is looked at again in five minutes where the owner of the number may take back what they said', () => {
    const persons = new Map([[owner, { ...newPerson, suppressed: { at: agreedAt, why: 'unsubscribed' } }]]);
    const refused = (entry: LedgerEntry) =>
      finish(entry, { state: 'refused', reason: 'mailer_rejected', at: due });
    const { claims, entry, lanes, history } = look({
      ...{ ...textable, policy: byBoth, done: refused, around: { persons } },
    });
    expect([claims, history]).toEqual([[], []]);
    expect([entry?.waiting, `${lanes.mail}`]).toEqual([null, '2026-12-03T13:05:00Z']);
    expect(look({ ...textable, policy: byBoth, done: refused }).claims).toMatchObject([
      { outgoing: { channel: 'sms' }, counted: [ana, owner] },
    ]);
  });
});

describe('a send whose process died', () => {
  const died = (entry: LedgerEntry) => claim(entry, attemptId('a1'), due);
  const over = due.add({ seconds: 20 });

  it('is left alone until its lease is over', () => {
    const { claims, isWritten } = look({ done: died, now: over.subtract({ seconds: 1 }) });
    expect([claims, isWritten]).toEqual([[], false]);
  });

  it('is of unknown outcome where nothing is known of it, which is counted', () => {
    const { entry, seen, history, lanes } = look({ done: died, now: over });
    expect(entry?.attempts[0]?.outcome).toBe('unknown');
    expect(seen).toMatchObject([{ kind: 'send_abandoned', outcome: 'unknown', error: 'unknown' }]);
    expect(history).toEqual([]);
    expect(`${lanes.crm}`).toBe(`${wantedByCrm}`);
  });

  it('was sent where the mailer has the message, and the CRM hears of it', () => {
    const fate = { kind: 'accepted', messageId: 'm1' } as const;
    const fates = (key: ReminderKey) => ({ fates: new Map([[key, fate]]) });
    const { key } = look();
    const { entry, seen, history, lanes } = look({ done: died, now: over, around: fates(key) });
    expect(entry?.attempts[0]).toMatchObject({ outcome: 'accepted', messageId: 'm1' });
    expect(seen).toMatchObject([{ kind: 'send_abandoned', outcome: 'accepted', error: null }]);
    expect(history).toEqual([['reminder_sent', { key }]]);
    expect(`${lanes.crm}`).toBe(`${over}`);
    const alone = look({ done: died, now: over, around: fates(key), crmWanted: false });
    expect(`${alone.lanes.crm}`).toBe(`${wantedByCrm}`);
  });

  it('is given up where it is in doubt and of no more use, and a person told', () => {
    const doubted = (entry: LedgerEntry): LedgerEntry => {
      const { attempts, ...rest } = died(entry);
      return { ...rest, attempts: attempts.map((one) => ({ ...one, outcome: 'unknown' as const })) };
    };
    const { history, troubles, key, short } = look({ done: doubted, now: startAt });
    expect(history).toEqual([['reminder_unknown', { key, reason: 'no_answer' }]]);
    expect(troubles).toEqual([
      { kind: 'reminder_unknown', booking: short, sentence: 'Nothing tells whether a reminder went out.' },
    ]);
  });
});

describe('what follows a no-show', () => {
  const now = at('2026-12-03T16:30:00Z');
  const policy = { rules: [afterwards], rebooksPerMonth: 1 };
  const facts = markedAbsent(call());

  it('goes to somebody once in one look', () => {
    const { claims, around } = look({ facts, policy, now });
    expect(claims).toHaveLength(1);
    expect([...around.told]).toEqual([ana]);
    expect(look({ facts, policy, now, around: { told: new Set([ana]) } })).toMatchObject({
      claims: [],
      isWritten: false,
    });
  });

  it('is dropped where they have a later call', () => {
    const later = agreedCall({ startAt: at('2026-12-10T15:00:00Z'), agreedAt: now });
    const { put } = bookingWrite(
      { id: bookingId('calcom', 'u2'), facts: later, ledger: {} },
      { over: null, policy: defaultPolicy, now, crm: 'done', history: [] },
    );
    const { history, key } = look({ facts, policy, now, around: { others: new Map([[ana, [put]]]) } });
    expect(history).toEqual([['reminder_dropped', { key, reason: 'rebooked' }]]);
  });

  it('counts nobody as told who is reminded of a call to come', () => {
    expect([...look().around.told]).toEqual([]);
  });
});

/** Of Ana, who gave a number and said yes; in Paris, where it is two in the afternoon. */
function withNumber(facts: Facts): Facts {
  const { [ana]: person } = facts.people;
  const phone = { value: { number: '+33612345678', id: owner }, stamp };
  const consent = { value: { given: true, text: 'May we text you?', source: 'may-we-text' }, stamp };
  return { ...facts, people: { ...facts.people, [ana]: { ...person, phone, consent } } as Facts['people'] };
}

/** The host says that Ana did not come, when the call was over. */
function markedAbsent(facts: Facts): Facts {
  const { [ana]: person } = facts.people;
  const noShow = { value: true, stamp: { saidAt: at('2026-12-03T15:30:00Z'), rank: 4 } };
  return { ...facts, people: { ...facts.people, [ana]: { ...person, noShow } } as Facts['people'] };
}
