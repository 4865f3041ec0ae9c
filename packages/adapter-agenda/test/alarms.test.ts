import { createMemoryClock } from '@precall/adapter-memory';
import { Temporal } from '@precall/core';
import { describe, expect, it } from 'vitest';
import { createAlarms } from '../src/alarms.ts';

const startAt = Temporal.Instant.from('2026-03-02T12:00:00Z');
const startMs = startAt.epochMilliseconds;

function started() {
  const clock = createMemoryClock(startAt);
  const alarms = createAlarms(clock);
  const rung: number[] = [];
  alarms.start(() => void rung.push((clock.now().epochMilliseconds - startMs) / 1_000));
  const pass = (seconds: number) => clock.advance(Temporal.Duration.from({ seconds }));
  return { clock, alarms, rung, pass, ask: (seconds: number) => alarms.ask(startMs + seconds * 1_000) };
}

describe('createAlarms', () => {
  it('rings once a minute, whatever else rings', async () => {
    const { rung, pass, ask } = started();
    ask(30);
    await pass(60 * 3);
    expect(rung).toEqual([30, 90, 150]);
  });

  it('rings for each moment that was asked for, the earliest first', async () => {
    const { rung, pass, ask } = started();
    for (const seconds of [40, 10, 20, 10]) ask(seconds);
    await pass(45);
    expect(rung).toEqual([10, 20, 40]);
  });

  it('rings once for a moment, whether its row or its alarm was first', async () => {
    const { clock, alarms, rung, pass, ask } = started();
    ask(10);
    ask(20);
    await pass(10);
    alarms.heard(startMs + 10_000);
    // The machine was busy: the row is heard before the alarm runs.
    clock.step(Temporal.Duration.from({ seconds: 10 }));
    alarms.heard(startMs + 20_000);
    await pass(5);
    expect(rung).toEqual([10, 20]);
  });

  it('rings for a row of another process, but not before its moment', async () => {
    const { alarms, rung, pass } = started();
    await pass(5);
    alarms.heard(startMs + 5_000);
    alarms.heard(startMs + 8_000);
    alarms.look();
    await pass(5);
    expect(rung).toEqual([5, 5, 8]);
  });

  it('rings once started for what was asked for, or came as a row, before', async () => {
    const clock = createMemoryClock(startAt);
    const alarms = createAlarms(clock);
    let rings = 0;
    alarms.ask(startMs + 5_000);
    alarms.heard(startMs);
    alarms.start(() => {
      rings += 1;
    });
    await clock.advance(Temporal.Duration.from({ seconds: 1 }));
    expect(rings).toBe(1);
    await clock.advance(Temporal.Duration.from({ seconds: 5 }));
    expect(rings).toBe(2);
  });

  it('rings again for a moment that is asked for after it rang', async () => {
    const { rung, pass, ask } = started();
    ask(10);
    await pass(10);
    ask(10);
    await pass(1);
    expect(rung).toHaveLength(2);
  });

  it('rings for nothing once stopped, and keeps no alarm', async () => {
    const { alarms, rung, pass, ask } = started();
    ask(10);
    alarms.stop();
    alarms.heard(startMs + 20_000);
    alarms.look();
    ask(30);
    await pass(120);
    expect(rung).toEqual([]);
  });
});
