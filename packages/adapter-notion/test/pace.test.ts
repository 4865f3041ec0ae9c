import { createMemoryClock } from '@precall/adapter-memory';
import { Temporal } from '@precall/core';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { createPace, nextTurn } from '../src/pace.ts';
import { adasRef, noon, onBench, requestsReach, seconds } from './asking.ts';

const limits = { perSecond: 3, burst: 10 };
const everBy = noon.add({ hours: 24 });

describe('nextTurn', () => {
  it('lets a burst go at once, and then one in each third of a second', () => {
    let fullAtMs = Number.NEGATIVE_INFINITY;
    const turns = Array.from({ length: 13 }, () => {
      const next = nextTurn(fullAtMs, 0, limits);
      ({ fullAtMs } = next);
      return Math.round(next.atMs);
    });
    expect(turns).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 333, 667, 1000]);
  });

  it('gives back one turn in each third of a second, and never more than a burst', () => {
    const { fullAtMs } = nextTurn(Number.NEGATIVE_INFINITY, 0, { perSecond: 3, burst: 1 });
    expect(nextTurn(fullAtMs, 333, { perSecond: 3, burst: 1 }).atMs).toBeCloseTo(333.33, 1);
    expect(nextTurn(fullAtMs, 60_000, { perSecond: 3, burst: 1 })).toMatchObject({ atMs: 60_000 });
  });
});

describe('the pace', () => {
  it('never lets more through, in any stretch of time, than a burst and the average of that time', async () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 5_000 }), { maxLength: 60 });
    const bounds = fc.record({
      perSecond: fc.integer({ min: 1, max: 20 }),
      burst: fc.integer({ min: 1, max: 20 }),
    });
    await fc.assert(
      fc.asyncProperty(gaps, bounds, async (waits, { perSecond, burst }) => {
        const clock = createMemoryClock(noon);
        const pace = createPace(clock, { perSecond, burst });
        const went: number[] = [];
        for (const wait of waits) {
          await clock.advance(Temporal.Duration.from({ milliseconds: wait }));
          void pace.turn(everBy).then(() => went.push(clock.now().epochMilliseconds));
        }
        await clock.advance(seconds(120));
        expect(went).toHaveLength(waits.length);
        for (const [from, fromMs] of went.entries()) {
          for (const [to, toMs] of went.entries()) {
            if (to < from) continue;
            // Each goes at the first whole millisecond of its turn: the one before may have been up to one later than its own.
            const stretch = (toMs - fromMs + 1) / 1_000;
            expect(to - from + 1).toBeLessThanOrEqual(burst + stretch * perSecond + 1e-6);
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  it('sends back at once whoever would wait longer than they have time, and says for how long', async () => {
    const pace = createPace(createMemoryClock(noon), { perSecond: 1, burst: 1 });
    expect((await pace.turn(noon.add({ seconds: 1 }))).isOk()).toBe(true);
    const late = await pace.turn(noon.add({ seconds: 1 }));
    expect(late.isErr() && late.error).toMatchObject({ kind: 'unavailable', retryAfter: seconds(1) });
  });

  it('is the longest of the pauses that were asked for', async () => {
    const clock = createMemoryClock(noon);
    const pace = createPace(clock, limits);
    pace.pauseUntil(noon.add({ seconds: 60 }));
    pace.pauseUntil(noon.add({ seconds: 2 }));
    await clock.advance(seconds(59.999));
    expect((await pace.turn(everBy)).isErr()).toBe(true);
    await clock.advance(seconds(0.001));
    expect((await pace.turn(everBy)).isOk()).toBe(true);
  });
});

describe('A5: all requests together', () => {
  it('are ten at once and three a second after that, by default', async () => {
    await onBench({ crm: { pace: limits } }, async (bench) => {
      const { crm, notion, clock } = bench;
      await adasRef(crm);
      await clock.advance(seconds(60));
      const before = notion.requests.length;
      const startAt = clock.now();
      const answers = Array.from({ length: 25 }, () => crm.findContact('ada@example.com'));
      await requestsReach(bench, before + 10);
      for (let sent = 10; sent < 25; sent += 1) {
        const nextAt = startAt.add({ milliseconds: Math.ceil(((sent - 9) * 1_000) / 3) });
        await clock.advanceTo(nextAt.subtract({ milliseconds: 1 }));
        expect(notion.requests).toHaveLength(before + sent);
        await clock.advanceTo(nextAt);
        await requestsReach(bench, before + sent + 1);
      }
      const ended = await Promise.all(answers);
      expect(ended.every((answer) => answer.isOk())).toBe(true);
    });
  });

  it('count those that Notion did not answer, and the ones that are made again', async () => {
    await onBench({ crm: { pace: { perSecond: 1, burst: 4 } } }, async (bench) => {
      const { crm, notion, clock } = bench;
      const ref = await adasRef(crm);
      notion.failNext({ status: 409 }, { kind: 'patch' });
      const written = crm.update(ref, { 'Booking Status': { type: 'choice', value: 'Booked' } });
      await requestsReach(bench, 4);
      await vi.waitFor(() => expect(clock.pending()).toHaveLength(1));
      await clock.advance(seconds(0.999));
      expect(notion.requests).toHaveLength(4);
      await clock.advance(seconds(0.001));
      expect((await written).isOk()).toBe(true);
    });
  });
});
