// What the owner of an address wants is written down once, with what they said, and never against somebody else's writing.
import { createMemoryStore } from '@precall/adapter-memory';
import type { Store } from '@precall/core';
import { withFaults } from '@precall/testing';
import { describe, expect, it } from 'vitest';
import { createHear } from '../src/address-wishes.ts';
import { personRecord } from '../src/ids.ts';
import { readPerson } from '../src/person-record.ts';
import { Ok } from '../src/result.ts';
import { ana, at } from './agreed-call.ts';
import { bareShell } from './bare-shell.ts';

const noon = at('2026-11-23T12:00:00Z');
const one = at('2026-11-23T13:00:00Z');

/** Who hears, on a store whose calls are counted; the first saves meet somebody else's writing. */
function hearing({ conflicts = 0 } = {}) {
  const memory = createMemoryStore();
  let left = conflicts;
  const calls: string[] = [];
  const contended: Store = {
    ...memory,
    save: (writes) => {
      left -= 1;
      return left >= 0 ? Promise.resolve(Ok(writes.map(() => 'conflict' as const))) : memory.save(writes);
    },
  };
  const store = withFaults(contended, ({ method }) => {
    calls.push(method);
    return null;
  });
  const id = personRecord(ana);
  return {
    hear: createHear(bareShell({ store }).shell),
    calls,
    memory,
    suppressed: async () => {
      const [stored] = (await memory.find([id])).unwrap();
      return stored ? readPerson(stored).value.suppressed : null;
    },
    history: async () => {
      const { items } = (await memory.history(id, { limit: 9, cursor: null })).unwrap();
      return items.map(({ at, what }) => `${what} ${at}`);
    },
  };
}

describe('the wish of whoever has an address', () => {
  it('is written down once however often it is said, until they want something else', async () => {
    const { hear, calls, suppressed, history } = hearing();
    expect((await hear(ana, { said: 'stop', at: noon })).unwrap()).toBe('saved');
    expect(calls).toEqual(['find', 'save']);
    expect((await hear(ana, { said: 'stop', at: one })).unwrap()).toBe('saved');
    expect(await suppressed()).toEqual({ at: noon, why: 'stop' });
    expect((await hear(ana, { said: 'start', at: one })).unwrap()).toBe('saved');
    expect((await hear(ana, { said: 'start', at: one })).unwrap()).toBe('saved');
    expect(await suppressed()).toBeNull();
    expect((await history()).toSorted()).toEqual([`texts_started ${one}`, `texts_stopped ${noon}`]);
  });

  it('is given back where their record cannot be read', async () => {
    const { hear, memory } = hearing();
    await hear(ana, { said: 'stop', at: noon });
    const [stored] = (await memory.find([personRecord(ana)])).unwrap();
    if (!stored) throw new Error('it was written down');
    const put = { ...stored, revision: 2, version: 9 };
    await memory.save([{ put, expected: 1, history: [] }]);
    expect((await hear(ana, { said: 'start', at: one })).unwrapErr()).toMatchObject({ kind: 'rejected' });
  });

  it('is written over what somebody else wrote meanwhile, and given back when five tries were in vain', async () => {
    const patient = hearing({ conflicts: 4 });
    expect((await patient.hear(ana, { said: 'stop', at: noon })).unwrap()).toBe('saved');
    expect(await patient.suppressed()).toEqual({ at: noon, why: 'stop' });
    const late = hearing({ conflicts: 5 });
    expect((await late.hear(ana, { said: 'stop', at: noon })).unwrap()).toBe('conflict');
    expect(await late.suppressed()).toBeNull();
  });
});
