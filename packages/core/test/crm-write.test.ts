// One person's write to the CRM, call by call: what is looked for, what is written, and what is remembered of it.
import { createMemoryClock, createMemoryCrm } from '@precall/adapter-memory';
import { describe, expect, it } from 'vitest';
import type { BookingRecord } from '../src/booking-record.ts';
import { type CrmOutcome, withOutcome, writePerson } from '../src/crm-write.ts';
import type { Facts, PersonFacts } from '../src/facts.ts';
import { attemptId, bookingId, type ReminderKey } from '../src/ids.ts';
import { claim, newEntry, settle } from '../src/ledger.ts';
import { newPerson, type PersonRecord } from '../src/person.ts';
import type { PortError } from '../src/ports.ts';
import { defaultProjection, type Projection } from '../src/projection-settings.ts';
import { type Instant, Temporal } from '../src/temporal.ts';
import { agreedCall, ana, at, hours } from './agreed-call.ts';

const email = 'someone@example.com';
const campaign = 'Christmas 2025';
const startAt = at('2026-12-03T15:00:00Z');
const call = agreedCall({ startAt, agreedAt: at('2026-11-23T12:00:00Z') });
const date = { type: 'date', value: '2026-12-03' } as const;

/** A call of which these rules were sent, one an hour. */
function calls(facts: Facts = call, ...rules: readonly string[]): readonly BookingRecord[] {
  const entries = rules.map((name, n) => {
    const moment = at('2026-11-30T15:00:00Z').add({ hours: n });
    const rule = { name, when: { before: hours(2) } };
    const claimed = claim(
      newEntry({ rule, recipient: ana, startAt, dueAt: startAt }),
      attemptId(name),
      moment,
    );
    const accepted = { kind: 'accepted', messageId: null } as const;
    const entry = settle(claimed, attemptId(name), accepted, { now: moment, doubtWait: hours(0) });
    return [name as ReminderKey, entry] as const;
  });
  return [{ id: bookingId('cal', 'a'), facts, ledger: Object.fromEntries(entries) }];
}

function writing({
  member = false,
  settings = {},
  person = {},
}: {
  readonly member?: boolean;
  readonly settings?: Partial<Projection>;
  readonly person?: Partial<PersonRecord>;
} = {}) {
  const clock = createMemoryClock(at('2026-11-24T12:00:00Z'));
  const campaigns = member ? { [campaign]: { sent: {} } } : {};
  const crm = createMemoryCrm({ contacts: [{ email, campaigns }] });
  const writer = { crm, clock, settings: { ...defaultProjection, ...settings } };
  const write = (bookings = calls(), changes: Partial<PersonRecord> = {}) =>
    writePerson(writer, { id: ana, person: { ...newPerson, ...person, ...changes }, bookings });
  const asked = () => crm.seen.map(([method]) => method);
  return { crm, clock, write, asked };
}

