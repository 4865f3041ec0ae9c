// How a record is kept true in an outside system: one write at a time, tried again until it is seen, and told of when a
// person should look. Here the record is a number that the outside should show.
import { createMemoryStore } from '@precall/adapter-memory';
import { type PortError, type Store, type Stored, Temporal, type Trouble } from '@precall/core';
import { faults, withFaults } from '@precall/testing';
import { describe, expect, it } from 'vitest';
import { decode, encode } from '../src/codec.ts';
import { createKeepTrue, type Kept, type Progress, untold, type WriteOutcome } from '../src/keep-true.ts';
import { Err, Ok } from '../src/result.ts';
import { bareShell } from './bare-shell.ts';

const minutes = (count: number) => Temporal.Duration.from({ minutes: count });
const done: WriteOutcome = { more: false, error: null };
const away = (retryAfter?: Temporal.Duration): WriteOutcome => ({
  more: false,
  error: { kind: 'unavailable', reason: 'away', ...(retryAfter && { retryAfter }) },
});
const refused: WriteOutcome = { more: false, error: { kind: 'rejected', reason: 'no such property' } };
const trouble = (sentence: string): Trouble => ({ kind: 'crm_refused', booking: null, sentence });

interface Shown extends Progress {
  readonly isUnsure: boolean;
  readonly outcomes: number;
}
const newRecord: Shown = {
  ...untold,
  isUnsure: false,
  outcomes: 0,
};
const recordOf = (id: string) => `meta:${id}` as Stored['id'];

function keeping(faultOf: Parameters<typeof withFaults<Store>>[1] = () => null) {
  const memory = createMemoryStore();
  const { shell, clock, troubles } = bareShell({ store: withFaults(memory, faultOf) });
  const written: Shown[] = [];
  let write: () => ReturnType<Kept<string, Shown, WriteOutcome>['write']> = async () => Ok(done);
  const kept: Kept<string, Shown, WriteOutcome> = {
    newRecord,
    recordOf,
    idOf: ({ id }) => id.slice('meta:'.length),
    read: (stored) => ({ stored, value: decode<Shown>(stored, []) }),
    put: (id, record, { over, now, crmAt, history = [] }) => {
      const expected = over?.revision ?? 0;
      const put: Stored = {
        id: recordOf(id),
        kind: 'meta',
        version: 1,
        revision: expected + 1,
        changedAt: now,
        lanes: { mail: null, crm: crmAt, forget: null },
        keys: [],
        body: encode(record),
      };
      return { put, expected, history };
    },
    unsure: (record) => ({ ...record, isUnsure: true }),
    write: (_, record) => {
      written.push(record);
      return write();
    },
    withOutcome: (record) => ({ ...record, outcomes: record.outcomes + 1 }),
    historyOf: ({ error }, now) => [{ at: now, what: error ? 'failed' : 'written', detail: {} }],
    refusal: (id, reason) => trouble(`${id} refused: ${reason}`),
    outage: (id, reason) => trouble(`${id} away: ${reason}`),
  };
  const { tell, bringUpToDate } = createKeepTrue(shell, kept);
  const stored = async (id = 'a') => (await memory.find([recordOf(id)])).unwrap()[0] as Stored;
  return {
    memory,
    clock,
    written,
    sentences: () => troubles.map(({ sentence }) => sentence),
    tell: (...ids: string[]) => tell(ids),
    /** One turn of a record; `outcome` is what its write comes to. */
    async turn(outcome: WriteOutcome | (() => Promise<WriteOutcome>) = done, id = 'a') {
      write = async () => Ok(typeof outcome === 'function' ? await outcome() : outcome);
      return bringUpToDate(await stored(id));
    },
    async failing(error: PortError) {
      write = async () => Err(error);
      return bringUpToDate(await stored());
    },
    stored,
    bringUpToDate,
    record: async (id = 'a') => decode<Shown>(await stored(id), []),
    dueAt: async (id = 'a') => (await stored(id)).lanes.crm?.toString() ?? null,
  };
}

