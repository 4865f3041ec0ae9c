import { createMemoryStore } from '@precall/adapter-memory';
import { describe, expect, it } from 'vitest';
import { faults, faultsInOrder, storeContract, withFaults } from '../src/index.ts';
import { idOf, put, sampleRecord } from '../src/sample-records.ts';

/** Whether a first save under that fault was answered Ok, and whether the record is there. */
async function savedUnder(fault: (typeof faults)[keyof typeof faults] | null) {
  const store = withFaults(createMemoryStore(), faultsInOrder({ save: [fault] }));
  const answer = await store.save([put(sampleRecord(1))]);
  const found = await store.find([idOf(1)]);
  return [answer.isErr() ? answer.error.kind : 'Ok', found.isOk() && found.value.length];
}

describe('withFaults', () => {
  it('loses what is unavailable, rejected or lost, and lets the effect of the unanswered happen', async () => {
    expect(await savedUnder(null)).toEqual(['Ok', 1]);
    expect(await savedUnder(faults.unavailable)).toEqual(['unavailable', 0]);
    expect(await savedUnder(faults.rejected)).toEqual(['rejected', 0]);
    expect(await savedUnder(faults.lost)).toEqual(['unknown', 0]);
    expect(await savedUnder(faults.unanswered)).toEqual(['unknown', 1]);
  });

  it('follows the script by method and call, and lets later calls through', async () => {
    const script = faultsInOrder({ find: [null, faults.unavailable] });
    const store = withFaults(createMemoryStore(), script);
    const answers = [
      await store.find([]),
      await store.find([]),
      await store.find([]),
      await store.nextDueAt('mail'),
    ];
    expect(answers.map((answer) => answer.isOk())).toEqual([true, false, true, true]);
  });

  it('tells the script what is called', async () => {
    const seen: unknown[] = [];
    const store = withFaults(createMemoryStore(), (call) => {
      seen.push(call);
      return null;
    });
    await store.find([idOf(1)]);
    await store.find([]);
    expect(seen).toEqual([
      { method: 'find', args: [[idOf(1)]], count: 1 },
      { method: 'find', args: [[]], count: 2 },
    ]);
  });
});

// without a fault the wrapper changes nothing
storeContract({ create: () => withFaults(createMemoryStore(), () => null) });
