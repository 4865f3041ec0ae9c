// Calendly's webhooks through the whole intake, signature included, in every order and with repetitions: the facts, and what
// follows from them, are the same.
import {
  createMemoryClock,
  createMemoryEntropy,
  createMemoryMailer,
  createMemoryStore,
} from '@precall/adapter-memory';
import { createPrecall, defaultPolicy, Temporal } from '@precall/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCalendlySource, signCalendly } from '../src/index.ts';
import { type Change, sample, sampleWith, secret, uri, type Webhook } from './samples.ts';

const now = Temporal.Instant.from('2026-10-15T12:00:30Z');
const first = 'calendly:1a2b3c4d-5e6f-4a7b-8c9d-000000000001';
const second = 'calendly:1a2b3c4d-5e6f-4a7b-8c9d-000000000002';

interface End {
  readonly statuses: { readonly [id: string]: string };
  /** Of all bookings, to the letter. */
  readonly facts: string;
}

/** What is known once these have come in, in this order. */
async function endOf(webhooks: readonly Webhook[]): Promise<End> {
  const clock = createMemoryClock(now);
  const store = createMemoryStore();
  const precall = createPrecall({
    source: createCalendlySource({ secrets: [secret], clock }),
    store,
    mailer: createMemoryMailer({ clock }),
    policy: defaultPolicy,
    clock,
    entropy: createMemoryEntropy('orders'),
  });
  for (const webhook of webhooks) {
    const body = Buffer.from(JSON.stringify(webhook));
    const answer = await precall.receive({
      headers: {
        'content-type': ['application/json'],
        'calendly-webhook-signature': [signCalendly(secret, body, now)],
      },
      body,
    });
    expect(['taken', 'ignored']).toContain(answer.kind);
  }
  const page = { limit: 100, cursor: null };
  const views = (await precall.bookings({ page })).unwrap().items;
  const records = (await store.list('booking', page)).unwrap().items;
  const facts = records.map(({ id, body }) => [id, JSON.parse(body).facts]).sort();
  return {
    statuses: Object.fromEntries(views.map(({ id, status }) => [id, status]).sort()),
    facts: JSON.stringify(facts),
  };
}

/** The one end of every order, each also twice over, and with every webhook twice in a row. */
async function endOfAll(webhooks: readonly Webhook[]): Promise<End> {
  const ends: End[] = [];
  for (const order of permutations(webhooks)) {
    for (const one of [order, [...order, ...order], order.flatMap((each) => [each, each])])
      ends.push(await endOf(one));
  }
  expect(new Set(ends.map(({ facts }) => facts)).size).toBe(1);
  expect(new Set(ends.map(({ statuses }) => JSON.stringify(statuses))).size).toBe(1);
  return ends[0] ?? { statuses: {}, facts: '' };
}

function permutations<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length <= 1) return [items];
  return items.flatMap((one, index) =>
    permutations(items.toSpliced(index, 1)).map((others) => [one, ...others]),
  );
}

const booked = sample('created');
const movedAway = sample('canceled.reschedule');
const movedHere = sample('created.reschedule');
const calledOff = sample('canceled');
/** An invitee of one event of a group. */
const inGroup = (invitee: string, webhook: Change['webhook'] = {}) =>
  sampleWith('created', {
    webhook,
    payload: { uri: uri(invitee), email: `${invitee}@example.com` },
    event: {
      start_time: '2026-10-20T15:00:00Z',
      end_time: '2026-10-20T15:30:00Z',
      invitees_counter: { limit: 10 },
    },
  });

