// What was read of a person in the CRM becomes a fact of each of their calls to come, whoever else writes meanwhile.
import { createMemoryStore } from '@precall/adapter-memory';
import { bySegment, type Facts, type RecipientId, type Store, type Stored } from '@precall/core';
import { faults, withFaults } from '@precall/testing';
import { describe, expect, it } from 'vitest';
import { bookingWrite, readBooking } from '../src/booking-record.ts';
import { bookingId } from '../src/ids.ts';
import { type ContactRead, noteRead } from '../src/note-read.ts';
import { agreedCall, ana, at, ben, hours } from './agreed-call.ts';
import { bareShell } from './bare-shell.ts';

const startAt = at('2026-12-03T15:00:00Z');
const call = (people: Parameters<typeof agreedCall>[0]['people'] = { [ana]: {} }): Facts =>
  agreedCall({ startAt, agreedAt: at('2026-11-20T12:00:00Z'), people });
const rules = bySegment({ CRITICAL: [{ name: '48h', when: { before: hours(48) } }] }, [
  { name: '24h', when: { before: hours(24) } },
]);

async function noting(
  facts: readonly Facts[] = [call()],
  around: (store: Store) => Store = (store) => store,
) {
  const memory = createMemoryStore();
  const { shell, clock, woken } = bareShell({ store: around(memory), policy: { rules } });
  const idOf = (n: number) => `booking:calcom:u${n}` as Stored['id'];
  for (const [n, known] of facts.entries()) {
    const record = { id: bookingId('calcom', `u${n}`), facts: known, ledger: {} };
    const options = { over: null, policy: shell.policy, now: clock.now(), history: [], crm: 'now' } as const;
    await memory.save([bookingWrite(record, options)]);
  }
  const all = async () => (await memory.find(facts.map((_, n) => idOf(n)))).unwrap();
  return {
    memory,
    clock,
    woken,
    note: async (read: ContactRead, id: RecipientId = ana) =>
      noteRead(shell, { id, read, bookings: await all() }),
    revisions: async () => (await all()).map(({ revision }) => revision),
    segment: async (n = 0) => {
      const [stored] = (await memory.find([idOf(n)])).unwrap();
      return stored && readBooking(stored).value.facts.people[ana]?.segment;
    },
    stored: async (n = 0) => (await memory.find([idOf(n)])).unwrap()[0] as Stored,
    history: async () =>
      (await memory.history(idOf(0), { limit: 10, cursor: null })).unwrap().items.map(({ what }) => what),
  };
}

describe('a segment that was read', () => {
  it('is a fact of the call from then on, moves its plan, and says when that is due', async () => {
    const { note, segment, stored, woken, history } = await noting();
    const before = await stored();
    expect((await note({ segment: 'CRITICAL' })).isOk()).toBe(true);
    const stamp = { saidAt: at('2026-11-23T12:00:00Z'), rank: 0 };
    expect(await segment()).toEqual({ value: 'CRITICAL', stamp });
    const after = await stored();
    expect(`${after.lanes.mail}`).toBe('2026-12-01T15:00:00Z');
    expect(after.lanes.crm).toEqual(before.lanes.crm);
    expect(woken).toEqual(['2026-12-01T15:00:00Z']);
    expect(await history()).toEqual(['segment_read']);
  });

  it.each<[string, ContactRead, ContactRead]>([
    ['the same once more', { segment: 'CRITICAL' }, { segment: 'CRITICAL' }],
    ['nothing, where nothing was', {}, {}],
    ['an empty one, where none was known', {}, { segment: null }],
    ['only something else', { segment: 'CRITICAL' }, {}],
  ])('that is %s changes nothing', async (_, first, second) => {
    const { note, revisions, woken } = await noting();
    await note(first);
    const before = await revisions();
    const rung = woken.length;
    await note(second);
    expect(await revisions()).toEqual(before);
    expect(woken).toHaveLength(rung);
  });

  it.each([['OPTIMIZE'], [null]])('that is %s by now takes the place of the one before', async (next) => {
    const { note, segment, clock } = await noting();
    await note({ segment: 'CRITICAL' });
    await clock.advance(hours(1));
    await note({ segment: next });
    expect((await segment())?.value).toBe(next);
  });

  it.each<[string, Facts]>([
    [
      'was called off',
      {
        ...call(),
        cancelled: {
          value: { by: 'host', moving: false },
          stamp: { saidAt: at('2026-11-21T12:00:00Z'), rank: 4 },
        },
      },
    ],
    ['somebody else booked', call({ [ben]: {} })],
    ['they were erased from', call({ [ana]: { email: null } })],
  ])('is no matter of a call that %s', async (_, facts) => {
    const { note, revisions } = await noting([facts]);
    expect((await note({ segment: 'CRITICAL' })).isOk()).toBe(true);
    expect(await revisions()).toEqual([1]);
  });

  it('is no matter of a call of which nothing is known of them yet', async () => {
    const { people, ...facts } = call();
    const { [ana]: known } = people;
    if (!known) throw new Error('she booked it');
    const { note, revisions } = await noting([{ ...facts, people: { [ana]: { ...known, details: null } } }]);
    await note({ segment: 'CRITICAL' });
    expect(await revisions()).toEqual([1]);
  });

  it('is a fact of a call that waits for its host, too', async () => {
    const requested = { ...call(), agreed: {}, lastAgreedAt: null, requestedAt: at('2026-11-20T12:00:00Z') };
    const { note, segment } = await noting([requested]);
    await note({ segment: 'CRITICAL' });
    expect((await segment())?.value).toBe('CRITICAL');
  });
});

describe('while others write', () => {
  /** Somebody else changes the second call before each of the first `times` saves. */
  const racing = (times: number) => {
    let left = times;
    return (store: Store): Store => ({
      ...store,
      save: async (writes) => {
        if (left > 0) {
          left -= 1;
          const [one] = (await store.find(['booking:calcom:u1' as never])).unwrap();
          if (one)
            await store.save([
              { put: { ...one, revision: one.revision + 1 }, expected: one.revision, history: [] },
            ]);
        }
        return store.save(writes);
      },
    });
  };

  it('it is noted on top of what they wrote, and only there once more', async () => {
    const { note, segment, revisions } = await noting([call(), call()], racing(2));
    expect((await note({ segment: 'CRITICAL' })).isOk()).toBe(true);
    expect((await segment(1))?.value).toBe('CRITICAL');
    expect(await revisions()).toEqual([2, 4]);
  });

  it('it is left to the next look after the third time', async () => {
    const { note, segment } = await noting([call(), call()], racing(3));
    expect((await note({ segment: 'CRITICAL' })).isOk()).toBe(true);
    expect((await segment(0))?.value).toBe('CRITICAL');
    expect(await segment(1)).toBeFalsy();
  });

  it.each(['save', 'find'])('a store that does not answer is said so: %s', async (method) => {
    const { note } = await noting([call()], (store) =>
      withFaults(store, (call) => (call.method === method ? faults.unavailable : null)),
    );
    expect((await note({ segment: 'CRITICAL' })).unwrapErr()).toEqual(faults.unavailable.error);
  });
});
