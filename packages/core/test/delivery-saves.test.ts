// What a post of delivery events costs and changes in the store: each attempt looked up once, news saved, nothing else touched.
import { createMemoryStore } from '@precall/adapter-memory';
import {
  attemptId,
  bookingId,
  bookingRecord,
  type DeliveryEvent,
  type DeliveryEvents,
  type Store,
} from '@precall/core';
import { withFaults } from '@precall/testing';
import { describe, expect, it } from 'vitest';
import { bookingWrite, casesOf } from '../src/booking-record.ts';
import { createDeliveries } from '../src/deliveries.ts';
import type { RecipientId } from '../src/ids.ts';
import { claim, newEntry, settle } from '../src/ledger.ts';
import { Ok } from '../src/result.ts';
import { agreedCall, at } from './agreed-call.ts';
import { bareShell } from './bare-shell.ts';

const id = bookingId('calcom', 'u1');
const attempt = attemptId('a1');
const now = at('2026-11-23T12:00:00Z');
const wantedByCrm = at('2026-11-25T12:00:00Z');
const owner = 'c'.repeat(32) as RecipientId;

/** A booking whose first reminder was accepted, by mail or by text, and whoever reports on it. */
async function reported(
  options: { readonly channel?: 'sms'; readonly store?: (store: Store) => Store } = {},
) {
  const memory = createMemoryStore();
  const { shell, woken } = bareShell({ store: options.store?.(memory) ?? memory });
  const { policy } = shell;
  const facts = agreedCall({ startAt: at('2026-12-03T15:00:00Z'), agreedAt: at('2026-11-20T12:00:00Z') });
  const [first] = casesOf({ id, facts, ledger: {} }, { policy, now });
  if (!first) throw new Error('it is planned');
  const by = options.channel && { channel: options.channel, to: owner };
  const claimed = claim(newEntry(first.reminder), attempt, now, by);
  const doubtWait = policy.doubtWait.once;
  const sent = settle(claimed, attempt, { kind: 'accepted', messageId: null }, { now, doubtWait });
  const written = bookingWrite(
    { id, facts, ledger: { [first.key]: sent } },
    { over: null, policy, now, crm: 'done', history: [] },
  );
  const put = { ...written.put, lanes: { ...written.put.lanes, crm: wantedByCrm } };
  await memory.save([{ ...written, put }]);
  const asked: unknown[] = [];
  const events: DeliveryEvents = {
    verify: () => 'authentic',
    parse: (json, came) => {
      asked.push([came.query, `${came.at}`]);
      return Ok((json as readonly DeliveryEvent[]).map((one) => ({ ...one, at: now })));
    },
  };
  const take = createDeliveries(shell, events);
  const post = (said: readonly object[], query?: string) =>
    take({
      headers: {},
      body: new TextEncoder().encode(JSON.stringify(said)),
      ...(query !== undefined && { query }),
    });
  const say = (...said: readonly string[]) => post(said.map((one) => ({ attempt, said: one })));
  const stored = async () => (await memory.find([bookingRecord(id)])).unwrap()[0];
  const history = async () =>
    (await memory.history(bookingRecord(id), { limit: 9, cursor: null }))
      .unwrap()
      .items.map(({ what, detail }) => [what, detail]);
  return { post, say, asked, stored, history, woken, memory, key: first.key };
}

/** Counts the calls of one method. */
function counting(method: string) {
  const calls: number[] = [];
  const store = (inner: Store): Store =>
    withFaults(inner, (call) => {
      if (call.method === method) calls.push(call.count);
      return null;
    });
  return { calls, store };
}

describe('a post of delivery events', () => {
  it('is read with the query of its address and the moment at which it came', async () => {
    const { post, asked } = await reported();
    await post([], 'account=1');
    await post([]);
    expect(asked).toEqual([
      ['account=1', `${now}`],
      ['', `${now}`],
    ]);
  });

  it('looks each attempt up once, however many there are', async () => {
    const { calls, store } = counting('findByKey');
    const { post } = await reported({ store });
    await post(Array.from({ length: 60 }, (_, n) => ({ attempt: `other-${n}`, said: 'delivered' })));
    expect(calls).toHaveLength(60);
  });

  it('wakes whoever sends at once: what came back may go another way', async () => {
    const { say, woken, stored } = await reported();
    await say('bounced');
    const lanes = (await stored())?.lanes;
    expect(woken).toEqual([`${lanes?.crm}`]);
  });

  it('leaves the CRM to look when it wanted to', async () => {
    const { say, stored } = await reported();
    await say('delivered');
    expect(`${(await stored())?.lanes.crm}`).toBe(`${wantedByCrm}`);
  });

  it('saves nothing, and wakes nobody, where it says nothing new', async () => {
    const { calls, store } = counting('save');
    const { say, woken } = await reported({ store });
    await say('delivered');
    expect([calls.length, woken.length]).toEqual([1, 1]);
    await say('delivered');
    expect([calls.length, woken.length]).toEqual([1, 1]);
  });

  it('is taken in on top of what somebody else wrote just then', async () => {
    let isFirst = true;
    const { say, stored, history } = await reported({
      store: (memory) => ({
        ...memory,
        save: async (writes) => {
          const [over] = (await memory.find([bookingRecord(id)])).unwrap();
          if (isFirst && over) {
            isFirst = false;
            const put = { ...over, revision: over.revision + 1 };
            await memory.save([{ put, expected: over.revision, history: [] }]);
          }
          return memory.save(writes);
        },
      }),
    });
    expect(await say('delivered')).toEqual({ kind: 'taken', events: 1 });
    expect((await stored())?.revision).toBe(3);
    expect(await history()).toHaveLength(1);
  });

  it('names in the history the way that is reported on, where it is not mail', async () => {
    const mailed = await reported();
    await mailed.say('delivered');
    expect(await mailed.history()).toEqual([
      ['reminder_reported', { key: mailed.key, attempt, delivery: 'delivered' }],
    ]);
    const texted = await reported({ channel: 'sms' });
    await texted.say('delivered');
    expect(await texted.history()).toEqual([
      ['reminder_reported', { key: texted.key, attempt, delivery: 'delivered', channel: 'sms' }],
    ]);
  });
});