describe('the samples, in every order and with repetitions', () => {
  it('end, booked and moved, with the old call superseded and the new one agreed', async () => {
    expect((await endOfAll([booked, movedAway, movedHere])).statuses).toEqual({
      [first]: 'superseded',
      [second]: 'agreed',
    });
  });

  it('end, moved and called off, with nothing agreed', async () => {
    expect((await endOfAll([booked, movedAway, movedHere, calledOff])).statuses).toEqual({
      [first]: 'superseded',
      [second]: 'cancelled',
    });
  });

  it('end cancelled, also when the cancellation comes first', async () => {
    expect((await endOfAll([movedHere, calledOff])).statuses).toMatchObject({ [second]: 'cancelled' });
  });

  it('end with a call that is off, while the other half of the move has not come', async () => {
    expect((await endOfAll([booked, movedAway])).statuses).toEqual({ [first]: 'cancelled' });
    expect((await endOfAll([booked, movedHere])).statuses).toEqual({
      [first]: 'superseded',
      [second]: 'agreed',
    });
  });

  it('end, with a mark of absence set and taken back, in the same facts', async () => {
    const marked = { ...booked, event: 'invitee_no_show.created', created_at: '2026-10-14T22:00:00Z' };
    const unmarked = { ...booked, event: 'invitee_no_show.deleted', created_at: '2026-10-14T22:05:00Z' };
    const { statuses, facts } = await endOfAll([booked, marked, unmarked]);
    expect(statuses).toEqual({ [first]: 'ended' });
    expect(facts).toContain('"noShow":{"value":false,');
    expect((await endOfAll([booked, marked])).facts).toContain('"noShow":{"value":true,');
  });
});

describe('a group', () => {
  it('keeps everybody but the one who cancels, moves or does not come', async () => {
    const left = inGroup('i2', { event: 'invitee.canceled', created_at: '2026-10-13T08:00:00Z' });
    const all = [inGroup('i1'), inGroup('i2'), left, inGroup('i3')];
    expect((await endOfAll(all)).statuses).toEqual({
      'calendly:i1': 'agreed',
      'calendly:i2': 'cancelled',
      'calendly:i3': 'agreed',
    });
  });

  it('takes the same address twice for two places', async () => {
    const again = sampleWith('created', {
      payload: { uri: uri('i2') },
      event: { start_time: '2026-10-20T15:00:00Z', end_time: '2026-10-20T16:00:00Z' },
    });
    const gone = { ...again, event: 'invitee.canceled', created_at: '2026-10-14T00:00:00Z' };
    const stays = sampleWith('created', {
      payload: { uri: uri('i1') },
      event: { start_time: '2026-10-20T15:00:00Z', end_time: '2026-10-20T16:00:00Z' },
    });
    expect((await endOfAll([stays, again, gone])).statuses).toEqual({
      'calendly:i1': 'agreed',
      'calendly:i2': 'cancelled',
    });
  });
});

describe('any webhooks about few invitees', () => {
  const invitee = fc.constantFrom('i1', 'i2', 'i3');
  const webhook = fc
    .record({
      event: fc.constantFrom(
        'invitee.created',
        'invitee.canceled',
        'invitee_no_show.created',
        'invitee_no_show.deleted',
      ),
      who: invitee,
      old: fc.option(invitee),
      email: fc.constantFrom('ada@example.com', 'bob@example.com'),
      minute: fc.integer({ min: 0, max: 3 }),
      day: fc.integer({ min: 20, max: 22 }),
      rescheduled: fc.boolean(),
      limit: fc.constantFrom(1, 10),
    })
    .map(({ event, who, old, email, minute, day, rescheduled, limit }) =>
      sampleWith('created', {
        webhook: { event, created_at: `2026-10-15T11:0${minute}:00.000000Z` },
        payload: { uri: uri(who), email, old_invitee: old && uri(old), rescheduled },
        event: {
          start_time: `2026-10-${day}T15:00:00Z`,
          end_time: `2026-10-${day}T15:30:00Z`,
          invitees_counter: { limit },
        },
      }),
    );

  it('always end in the same facts, whatever the order and the repetitions', async () => {
    const told = fc.array(webhook, { minLength: 1, maxLength: 8 });
    const orders = told.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2 })),
    );
    await fc.assert(
      fc.asyncProperty(orders, async ([asSaid, otherwise]) => {
        expect(await endOf(otherwise)).toEqual(await endOf(asSaid));
      }),
      { numRuns: 100 },
    );
  });
});
