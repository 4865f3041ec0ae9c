// A backup is put back after the host went on for a while: what fell due meanwhile may have been sent, or not.
import {
  bookingId,
  bookingRecord,
  defaultPolicy,
  doubtRestored,
  isPlannedOtherwise,
  type Policy,
  personRecord,
  recipientId,
  type Stored,
  Temporal,
  type Write,
} from '@precall/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createWorld } from './world.ts';

const at = (text: string) => Temporal.Instant.from(text);
const start = '2026-12-03T15:00:00Z';
/** Their dues: 30 Nov 15:00, 2 Dec 15:00, 3 Dec 13:00. */
const agreedAt = '2026-11-23T12:00:00Z';

/** A world whose only booking is `one`, and what its store holds of it. */
async function booked(options: Parameters<typeof createWorld>[0] = {}) {
  const world = createWorld({ scheduler: 'none', ...options });
  await world.change('BOOKING_CREATED', { uid: 'one', start });
  const record = async (): Promise<Stored> => {
    const found = (await world.store.find([bookingRecord(bookingId('calcom', 'one'))])).unwrap();
    return found[0] ?? Promise.reject(new Error('the booking is gone'));
  };
  return { world, record };
}

function restoring(sentUntil: string, more: Partial<Parameters<typeof doubtRestored>[1]> = {}) {
  return { policy: defaultPolicy, sentUntilAt: at(sentUntil), now: at(sentUntil), ...more };
}

async function states(world: ReturnType<typeof createWorld>) {
  const booking = await world.booking('one');
  return booking?.reminders.map(({ rule, state, reason }) => [rule, state, reason]);
}

/** What the store answers to the write. */
async function save(world: ReturnType<typeof createWorld>, write: Write | undefined) {
  return (await world.store.save(write ? [write] : [])).unwrap();
}

