// What an operator may do: each act is done once, recorded with who did it, and refused with a reason.

import { createMemoryCalendar } from '@precall/adapter-memory';
import type { Observation } from '@precall/core';
import { createCalcomSource } from '@precall/source-calcom';
import { withFaults } from '@precall/testing';
import { describe, expect, it } from 'vitest';
import { encode } from '../src/codec.ts';
import type { ActAnswer, Desk } from '../src/desk.ts';
import { attemptId, type BookingId, type ReminderKey } from '../src/ids.ts';
import { claim, expire, newEntry } from '../src/ledger.ts';
import type { LedgerEntry } from '../src/ledger-types.ts';
import { sendableNow } from '../src/operator-acts.ts';
import type { PersonRecord } from '../src/person.ts';
import { readPerson } from '../src/person-record.ts';
import { planReminders } from '../src/plan.ts';
import { defaultPolicy, type Policy } from '../src/policy.ts';
import type { PortResult, Store, Stored } from '../src/ports.ts';
import { Err } from '../src/result.ts';
import { Temporal } from '../src/temporal.ts';
import { agreedCall, at } from './agreed-call.ts';
import { createConflicts } from './conflicting.ts';
import { createWorld, guest, secret } from './world.ts';

const u1 = 'calcom:u1' as BookingId;
const nobody = 'calcom:nobody' as BookingId;
const noKey = 'none' as ReminderKey;
const by = 'operator';

async function booked(options: Parameters<typeof createWorld>[0] = {}) {
  const world = createWorld({ scheduler: 'none', ...options });
  await world.change('BOOKING_CREATED');
  const reminders = async () => (await world.booking('u1'))?.reminders ?? [];
  const keys = (await reminders()).map(({ key }) => key);
  const history = async () => (await world.booking('u1'))?.history ?? [];
  const { desk } = world.precall;
  const [first = noKey, second = noKey] = keys;
  return { world, desk, first, second, reminders, history };
}

/** Lets everything that is due now be done. */
const turns = ({ clock }: ReturnType<typeof createWorld>) =>
  clock.advance(Temporal.Duration.from({ milliseconds: 0 }));

/** The one record of a person that there is. */
async function personOf({ memory }: { readonly memory: Store }): Promise<Stored> {
  const [person] = (await memory.list('person', { limit: 1, cursor: null })).unwrap().items;
  if (!person) throw new Error('the booker has a record');
  return person;
}

/** As another process would have left it. */
async function rewritePerson(
  { memory }: { readonly memory: Store },
  over: Partial<PersonRecord>,
): Promise<void> {
  const person = await personOf({ memory });
  const body = encode({ ...readPerson(person).value, ...over });
  const put = { ...person, body, revision: person.revision + 1 };
  await memory.save([{ put, expected: person.revision, history: [] }]);
}

const answered = async (answer: PortResult<ActAnswer>): Promise<ActAnswer> => (await answer).unwrap();

/** A store whose nth call from now on is lost, or whose saves meet somebody else. */
function troubledStore() {
  let lostAt = Number.POSITIVE_INFINITY;
  const conflicts = createConflicts();
  const around = (store: Store): Store =>
    withFaults(conflicts.inStore(store), () => {
      lostAt -= 1;
      return lostAt === 0 ? { effect: 'lost', error: { kind: 'unavailable', reason: 'away' } } : null;
    });
  return {
    around,
    loseCall: (n: number) => {
      lostAt = n;
    },
    conflict: conflicts.next,
  };
}

const acts: readonly [string, (desk: Desk, key: ReminderKey) => PortResult<unknown>][] = [
  ['sendNow', (desk, key) => desk.sendNow(u1, { key, by })],
  ['drop', (desk, key) => desk.drop(u1, { key, by })],
  ['replan', (desk) => desk.replan(u1, { by })],
  ['writeCrm', (desk) => desk.writeCrm(u1, { by })],
  ['suppress', (desk) => desk.suppress(guest, { by })],
  ['lift', (desk) => desk.lift(guest, { by })],
  ['erase', (desk) => desk.erase(guest, { by })],
];

