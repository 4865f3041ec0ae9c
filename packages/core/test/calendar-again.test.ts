// An operator asks that an event be written again: nothing that was known of it counts any more, and a write that runs is left to end.
import { createMemoryStore } from '@precall/adapter-memory';
import { bookingId, type Store } from '@precall/core';
import { faults, withFaults } from '@precall/testing';
import { describe, expect, it } from 'vitest';
import { writeEventAgain } from '../src/calendar-again.ts';
import {
  type CalendarRecord,
  calendarWrite,
  newCalendarRecord,
  readCalendar,
} from '../src/calendar-record.ts';
import { calendarRecord } from '../src/ids.ts';
import { Ok } from '../src/result.ts';
import { at } from './agreed-call.ts';
import { bareShell } from './bare-shell.ts';

const id = bookingId('calcom', 'u1');
const now = at('2026-11-23T12:00:00Z');
const endAt = at('2026-12-03T15:30:00Z');

async function asked(known: Partial<CalendarRecord> | null, around: (store: Store) => Store = (one) => one) {
  const memory = createMemoryStore();
  if (known) {
    const record = { ...newCalendarRecord, ...known };
    await memory.save([calendarWrite(id, record, { over: null, now, crmAt: null, history: [] })]);
  }
  const { shell, woken } = bareShell({ store: around(memory) });
  const answer = await writeEventAgain(shell, id, 'ana');
  const [stored] = (await memory.find([calendarRecord(id)])).unwrap();
  const history = (await memory.history(calendarRecord(id), { limit: 9, cursor: null })).unwrap().items;
  return {
    ...{ answer, woken, history: history.map(({ what, detail }) => [what, detail]) },
    ...{ record: stored && readCalendar(stored).value, dueAt: `${stored?.lanes.crm}` },
  };
}

describe('an event that is to be written again', () => {
  it('counts as not known, as one more thing to say, and as never refused', async () => {
    const event = { state: 'there', digest: 'd', endAt } as const;
    const known = { event, wanted: 3, seen: 3, refused: true, tries: 7 };
    const { answer, record, dueAt, woken, history } = await asked(known);
    expect(answer.unwrap()).toBe('done');
    expect(record).toMatchObject({ event: { state: 'unsure', endAt }, wanted: 4, seen: 3 });
    expect(record).toMatchObject({ refused: false, tries: 0 });
    expect([dueAt, woken]).toEqual([`${now}`, [`${now}`]]);
    expect(history).toEqual([['calendar_write_asked', { by: 'ana' }]]);
  });

  it('is none still where there was none, also where nothing was ever said', async () => {
    expect((await asked({ wanted: 1 })).record).toMatchObject({ event: { state: 'none' }, wanted: 2 });
    expect((await asked(null)).record).toMatchObject({ event: { state: 'none' }, wanted: 1 });
  });

  it('waits for the write that runs', async () => {
    const leaseUntil = now.add({ minutes: 2 });
    const { dueAt, woken } = await asked({ wanted: 1, writing: { leaseUntil } });
    expect([dueAt, woken]).toEqual([`${leaseUntil}`, [`${leaseUntil}`]]);
  });

  it.each([
    [4, 'done', 5],
    [5, { refused: 'changed_meanwhile' }, 5],
  ])('is asked for five times where others write meanwhile: %i of them', async (others, expected, count) => {
    let saves = 0;
    const { answer } = await asked({}, (store) => ({
      ...store,
      async save(writes) {
        saves += 1;
        return saves <= others ? Ok(writes.map(() => 'conflict' as const)) : store.save(writes);
      },
    }));
    expect([answer.unwrap(), saves]).toEqual([expected, count]);
  });

  it.each(['find', 'save'])('is not asked for while the store does not answer: %s', async (method) => {
    const { answer, woken } = await asked({}, (store) =>
      withFaults(store, (call) => (call.method === method ? faults.unavailable : null)),
    );
    expect([answer.isErr(), woken]).toEqual([true, []]);
  });
});