describe('writePerson', () => {
  it('finds the contact and the membership, and writes what differs from what was written last', async () => {
    const { crm, write, asked } = writing({ member: true });
    const outcome = await write();
    expect(asked()).toEqual(['findContact', 'findMembership', 'update']);
    expect(outcome).toMatchObject({
      contact: { state: 'found' },
      membership: { state: 'member' },
      wrote: { 'Booking Status': { type: 'choice', value: 'Booked' }, 'Diagnostic Call Date': date },
      doubtful: [],
      marked: [],
      more: false,
      error: null,
    });
    const written = { 'Booking Status': 'Booked', 'Christmas Campaign Status': 'Pre-Call Prep' };
    const again = await write(calls(), { contact: outcome.contact, membership: outcome.membership, written });
    expect(asked().slice(3)).toEqual(['update']);
    expect(again.wrote).toEqual({ 'Diagnostic Call Date': date });
    expect(crm.contacts()).toHaveLength(1);
  });

  it('asks nothing where nothing is wanted, or no address is known', async () => {
    const { write, asked } = writing();
    const nothing = await write([]);
    expect(nothing).toMatchObject({ contact: { state: 'pending' }, error: null });
    expect(nothing.wrote).toEqual({});
    const details = call.people[ana]?.details;
    if (!details) throw new Error('the booker is known');
    const known = (value: Partial<typeof details.value>): Facts => ({
      ...call,
      people: {
        [ana]: {
          ...call.people[ana],
          details: { ...details, value: { ...details.value, ...value } },
        } as PersonFacts,
      },
    });
    await write(calls(known({ email: null })));
    await write(calls(known({ mailable: false })));
    await write(calls({ ...call, people: {} }));
    await write(calls({ ...call, agreed: {} }));
    expect(asked()).toEqual([]);
  });

  it('knows how often it looked in vain also when it does not look, and forgets it when the contact is there', async () => {
    const sought = { times: 2, told: false };
    const { write } = writing({ person: { sought } });
    expect((await write([])).sought).toEqual(sought);
    expect((await write()).sought).toBeNull();
    expect((await writing().write([])).sought).toBeNull();
    const { crm, write: seek } = writing();
    crm.answerNext({ kind: 'rejected', reason: 'no' });
    expect((await seek()).sought).toBeNull();
  });

  it('looks for the address that was said last', async () => {
    const said = (address: string, saidAt: Instant | null): BookingRecord => ({
      id: bookingId('cal', address),
      ledger: {},
      facts: {
        ...call,
        people: {
          [ana]: {
            ...call.people[ana],
            details: {
              value: { ...call.people[ana]?.details?.value, email: address },
              stamp: { saidAt, rank: 0 },
            },
          } as PersonFacts,
        },
      },
    });
    const [first, second] = [at('2026-11-23T12:00:00Z'), at('2026-11-24T12:00:00Z')];
    const looksFor = async (...bookings: readonly BookingRecord[]) => {
      const { crm, write } = writing();
      await write(bookings);
      return crm.seen[0]?.[1];
    };
    expect(await looksFor(said('new@x.org', second), said('old@x.org', first))).toBe('new@x.org');
    expect(await looksFor(said('old@x.org', first), said('new@x.org', second))).toBe('new@x.org');
    expect(await looksFor(said('unsaid@x.org', null), said('new@x.org', first))).toBe('new@x.org');
    expect(await looksFor(said('new@x.org', first), said('unsaid@x.org', null))).toBe('new@x.org');
  });

  it.each([
    ['not_found', []],
    ['ambiguous', [{ email }, { email }]],
  ] as const)('writes nothing to a contact that is %s', async (state, contacts) => {
    const clock = createMemoryClock(at('2026-11-24T12:00:00Z'));
    const crm = createMemoryCrm({ contacts });
    const outcome = await writePerson(
      { crm, clock, settings: defaultProjection },
      { id: ana, person: newPerson, bookings: calls() },
    );
    expect(outcome).toMatchObject({ contact: { state }, membership: { state: 'pending' }, error: null });
    expect(crm.seen).toHaveLength(1);
  });

  it('looks for no membership that is known already, and for none without a campaign', async () => {
    const member = writing({ person: { membership: { state: 'member', ref: 'm1' as never } } });
    expect((await member.write()).membership).toEqual({ state: 'member', ref: 'm1' });
    expect(member.asked()).toEqual(['findContact', 'update']);
    const none = writing({ settings: { campaign: null } });
    expect((await none.write()).membership).toEqual({ state: 'pending' });
    expect(none.asked()).toEqual(['findContact', 'update']);
  });

  it('marks what was sent to a member, three at a time, and nothing twice', async () => {
    const { crm, write, asked } = writing({ member: true });
    const bookings = calls(call, '72h', '24h', '2h', '1h');
    const first = await write(bookings, { marked: [] });
    expect(first).toMatchObject({ marked: ['72h', '24h', '2h'], more: true });
    const second = await write(bookings, withOutcome(newPerson, first));
    expect(second).toMatchObject({ marked: ['1h'], more: false });
    expect(second.wrote).toEqual({});
    const sent = crm.contacts()[0]?.campaigns[campaign]?.sent ?? {};
    expect(`${sent['72h']} ${sent['1h']}`).toBe('2026-11-30T15:00:00Z 2026-11-30T18:00:00Z');
    expect(asked().filter((method) => method === 'recordSent')).toHaveLength(4);
    const exactly = await writing({ member: true }).write(calls(call, '72h', '24h', '2h'));
    expect(exactly.more).toBe(false);
    const stranger = await writing().write(bookings);
    expect(stranger).toMatchObject({ membership: { state: 'not_a_member' }, marked: [], more: false });
  });

  it('marks also where no field is wanted', async () => {
    const none = { status: null, callDate: null, campaignStatus: null };
    const settings = { properties: { ...defaultProjection.properties, ...none } };
    const { write, asked } = writing({ member: true, settings });
    expect((await write(calls(call, '72h'))).marked).toEqual(['72h']);
    expect(asked()).toEqual(['findContact', 'findMembership', 'recordSent']);
  });

  const away: PortError = { kind: 'unavailable', reason: 'away' };
  /** The CRM answers the first calls, and then this. */
  async function failing(after: number, error: PortError, settings: Partial<Projection> = {}) {
    const { clock, crm } = writing({ member: true });
    let count = 0;
    const failingCrm = new Proxy(crm, {
      get: (target, name: keyof typeof crm) => {
        const method = target[name];
        if (typeof method !== 'function') return method;
        return (...args: never[]) => {
          if (count === after) crm.answerNext(error);
          count += 1;
          return Reflect.apply(method, target, args);
        };
      },
    });
    return writePerson(
      { crm: failingCrm, clock, settings: { ...defaultProjection, ...settings } },
      { id: ana, person: newPerson, bookings: calls(call, '72h', '24h') },
    );
  }

  it('stops where the CRM fails, with what it knew and did until then', async () => {
    const refused: PortError = { kind: 'rejected', reason: 'no such option' };
    const unwritten = [await failing(0, away), await failing(1, away), await failing(2, refused)];
    expect(unwritten.map(({ wrote }) => wrote)).toEqual([{}, {}, {}]);
    expect(unwritten).toMatchObject([
      { contact: { state: 'pending' }, error: away },
      { contact: { state: 'found' }, membership: { state: 'pending' }, error: away },
      { contact: { state: 'pending' }, membership: { state: 'member' }, doubtful: [], error: refused },
    ]);
    expect(await failing(4, away)).toMatchObject({
      contact: { state: 'found' },
      membership: { state: 'pending' },
      marked: ['72h'],
      more: false,
      error: away,
    });
    const properties = { ...defaultProjection.properties, segment: 'Segment' };
    const unread = await failing(5, away, { properties });
    expect(unread).toMatchObject({ contact: { state: 'pending' }, marked: ['72h', '24h'], error: away });
    expect(unread).not.toHaveProperty('read');
  });

  it('holds for doubtful all it tried to write where no answer came', async () => {
    const unknown: PortError = { kind: 'unknown', reason: 'no answer' };
    expect((await failing(2, unknown)).doubtful).toEqual([
      'Booking Status',
      'Diagnostic Call Date',
      'Christmas Campaign Status',
    ]);
  });

  it('reads what is configured, last, and nothing of a CRM that cannot be read', async () => {
    const properties = { ...defaultProjection.properties, segment: 'Segment' };
    const { crm, write, asked } = writing({ settings: { properties } });
    expect((await write()).read).toEqual({ segment: null });
    expect(asked().at(-1)).toBe('read');
    const both = { ...properties, segment: null, smsConsent: 'May Text' };
    expect((await writing({ settings: { properties: both } }).write()).read).toEqual({
      consent: { property: 'May Text', given: false },
    });
    const { read: _, ...unreadable } = crm;
    const clock = createMemoryClock(at('2026-11-24T12:00:00Z'));
    const outcome = await writePerson(
      { crm: unreadable, clock, settings: { ...defaultProjection, properties } },
      { id: ana, person: newPerson, bookings: calls() },
    );
    expect(outcome.error).toBeNull();
    expect(outcome).not.toHaveProperty('read');
  });

  it.each([
    [' Yes ', true],
    ['TRUE', true],
    ['yes, perhaps', false],
    ['oh yes', false],
  ])('takes %j in the property of consent for %s', async (value, given) => {
    const properties = { ...defaultProjection.properties, smsConsent: 'May Text' };
    const { crm, write } = writing({ settings: { properties } });
    const found = (await crm.findContact(email)).unwrap();
    if (found.kind === 'one') await crm.update(found.ref, { 'May Text': { type: 'text', value } });
    expect((await write()).read).toEqual({ consent: { property: 'May Text', given } });
  });

  it('gives up a call that takes longer than twenty seconds, and says who did not answer', async () => {
    const { crm, clock } = writing();
    const silent = { ...crm, findContact: () => new Promise<never>(() => undefined) };
    const writes = writePerson(
      { crm: silent, clock, settings: defaultProjection },
      { id: ana, person: newPerson, bookings: calls() },
    );
    await clock.advance(Temporal.Duration.from({ seconds: 20 }));
    expect((await writes).error).toEqual({ kind: 'unknown', reason: 'the CRM did not answer in time' });
  });
});