describe('every act', () => {
  it.each(acts)('%s says that the store is away, whichever call it does not answer', async (_name, run) => {
    let lost = 0;
    for (let n = 1; ; n += 1) {
      const store = troubledStore();
      const { desk, first } = await booked({ store: store.around });
      store.loseCall(n);
      const answer = await run(desk, first);
      if (answer.isOk()) break;
      expect(answer.error).toMatchObject({ kind: 'unavailable' });
      lost += 1;
    }
    expect(lost).toBeGreaterThan(1);
  });

  it.each(acts.filter(([name]) => name !== 'erase'))(
    '%s is done over what somebody else wrote meanwhile, and gives up after five times',
    async (_name, run) => {
      const store = troubledStore();
      const { desk, first } = await booked({ store: store.around });
      store.conflict(5);
      expect((await run(desk, first)).unwrap()).toEqual({ refused: 'changed_meanwhile' });
      store.conflict(4);
      expect((await run(desk, first)).unwrap()).toBe('done');
    },
  );

  it('is refused for a booking or a reminder that is not there', async () => {
    const { desk } = await booked();
    const gone = { refused: 'no_such_booking' };
    expect(await answered(desk.sendNow(nobody, { key: noKey, by }))).toEqual(gone);
    expect(await answered(desk.drop(nobody, { key: noKey, by }))).toEqual(gone);
    expect(await answered(desk.replan(nobody, { by }))).toEqual(gone);
    expect(await answered(desk.writeCrm(nobody, { by }))).toEqual(gone);
    const none = { refused: 'no_such_reminder' };
    expect(await answered(desk.sendNow(u1, { key: noKey, by }))).toEqual(none);
    expect(await answered(desk.drop(u1, { key: noKey, by }))).toEqual(none);
  });

  it('is recorded with who did it, by a name that holds no address', async () => {
    const { desk, history } = await booked();
    await desk.replan(u1, { by: '<ada@example.com>' });
    await desk.replan(u1, { by: '@' });
    await desk.replan(u1, { by: 'a'.repeat(41) });
    const replanned = (await history()).filter(({ what }) => what === 'replanned');
    expect(replanned.map(({ detail }) => detail)).toEqual([
      { by: 'adaexample.com' },
      { by: 'operator' },
      { by: 'a'.repeat(40) },
    ]);
  });
});