describe('doubtRestored', () => {
  it('marks what fell due since the backup as unknown, and sends it no more', async () => {
    const { world, record } = await booked();
    const doubted = doubtRestored(await record(), restoring('2026-12-02T20:00:00Z'));
    expect(doubted?.reminders.map((key) => key.split('|')[2])).toEqual(['72h', '24h']);
    expect(await save(world, doubted?.write)).toEqual(['saved']);
    await world.tickAt('2026-12-02T20:00:00Z');
    expect(world.sent()).toEqual([]);
    await world.tickAt('2026-12-03T13:00:00Z');
    expect(world.sent()).toEqual(['guest@example.com 2026-12-03T13:00:00Z']);
    expect(await states(world)).toEqual([
      ['72h', 'unknown', 'restored'],
      ['24h', 'unknown', 'restored'],
      ['2h', 'sent', null],
    ]);
  });

  it('says nothing of a record that cannot be read, nor whose rules planned it', async () => {
    const { record } = await booked();
    const damaged = { ...(await record()), body: '{"facts":' };
    expect(doubtRestored(damaged, restoring('2026-12-02T20:00:00Z'))).toBeNull();
    expect(isPlannedOtherwise(damaged, defaultPolicy)).toBe(false);
  });

  it('counts the reminder of that very moment in, and nothing later', async () => {
    const { record } = await booked();
    const rules = async (until: string) =>
      doubtRestored(await record(), restoring(until))?.reminders.map((key) => key.split('|')[2]) ?? [];
    expect(await rules('2026-11-30T14:59:59.999Z')).toEqual([]);
    expect(await rules('2026-11-30T15:00:00Z')).toEqual(['72h']);
  });

  it('leaves what the backup knows to be sent, and says in the history which it doubts', async () => {
    const { world, record } = await booked();
    await world.tickAt('2026-11-30T15:00:00Z');
    const doubted = doubtRestored(await record(), restoring('2026-12-02T15:00:00Z'));
    await save(world, doubted?.write);
    expect((await states(world))?.map(([, state]) => state)).toEqual(['sent', 'unknown', 'planned']);
    expect((await world.booking('one'))?.history.at(-1)).toMatchObject({
      what: 'reminder_unknown',
      detail: { key: doubted?.reminders[0], reason: 'restored' },
    });
  });

  it('is unknown about a send that the backup caught under way, whenever it was due', async () => {
    let begun = () => {};
    const underWay = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const { world, record } = await booked({
      mailer: (mailer) => ({
        ...mailer,
        send() {
          begun();
          return new Promise(() => {});
        },
      }),
    });
    await world.clock.advanceTo(at('2026-11-30T15:00:00Z'));
    void world.precall.tick();
    await underWay;
    const doubted = doubtRestored(await record(), restoring('2026-11-30T10:00:00Z'));
    await save(world, doubted?.write);
    const booking = await world.booking('one');
    expect(booking?.reminders[0]).toMatchObject({
      state: 'unknown',
      // It is known as before who was written to, and when it was begun.
      attempts: [{ id: expect.any(String), outcome: 'unknown' }],
    });
    expect(doubtRestored(await record(), restoring('2026-11-30T10:00:00Z'))).toBe(null);
  });

  it('leaves the CRM to look when it wanted to', async () => {
    const { world, record } = await booked();
    const stored = { ...(await record()), lanes: { mail: null, crm: at(agreedAt), forget: null } };
    const doubted = doubtRestored(stored, restoring('2026-12-02T15:00:00Z'));
    await save(world, doubted?.write);
    expect(`${(await record()).lanes.crm}`).toBe(agreedAt);
  });

  it('leaves the outcome of earlier tries as it is known', async () => {
    const { world, record } = await booked({ doubt: 'reported' });
    world.mailer.answerNext({ kind: 'unavailable', reason: '503' });
    await world.tickAt('2026-11-30T15:00:00Z');
    const tried = (await world.booking('one'))?.reminders[0]?.attempts;
    expect(tried).toHaveLength(1);
    await save(world, doubtRestored(await record(), restoring('2026-11-30T15:00:01Z'))?.write);
    const [doubted] = (await world.booking('one'))?.reminders ?? [];
    expect(doubted?.state).toBe('unknown');
    expect(doubted?.attempts[0]?.outcome).toBe(tried?.[0]?.outcome);
  });

  it('settles a doubt that was waiting for news, without another try', async () => {
    const { world, record } = await booked({ doubt: 'reported' });
    world.mailer.answerNext({ kind: 'unknown', reason: 'no answer' });
    await world.tickAt('2026-11-30T15:00:00Z');
    const before = await states(world);
    await save(world, doubtRestored(await record(), restoring('2026-11-30T15:00:01Z'))?.write);
    expect(before?.[0]).toEqual(['72h', 'unknown', 'outcome_unknown']);
    await world.tickAt('2026-11-30T16:00:00Z');
    expect((await states(world))?.[0]).toEqual(['72h', 'unknown', 'restored']);
  });

  it('does not doubt what was surely not sent: of a call that is off, or to somebody who gets no mails', async () => {
    const { world, record } = await booked();
    const stored = await record();
    const [person] = JSON.parse(stored.body).facts.roster.value;
    const body = JSON.stringify({ suppressed: { at: 0, why: 'unsubscribed' }, erasedAt: null });
    const persons: Stored[] = [{ ...stored, id: personRecord(recipientId(person)), kind: 'person', body }];
    expect(doubtRestored(await record(), restoring('2026-12-03T13:00:00Z', { persons }))).toBe(null);
    expect(doubtRestored(await record(), restoring('2026-12-03T13:00:00Z'))?.reminders).toHaveLength(3);
    await world.change('BOOKING_CANCELLED', { uid: 'one', start });
    expect(doubtRestored(await record(), restoring('2026-12-03T13:00:00Z'))).toBe(null);
  });

  it('always doubts exactly what was due by then, and marking twice is marking once', async () => {
    const { record } = await booked();
    const stored = await record();
    const dues = ['2026-11-30T15:00:00Z', '2026-12-02T15:00:00Z', '2026-12-03T13:00:00Z'].map(at);
    const moments = fc
      .integer({ min: at(agreedAt).epochMilliseconds, max: at(start).epochMilliseconds })
      .map((ms) => Temporal.Instant.fromEpochMilliseconds(ms));
    fc.assert(
      fc.property(moments, (sentUntilAt) => {
        const due = dues.filter((one) => one.epochMilliseconds <= sentUntilAt.epochMilliseconds);
        const doubted = doubtRestored(stored, { policy: defaultPolicy, sentUntilAt, now: sentUntilAt });
        expect(doubted?.reminders ?? []).toHaveLength(due.length);
        if (!doubted || !('put' in doubted.write)) return;
        const { put } = doubted.write;
        expect(put.lanes.mail?.toString()).toBe(dues[due.length]?.toString());
        expect(doubtRestored(put, { policy: defaultPolicy, sentUntilAt, now: sentUntilAt })).toBe(null);
      }),
    );
  });
});

describe('isPlannedOtherwise', () => {
  const other: Policy = {
    ...defaultPolicy,
    rules: [{ name: '48h', when: { before: Temporal.Duration.from({ hours: 48 }) } }],
  };

  it('tells the policy that a booking was planned with from another', async () => {
    const { record } = await booked();
    expect(isPlannedOtherwise(await record(), defaultPolicy)).toBe(false);
    expect(isPlannedOtherwise(await record(), other)).toBe(true);
  });

  it('still knows it when some of the reminders have gone', async () => {
    const { world, record } = await booked();
    await world.tickAt('2026-12-02T15:00:00Z');
    expect(isPlannedOtherwise(await record(), defaultPolicy)).toBe(false);
  });
});
