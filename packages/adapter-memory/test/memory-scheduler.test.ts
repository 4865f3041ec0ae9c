import { Temporal } from '@precall/core';
import { describe, expect, it } from 'vitest';
import { createMemoryClock, createMemoryScheduler } from '../src/index.ts';

const noon = Temporal.Instant.from('2026-03-02T12:00:00Z');
const seconds = (count: number) => Temporal.Duration.from({ seconds: count });

async function started() {
  const clock = createMemoryClock(noon);
  const scheduler = createMemoryScheduler({ clock });
  const rung: number[] = [];
  const note = () => void rung.push((clock.now().epochMilliseconds - noon.epochMilliseconds) / 1000);
  await scheduler.start(note);
  return { clock, scheduler, rung, note };
}

describe('createMemoryScheduler', () => {
  it('rings 10,000 reminders of one moment once', async () => {
    const { clock, scheduler, rung } = await started();
    await scheduler.ring(Array.from({ length: 10_000 }, () => noon.add({ seconds: 5 })));
    await clock.advance(seconds(10));
    expect(rung).toEqual([5]);
  });

  it('rings once for all the moments that a step of the clock has jumped over', async () => {
    const { clock, scheduler, rung } = await started();
    await scheduler.ring([1, 2, 3, 20].map((count) => noon.add(seconds(count))));
    clock.step(seconds(10));
    await clock.advance(seconds(15));
    expect(rung).toEqual([10, 20]);
  });

  it('sweeps a minute after the last ring', async () => {
    const { clock, scheduler, rung } = await started();
    await scheduler.ring([noon.add(seconds(30))]);
    await clock.advance(seconds(151));
    expect(rung).toEqual([30, 90, 150]);
  });

  it('finds its minute again after the clock was set back, once it is asked for a moment', async () => {
    const { clock, scheduler, rung } = await started();
    clock.step(seconds(-3600));
    await scheduler.ring([]);
    await clock.advance(seconds(60));
    expect(rung).toEqual([-3540]);
  });

  it('takes the moments that are left into the next start', async () => {
    const { clock, scheduler, rung, note } = await started();
    await scheduler.ring([noon.add(seconds(5)), noon.add(seconds(20))]);
    await scheduler.stop();
    await clock.advance(seconds(10));
    await scheduler.start(note);
    await clock.advance(seconds(15));
    expect(rung).toEqual([10, 20]);
  });

  it('waits for nothing while stopped', async () => {
    const { clock, scheduler } = await started();
    await scheduler.stop();
    await scheduler.ring([noon]);
    expect(clock.pending()).toEqual([]);
  });
});