describe('sendNow', () => {
  it('sends before the moment, once, and the other reminders stay planned', async () => {
    const { world, desk, first, reminders, history } = await booked();
    expect(await answered(desk.sendNow(u1, { key: first, by }))).toBe('done');
    expect((await reminders()).map(({ state }) => state)).toEqual(['sent', 'planned', 'planned']);
    expect((await history()).map(({ what }) => what)).toEqual(['booked', 'send_asked', 'reminder_sent']);
    expect(await answered(desk.sendNow(u1, { key: first, by }))).toEqual({ refused: 'already_sent' });
    await world.tickAt('2026-11-30T15:00:00Z');
    expect(world.sent()).toEqual([`${guest} 2026-11-23T12:00:00Z`]);
  });

  it('counts towards the daily cap, and is held by it', async () => {
    const { desk, first, second } = await booked({ policy: { messagesPerDay: 1 } });
    expect(await answered(desk.sendNow(u1, { key: first, by }))).toBe('done');
    expect(await answered(desk.sendNow(u1, { key: second, by }))).toEqual({ refused: 'daily_cap' });
  });

  it('cuts short the wait after a refusal of the mailer, and not the one for news of an unknown outcome', async () => {
    const { world, desk, first, reminders } = await booked({ doubt: 'silent' });
    world.mailer.answerNext({ kind: 'unavailable', reason: '503' });
    await world.tickAt('2026-11-30T15:00:00Z');
    expect((await reminders())[0]).toMatchObject({ state: 'planned', reason: 'mailer_unavailable' });
    world.mailer.answerNext({ kind: 'unknown', reason: 'no answer' });
    expect(await answered(desk.sendNow(u1, { key: first, by }))).toEqual({ refused: 'outcome_unknown' });
    expect(await answered(desk.sendNow(u1, { key: first, by }))).toEqual({ refused: 'outcome_unknown' });
    expect(world.mailer.calls).toHaveLength(2);
  });

  it.each([
    ['rejected', 'mailer_rejected'],
    ['unavailable', 'mailer_unavailable'],
  ] as const)('says what the mailer said: %s', async (kind, refused) => {
    const { world, desk, first } = await booked();
    world.mailer.answerNext({ kind, reason: 'by script' });
    expect(await answered(desk.sendNow(u1, { key: first, by }))).toEqual({ refused });
  });

  it('is refused as the gate would: cancelled, without a link, over, running, or of no use', async () => {
    const { world, desk, first, second } = await booked();
    world.mailer.answerNext('no_answer');
    await world.clock.advanceTo(Temporal.Instant.from('2026-11-30T15:00:00Z'));
    const sending = desk.sendNow(u1, { key: first, by });
    await world.clock.advance(Temporal.Duration.from({ milliseconds: 0 }));
    expect(await answered(desk.sendNow(u1, { key: first, by }))).toEqual({ refused: 'being_sent' });
    expect(await answered(desk.drop(u1, { key: first, by }))).toEqual({ refused: 'being_sent' });
    await world.clock.advance(Temporal.Duration.from({ seconds: 10 }));
    expect(await answered(sending)).toEqual({ refused: 'outcome_unknown' });
    await world.change('BOOKING_LOCATION_UPDATED', {
      said: '2026-11-30T15:00:01Z',
      payload: { location: 'integrations:daily', metadata: {}, videoCallData: undefined },
    });
    expect(await answered(desk.sendNow(u1, { key: second, by }))).toEqual({ refused: 'no_link' });
    await world.clock.advanceTo(Temporal.Instant.from('2026-12-03T14:00:00Z'));
    expect(await answered(desk.sendNow(u1, { key: second, by }))).toEqual({ refused: 'no_link' });
    await world.change('BOOKING_CANCELLED');
    expect(await answered(desk.sendNow(u1, { key: second, by }))).toEqual({ refused: 'cancelled' });
  });

  it('leaves a claim whose process died to the lane, and what was in doubt twice as it is', () => {
    const facts = agreedCall({ startAt: at('2026-12-03T15:00:00Z'), agreedAt: at('2026-11-23T12:00:00Z') });
    const [reminder] = planReminders(facts, defaultPolicy);
    if (!reminder) throw new Error('three reminders are planned');
    const now = at('2026-11-30T15:00:00Z');
    const later = at('2026-11-30T15:01:00Z');
    const claimed = claim(newEntry(reminder), attemptId('a1'), now);
    const one = {
      key: noKey,
      reminder,
      facts,
      person: null,
      phone: null,
      bookings: null,
      policy: defaultPolicy,
      now: later,
    };
    const refusal = (judged: typeof one & { readonly entry: LedgerEntry | null }) => {
      const words = sendableNow(judged);
      return words.isErr() ? words.error : null;
    };
    expect(refusal({ ...one, entry: claimed })).toBe('being_sent');
    const context = { now: later, doubtWait: Temporal.Duration.from({ seconds: 0 }) };
    const doubted = expire(claimed, null, context);
    expect(sendableNow({ ...one, entry: doubted }).isOk()).toBe(true);
    const attempts = doubted.attempts.flatMap((attempt) => [attempt, { ...attempt, id: attemptId('a2') }]);
    expect(refusal({ ...one, entry: { ...doubted, attempts } })).toBe('no_answer');
    const over = { ...one, now: at('2026-12-02T15:00:00Z') };
    expect(refusal({ ...over, entry: null })).toBe('too_late');
  });

  it('does not send what took too long to be claimed, nor while the mailer asks for patience', async () => {
    let slow: boolean = false;
    const { world, desk, first, second } = await booked({
      store: (store) => ({
        ...store,
        save: async (writes) => {
          const saved = await store.save(writes);
          if (slow) await world.clock.advance(Temporal.Duration.from({ seconds: 3 }));
          slow = false;
          return saved;
        },
      }),
    });
    slow = true;
    expect(await answered(desk.sendNow(u1, { key: first, by }))).toEqual({ refused: 'changed_meanwhile' });
    expect(world.mailer.calls).toEqual([]);
    const retryAfter = Temporal.Duration.from({ hours: 30 });
    world.mailer.answerNext({ kind: 'unavailable', reason: '429', retryAfter });
    await world.tickAt('2026-11-30T15:00:00Z');
    expect(await answered(desk.sendNow(u1, { key: second, by }))).toEqual({ refused: 'mailer_unavailable' });
  });

  it('reaches nobody who says meanwhile that they want no mails, at whichever call of the store they say it', async () => {
    for (let nth = 1; ; nth += 1) {
      let calls = Number.NEGATIVE_INFINITY;
      let wasClaimed = false;
      const { world, desk, first } = await booked({
        store: (store) => ({
          ...store,
          async find(ids) {
            await sayStop();
            return store.find(ids);
          },
          async save(writes) {
            await sayStop();
            wasClaimed ||= calls > 0;
            return store.save(writes);
          },
        }),
      });
      async function sayStop(): Promise<void> {
        calls += 1;
        if (calls !== nth || wasClaimed) return;
        calls = Number.NEGATIVE_INFINITY;
        await desk.suppress(guest, { by });
        calls = nth;
      }
      calls = 0;
      const answer = await answered(desk.sendNow(u1, { key: first, by }));
      if (answer === 'done') {
        expect(nth).toBeGreaterThan(3);
        return;
      }
      expect(['suppressed', 'changed_meanwhile']).toContain(answer.refused);
      expect(world.mailer.calls).toEqual([]);
    }
  });

  it('hears the mailer’s wish to wait for all that come after', async () => {
    const { world, desk, first, second } = await booked();
    const retryAfter = Temporal.Duration.from({ minutes: 30 });
    world.mailer.answerNext({ kind: 'unavailable', reason: '429', retryAfter });
    const refused = { refused: 'mailer_unavailable' };
    expect(await answered(desk.sendNow(u1, { key: first, by }))).toEqual(refused);
    expect(await answered(desk.sendNow(u1, { key: second, by }))).toEqual(refused);
    expect(world.mailer.calls).toHaveLength(1);
    expect((await desk.health()).unwrap().mailerPausedUntil).not.toBeNull();
  });

  it('is refused where the text cannot be made, and for a rule that was skipped', async () => {
    const broken: Partial<Policy> = {
      content: {
        needs: [],
        render() {
          throw new Error('broken');
        },
      },
    };
    const { desk, first } = await booked({ policy: broken, now: '2026-12-01T12:00:00Z' });
    const created = { refused: 'moment_passed' };
    expect([created, { refused: 'content_failed' }]).toContainEqual(
      await answered(desk.sendNow(u1, { key: first, by })),
    );
    const second = await booked({ policy: broken });
    expect(await answered(second.desk.sendNow(u1, { key: second.first, by }))).toEqual({
      refused: 'content_failed',
    });
  });

  it('ends before the process does', async () => {
    const { world, desk, first } = await booked();
    const sending = desk.sendNow(u1, { key: first, by });
    await world.precall.stop();
    expect(await answered(sending)).toBe('done');
    expect((await world.booking('u1'))?.reminders[0]).toMatchObject({ state: 'sent' });
  });

  it('is waited for by a process that stops while the mailer is slow', async () => {
    let answer = () => {};
    const answering = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const { world, desk, first } = await booked({
      mailer: (mailer) => ({
        ...mailer,
        send: async (message, call) => {
          await answering;
          return mailer.send(message, call);
        },
      }),
    });
    const sending = desk.sendNow(u1, { key: first, by });
    await turns(world);
    let stopped = false;
    const stopping = world.precall.stop().then(() => {
      stopped = true;
    });
    await turns(world);
    expect(stopped).toBe(false);
    answer();
    await stopping;
    expect(await answered(sending)).toBe('done');
  });
});