describe('telling', () => {
  it('makes each record due at once, and counts what is wanted', async () => {
    const { tell, record, dueAt } = keeping();
    expect((await tell('a', 'b')).isOk()).toBe(true);
    await tell('b');
    expect([(await record('a')).wanted, (await record('b')).wanted]).toEqual([1, 2]);
    expect([await dueAt('a'), await dueAt('b')]).toEqual(['2026-11-23T12:00:00Z', '2026-11-23T12:00:00Z']);
  });

  it('tells those again that somebody else wrote meanwhile, and only those', async () => {
    const racing = keeping();
    await racing.tell('b');
    const { find } = racing.memory;
    let looks = 0;
    racing.memory.find = async (ids) => {
      const found = await find(ids);
      looks += 1;
      if (looks === 1) await racing.tell('b');
      return found;
    };
    expect((await racing.tell('a', 'b')).isOk()).toBe(true);
    expect([(await racing.record('a')).wanted, (await racing.record('b')).wanted]).toEqual([1, 3]);
  });

  it.each(['find', 'save'])('says so when the store does not answer: %s', async (method) => {
    const { tell } = keeping((call) => (call.method === method ? faults.unavailable : null));
    expect((await tell('a')).unwrapErr()).toEqual(faults.unavailable.error);
  });
});

describe('the turn of a record', () => {
  it('writes what is wanted, and is done with it', async () => {
    const kept = keeping();
    await kept.tell('a');
    const { clock, memory } = kept;
    let during: Stored | null = null;
    await kept.turn(async () => {
      during = await kept.stored();
      await clock.advance(minutes(1));
      return done;
    });
    // While it runs nobody else writes.
    expect((during as Stored | null)?.lanes.crm?.toString()).toBe('2026-11-23T12:03:00Z');
    expect(await kept.record()).toEqual({ ...newRecord, wanted: 1, seen: 1, outcomes: 1 });
    expect(await kept.dueAt()).toBeNull();
    expect(kept.sentences()).toEqual([]);
    const history = (await memory.history(recordOf('a'), { limit: 10, cursor: null })).unwrap();
    expect(history.items.map(({ what, at }) => `${what} ${at}`)).toEqual(['written 2026-11-23T12:01:00Z']);
  });

  it('is due again at once where more was wanted while it wrote', async () => {
    const kept = keeping();
    await kept.tell('a');
    await kept.turn(async () => {
      await kept.tell('a');
      // It is left to end.
      expect(await kept.dueAt()).toBe('2026-11-23T12:03:00Z');
      return done;
    });
    expect(await kept.record()).toMatchObject({ wanted: 2, seen: 1, writing: null });
    expect(await kept.dueAt()).toBe('2026-11-23T12:00:00Z');
  });

  it('is due again at once where there is more to do than was done', async () => {
    const kept = keeping();
    await kept.tell('a');
    await kept.turn({ more: true, error: null });
    expect(await kept.dueAt()).toBe('2026-11-23T12:00:00Z');
  });

  it('is due again when the outcome asks for it', async () => {
    const kept = keeping();
    await kept.tell('a');
    const againAt = Temporal.Instant.from('2026-11-23T12:10:00Z');
    await kept.turn({ ...done, againAt });
    expect(await kept.dueAt()).toBe(againAt.toString());
  });

  it('knows nothing for sure after a write that nobody concluded', async () => {
    const kept = keeping();
    await kept.tell('a');
    const error = { kind: 'unavailable', reason: 'the store is away' } as const;
    expect((await kept.failing(error)).unwrapErr()).toEqual(error);
    expect((await kept.record()).writing).not.toBeNull();
    await kept.turn();
    expect(kept.written.map(({ isUnsure }) => isUnsure)).toEqual([false, true]);
    expect((await kept.record()).isUnsure).toBe(true);
  });

  it('is not taken by the one that comes second', async () => {
    const kept = keeping();
    await kept.tell('a');
    const seen = await kept.stored();
    await kept.turn();
    expect((await kept.bringUpToDate(seen)).isOk()).toBe(true);
    expect(kept.written).toHaveLength(1);
  });

  it('that took longer than its lease leaves the word to the write that has begun since', async () => {
    const kept = keeping();
    await kept.tell('a');
    await kept.turn(async () => {
      await kept.clock.advance(minutes(4));
      await kept.turn(refused);
      return done;
    });
    expect(await kept.record()).toMatchObject({ refused: true, outcomes: 1 });
  });

  it('has nothing to conclude about a record that is gone, or that another write concluded', async () => {
    const kept = keeping();
    await kept.tell('a');
    const gone = await kept.turn(async () => {
      const { id, revision } = await kept.stored();
      await kept.memory.save([{ remove: id, expected: revision }]);
      return done;
    });
    expect(gone.isOk()).toBe(true);
    expect(await kept.stored()).toBeUndefined();
  });

  it.each([
    ['before the write', 'save', 2],
    ['after it', 'save', 3],
    ['after it, in looking', 'find', 2],
  ])('says so when the store does not answer %s', async (_, method, count) => {
    const kept = keeping((call) =>
      call.method === method && call.count === count ? faults.unavailable : null,
    );
    await kept.tell('a');
    expect((await kept.turn()).unwrapErr()).toEqual(faults.unavailable.error);
    expect(kept.written).toHaveLength(count === 2 && method === 'save' ? 0 : 1);
  });

  it('is concluded on top of what somebody else wrote just then', async () => {
    const kept = keeping();
    await kept.tell('a');
    const { save } = kept.memory;
    let isRacing = false;
    kept.memory.save = async (writes) => {
      if (isRacing) {
        isRacing = false;
        await kept.tell('a');
      }
      return save(writes);
    };
    await kept.turn(async () => {
      isRacing = true;
      return done;
    });
    expect(await kept.record()).toMatchObject({ wanted: 2, seen: 1, outcomes: 1, writing: null });
  });
});