describe('withOutcome', () => {
  const outcome: CrmOutcome = {
    contact: { state: 'found', ref: 'c1' as never },
    membership: { state: 'member', ref: 'm1' as never },
    sought: null,
    doubles: [],
    wrote: { Date: { type: 'moment', value: startAt }, Status: { type: 'choice', value: 'Booked' } },
    doubtful: ['Old'],
    marked: ['72h', '24h'],
    more: false,
    error: null,
  };

  it('remembers what was written and marked, and forgets what became doubtful', () => {
    const person = { ...newPerson, written: { Old: 'x', Kept: 'y', Status: 'z' }, marked: ['72h'] };
    expect(withOutcome(person, outcome)).toEqual({
      ...newPerson,
      contact: outcome.contact,
      membership: outcome.membership,
      written: { Kept: 'y', Date: '2026-12-03T15:00:00Z', Status: 'Booked' },
      marked: ['72h', '24h'],
    });
  });

  it('remembers how often it looked in vain, and of which calls a person was told, for as long as it is so', () => {
    const sought = { times: 2, told: false };
    const doubles = [[bookingId('cal', 'a'), bookingId('cal', 'b')], [bookingId('cal', 'c')]];
    const noted = withOutcome(newPerson, { ...outcome, sought, doubles });
    expect([noted.sought, noted.doubles]).toEqual([sought, ['cal:a', 'cal:b', 'cal:c']]);
    const after = withOutcome(noted, outcome);
    expect(after).not.toHaveProperty('sought');
    expect(after).not.toHaveProperty('doubles');
  });
});