describe('a message that is sent now', () => {
  it('carries the links of any other', async () => {
    const { world, desk, first } = await booked({ links: { baseUrl: 'https://example.com' } });
    await desk.sendNow(u1, { key: first, by });
    expect(world.mailer.sent[0]?.message.unsubscribe).toMatch(/^https:\/\/example\.com\//);
  });

  it('takes nothing from the CRM that it was still to hear', async () => {
    const { world, desk, first } = await booked();
    const crmAt = async () => `${(await desk.health()).unwrap().nextCrmAt}`;
    const before = await crmAt();
    world.mailer.answerNext({ kind: 'unavailable', reason: 'away' });
    await desk.sendNow(u1, { key: first, by });
    expect([before, await crmAt()]).toEqual(['2026-11-23T12:00:00Z', '2026-11-23T12:00:00Z']);
  });
});

describe('drop', () => {
  it('is for good, and the others stay planned', async () => {
    const { world, desk, first, reminders, history } = await booked();
    expect(await answered(desk.drop(u1, { key: first, by }))).toBe('done');
    expect((await reminders()).map(({ state, reason }) => [state, reason])).toEqual([
      ['dropped', 'operator_dropped'],
      ['planned', null],
      ['planned', null],
    ]);
    const { what, detail } = (await history()).at(-1) ?? {};
    expect([what, detail]).toEqual(['reminder_dropped', { key: first, reason: 'operator_dropped', by }]);
    expect(await answered(desk.drop(u1, { key: first, by }))).toEqual({ refused: 'operator_dropped' });
    expect(await answered(desk.sendNow(u1, { key: first, by }))).toEqual({ refused: 'operator_dropped' });
    await world.tickAt('2026-12-01T15:00:00Z');
    expect(world.sent()).toEqual([]);
  });

  it('is counted as a reminder that is dropped, and other acts are not', async () => {
    const seen: Observation[] = [];
    const { desk, first } = await booked({ observe: (one) => seen.push(one) });
    const dropped = () => seen.filter(({ kind }) => kind === 'reminders_dropped');
    await desk.replan(u1, { by });
    expect(dropped()).toEqual([]);
    await desk.drop(u1, { key: first, by });
    expect(dropped()).toEqual([{ kind: 'reminders_dropped', count: 1 }]);
  });

  it('also drops one that waits after a refusal of the mailer', async () => {
    const { world, desk, first } = await booked();
    world.mailer.answerNext({ kind: 'unavailable', reason: '503' });
    await world.tickAt('2026-11-30T15:00:00Z');
    expect(await answered(desk.drop(u1, { key: first, by }))).toBe('done');
    await world.tickAt('2026-11-30T16:00:00Z');
    expect(world.sent()).toEqual([]);
  });
});

describe('replan', () => {
  it('brings a booking under the rules now in force', async () => {
    const rule = (hours: number) => ({
      name: `${hours}h`,
      when: { before: Temporal.Duration.from({ hours }) },
    });
    const { world } = await booked({ policy: { rules: [rule(2)] } });
    await world.restart({ ...defaultPolicy, rules: [rule(24), rule(2)] });
    expect(await answered(world.precall.desk.replan(u1, { by }))).toBe('done');
    await world.tickAt('2026-12-02T15:00:00Z');
    expect(world.sent()).toHaveLength(1);
  });

  it('leaves to the CRM what it has not been told yet', async () => {
    const { world, desk } = await booked();
    await world.at('2026-11-23T12:05:00Z');
    expect(await answered(desk.replan(u1, { by }))).toBe('done');
    expect(`${(await world.memory.nextDueAt('crm')).unwrap()}`).toBe('2026-11-23T12:00:00Z');
  });
});

describe('writeCrm', () => {
  it('writes everything again, though nothing changed', async () => {
    const { world, desk, history } = await booked();
    await world.precall.tick();
    const written = async () => (await history()).filter(({ what }) => what === 'crm_written').length;
    expect(await written()).toBe(1);
    await world.precall.tick();
    expect(await written()).toBe(1);
    expect(await answered(desk.writeCrm(u1, { by }))).toBe('done');
    await world.precall.tick();
    expect(await written()).toBe(2);
    expect((await history()).map(({ what }) => what)).toContain('crm_write_asked');
  });

  it('is done without waiting for the next look', async () => {
    const world = createWorld();
    await world.start();
    await world.change('BOOKING_CREATED');
    const written = async () =>
      (await world.booking('u1'))?.history.filter(({ what }) => what === 'crm_written').length;
    await turns(world);
    expect(await written()).toBe(1);
    expect(await answered(world.precall.desk.writeCrm(u1, { by }))).toBe('done');
    await turns(world);
    expect(await written()).toBe(2);
    await world.precall.stop();
  });

  it('is the booker’s alone, and nothing’s where there is no calendar', async () => {
    const world = createWorld({ scheduler: 'none' });
    await world.change('BOOKING_CREATED', { attendees: [guest, 'friend@example.com'] });
    await world.precall.tick();
    const asked = async () => {
      const all = await Promise.all([all50('person'), all50('calendar')]);
      return all.map((found) => found.length);
    };
    const all50 = async (kind: 'person' | 'calendar') =>
      (await world.memory.list(kind, { limit: 50, cursor: null })).unwrap().items;
    expect(await asked()).toEqual([1, 0]);
    expect(await answered(world.precall.desk.writeCrm(u1, { by }))).toBe('done');
    expect(await asked()).toEqual([1, 0]);
  });

  it('asks no CRM where there is a calendar alone', async () => {
    const { world, desk } = await booked({ crm: 'none', calendar: createMemoryCalendar() });
    expect(await answered(desk.writeCrm(u1, { by }))).toBe('done');
    expect((await world.memory.list('person', { limit: 9, cursor: null })).unwrap().items).toEqual([]);
  });

  it('forgets what was written and how often it failed, and keeps what is wanted', async () => {
    const { world, desk } = await booked();
    await world.precall.tick();
    await rewritePerson(world, { written: { a: 'b' }, marked: ['72h'], refused: true, tries: 3, wanted: 7 });
    expect(await answered(desk.writeCrm(u1, { by }))).toBe('done');
    expect(readPerson(await personOf(world)).value).toMatchObject({
      ...{ written: {}, marked: [], refused: false, tries: 0, wanted: 8 },
    });
  });

  it('leaves a write that is running to end first', async () => {
    const { world, desk, history } = await booked();
    await world.precall.tick();
    await rewritePerson(world, { writing: { leaseUntil: at('2026-11-23T12:02:00Z') } });
    expect(await answered(desk.writeCrm(u1, { by }))).toBe('done');
    await world.tickAt('2026-11-23T12:01:00Z');
    const written = async () => (await history()).filter(({ what }) => what === 'crm_written').length;
    expect(await written()).toBe(1);
    await world.tickAt('2026-11-23T12:02:00Z');
    expect(await written()).toBe(2);
  });

  it('is refused without a CRM', async () => {
    const { desk } = await booked({ crm: 'none' });
    expect(await answered(desk.writeCrm(u1, { by }))).toEqual({ refused: 'no_crm' });
  });
});

describe('suppress and lift', () => {
  it('stops every mail to a person until it is lifted, and keeps what was said first', async () => {
    const { world, desk, reminders, history } = await booked();
    expect(await answered(desk.suppress(` ${guest.toUpperCase()} `, { by }))).toBe('done');
    await world.clock.advance(Temporal.Duration.from({ seconds: 1 }));
    expect(await answered(desk.suppress(guest, { by }))).toBe('done');
    expect((await reminders()).map(({ reason }) => reason)).toEqual(Array(3).fill('suppressed'));
    const inspected = (await desk.inspect(u1)).unwrap();
    expect(inspected?.suppressed.map(({ email, at, why }) => [email, at.toString(), why])).toEqual([
      [guest, '2026-11-23T12:00:00Z', 'operator'],
    ]);
    expect(await answered(desk.lift(guest, { by }))).toBe('done');
    expect((await reminders()).map(({ state }) => state)).toEqual(Array(3).fill('planned'));
    expect((await history()).map(({ what }) => what)).toEqual([
      'booked',
      'suppressed',
      'suppressed',
      'suppression_lifted',
    ]);
  });

  it('are no news to the CRM', async () => {
    const { world, desk } = await booked();
    await world.precall.tick();
    const next = async () => `${(await world.memory.nextDueAt('crm')).unwrap()}`;
    expect(await next()).toBe('2026-12-03T15:30:00Z');
    await desk.suppress(guest, { by });
    await desk.lift(guest, { by });
    expect(await next()).toBe('2026-12-03T15:30:00Z');
  });
});

describe('erase and replay', () => {
  it('erases as ever, and keeps who asked for it', async () => {
    const { desk, history } = await booked();
    expect((await desk.erase(guest, { by })).unwrap()).toEqual({ bookings: 1 });
    expect((await history()).find(({ what }) => what === 'erasure_asked')?.detail).toEqual({ by });
    const found = (await desk.inspect(u1)).unwrap();
    expect(found?.reminders.map(({ message }) => message)).toEqual([null, null, null]);
    expect(found?.wantedFields).toEqual({});
  });

  it('keeps with the booking who replayed what is understood by now', async () => {
    const calcom = createCalcomSource({ secrets: [secret] });
    let understood: boolean = false;
    const world = createWorld({
      scheduler: 'none',
      source: {
        ...calcom,
        parse: (json, receivedAt) =>
          understood ? calcom.parse(json, receivedAt) : Err([{ path: '', message: 'not yet' }]),
      },
    });
    const answer = await world.say('BOOKING_CREATED');
    understood = true;
    const id = answer.kind === 'not_understood' ? answer.quarantineId : '';
    expect(await world.precall.desk.replay(id, { by })).toMatchObject({ kind: 'taken' });
    expect((await world.booking('u1'))?.history.at(-1)).toMatchObject({ what: 'replayed', detail: { by } });
  });

  it('answers a replay as the webhook would, and says when there is nothing to replay', async () => {
    const { world, desk } = await booked();
    expect(await desk.replay('nothing', { by })).toBeNull();
    await world.post({ triggerEvent: 'BOOKING_CREATED', createdAt: 'never', payload: {} });
    const [kept] = (await world.precall.quarantine({ limit: 1, cursor: null })).unwrap().items;
    expect((await desk.replay(kept?.id ?? '', { by }))?.kind).toBe('not_understood');
  });
});