describe('a write that fails', () => {
  it('is tried again, later each time, after five minutes at most, and counts from one again once it was taken', async () => {
    const kept = keeping();
    await kept.tell('a');
    const waits: number[] = [];
    for (let n = 0; n < 5; n += 1) {
      await kept.turn(away());
      const dueAt = Temporal.Instant.from((await kept.dueAt()) ?? '');
      waits.push((dueAt.epochMilliseconds - kept.clock.now().epochMilliseconds) / 1_000);
    }
    expect(waits).toEqual([4, 16, 64, 256, 300]);
    expect(await kept.record()).toMatchObject({ tries: 5, lastError: 'away', refused: false });
    await kept.turn();
    expect(await kept.record()).toMatchObject({ tries: 0, lastError: null });
  });

  it('waits as long as was asked for, where the outside is away', async () => {
    const kept = keeping();
    await kept.tell('a');
    await kept.turn(away(minutes(20)));
    expect(await kept.dueAt()).toBe('2026-11-23T12:20:00Z');
    const doubt = { kind: 'unknown', reason: 'late', retryAfter: minutes(20) } as const;
    await kept.turn({ more: false, error: doubt });
    expect(await kept.dueAt()).toBe('2026-11-23T12:00:16Z');
  });

  it('for good waits for the next change, and is told of each time', async () => {
    const kept = keeping();
    await kept.tell('a', 'b');
    await kept.turn(refused);
    await kept.turn(refused, 'b');
    expect(await kept.record()).toMatchObject({ refused: true, lastError: 'no such property', tries: 1 });
    expect(await kept.dueAt()).toBeNull();
    expect(kept.sentences()).toEqual(['a refused: no such property', 'b refused: no such property']);
  });

  it('is told of at the tenth time in a row, once for all until one succeeds', async () => {
    const kept = keeping();
    await kept.tell('a', 'b');
    const times = async (count: number, id?: string) => {
      for (let n = 0; n < count; n += 1) await kept.turn(away(), id);
    };
    await times(9);
    expect(kept.sentences()).toEqual([]);
    await times(1);
    expect(kept.sentences()).toEqual(['a away: away']);
    await times(3);
    await times(11, 'b');
    expect(kept.sentences()).toHaveLength(1);
    await kept.turn();
    await times(1, 'b');
    expect(kept.sentences()).toEqual(['a away: away', 'b away: away']);
  });

  it('says what else there is to say of it', async () => {
    const kept = keeping();
    await kept.tell('a');
    await kept.turn({ ...done, troubles: [trouble('look here')] });
    expect(kept.sentences()).toEqual(['look here']);
  });
});
