// Bookings read again at their source in the minutes before a reminder falls due: which, how many, and what came of it.
import { createMemoryStore } from '@precall/adapter-memory';
import { type BookingUpdate, Ok, type PortResult, type Store, type Stored, Temporal } from '@precall/core';
import { faults, withFaults } from '@precall/testing';
import { describe, expect, it } from 'vitest';
import { createReread } from '../src/reread.ts';
import { Err } from '../src/result.ts';
import { at } from './agreed-call.ts';
import { bareShell } from './bare-shell.ts';

const minutes = (count: number) => Temporal.Duration.from({ minutes: count });
const changed = { uid: 'changed' } as BookingUpdate;
const same = { uid: 'same' } as BookingUpdate;
const away = Err({ kind: 'unavailable', reason: 'away' } as const);

/** A store in which reminders fall due `12:0n`, and a source that answers about each booking by its uid. */
async function reading(options: {
  readonly due: { readonly [uid: string]: number };
  readonly atOnce?: number;
  readonly answers?: { readonly [uid: string]: Awaited<PortResult<BookingUpdate | null>> };
  readonly take?: (update: BookingUpdate) => PortResult<boolean>;
  readonly around?: (store: Store) => Store;
}) {
  const store = createMemoryStore();
  const { clock } = bareShell();
  const asked: string[] = [];
  const dueAt = async (uid: string, minute: number | null) => {
    const id = `booking:calcom:${uid}` as Stored['id'];
    const [known] = (await store.find([id])).unwrap();
    const expected = known?.revision ?? 0;
    const mail = minute === null ? null : at('2026-11-23T12:00:00Z').add({ minutes: minute });
    const lanes = { mail, crm: null, forget: null };
    const put: Stored = {
      ...{ id, kind: 'booking', version: 1, revision: expected + 1, keys: [], body: '{}', lanes },
      changedAt: clock.now(),
    };
    await store.save([{ put, expected, history: [] }]);
  };
  for (const [uid, minute] of Object.entries(options.due)) await dueAt(uid, minute);
  const api = {
    fetch: async (uid: string) => {
      asked.push(uid);
      return options.answers?.[uid] ?? Ok(null);
    },
    changedSince: async () => Ok({ items: [], next: null }),
  };
  const read = createReread(
    { store: options.around?.(store) ?? store, clock },
    {
      source: { name: 'calcom' } as Parameters<typeof createReread>[1]['source'],
      api,
      limits: { clock, limit: minutes(1), who: 'the source' },
      atOnce: options.atOnce ?? 10,
      take: options.take ?? (async (update) => Ok(update === changed)),
    },
  );
  return { read, asked, dueAt, clock };
}

describe('what is read again', () => {
  it('are the bookings whose reminders fall due within three minutes, the soonest first', async () => {
    const { read, asked } = await reading({
      due: { far: 4, third: 3, first: 1, second: 2, now: 0, over: -1 },
    });
    await read();
    expect(asked).toEqual(['first', 'second', 'third']);
  });

  it('is no more in a minute than it may be; each once ahead of one moment', async () => {
    const { read, asked, clock } = await reading({ due: { a: 2, b: 2, c: 2 }, atOnce: 2 });
    await read();
    await clock.advance(Temporal.Duration.from({ seconds: 59 }));
    await read();
    expect(asked).toEqual(['a', 'b']);
    await clock.advance(Temporal.Duration.from({ seconds: 1 }));
    await read();
    expect(asked).toEqual(['a', 'b', 'c']);
  });

  it('is the same booking ahead of its next reminder', async () => {
    const { read, asked, clock, dueAt } = await reading({ due: { a: 2 } });
    await read();
    await clock.advance(minutes(3));
    await dueAt('a', 5);
    await read();
    expect(asked).toEqual(['a', 'a']);
  });

  it('is nothing where nothing was asked for', async () => {
    const { read, asked } = await reading({ due: { a: 1 }, atOnce: 0 });
    expect(await read()).toBe(false);
    expect(asked).toEqual([]);
  });
});

describe('what comes of it', () => {
  const due = { a: 1, b: 2 };

  it.each([
    ['one changed, the first', { a: Ok(changed), b: Ok(same) }, true],
    ['one changed, the last', { a: Ok(same), b: Ok(changed) }, true],
    ['none changed', { a: Ok(same), b: Ok(same) }, false],
    ['the source does not know them', { a: Ok(null), b: Ok(null) }, false],
  ])('says whether anything changed: %s', async (_, answers, expected) => {
    const { read, asked } = await reading({ due, answers });
    expect(await read()).toBe(expected);
    expect(asked).toEqual(['a', 'b']);
  });

  it('ends for this minute where the source does not answer', async () => {
    const first = await reading({ due, answers: { a: away } });
    expect(await first.read()).toBe(false);
    expect(first.asked).toEqual(['a']);
    const second = await reading({ due, answers: { a: Ok(changed), b: away } });
    expect(await second.read()).toBe(true);
  });

  it('ends for this minute where what was told cannot be kept', async () => {
    const { read, asked } = await reading({ due, answers: { a: Ok(changed) }, take: async () => away });
    expect(await read()).toBe(false);
    expect(asked).toEqual(['a']);
  });

  it('is nothing where the store does not answer', async () => {
    const around = (store: Store) => withFaults(store, () => faults.unavailable);
    const { read, asked } = await reading({ due, around });
    expect(await read()).toBe(false);
    expect(asked).toEqual([]);
  });
});
