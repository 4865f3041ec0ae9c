import { Temporal } from '@precall/core';
import { describe, expect, it } from 'vitest';
import { createInProcessScheduler, createMachineClock } from '../src/index.ts';
import { createHandMachine } from './hand-machine.ts';

const second = 1_000;
const hour = 3_600 * second;
const day = 24 * hour;
const instant = (ms: number) => Temporal.Instant.fromEpochMilliseconds(ms);

/** An alarm in `length` on a machine moved by hand; `late` tells by how much it rang late, null: not yet. */
function alarmIn(lengthMs: number) {
  const machine = createHandMachine();
  const clock = createMachineClock(machine);
  const dueMs = machine.now() + lengthMs;
  let late: number | null = null;
  const cancel = clock.at(instant(dueMs), () => {
    late = machine.now() - dueMs;
  });
  return { machine, cancel, late: () => late };
}

describe('createMachineClock', () => {
  it('waits 30 days, though a timer of over 24.8 days would fire at once', () => {
    const { machine, late } = alarmIn(30 * day);
    machine.pass(30 * day - 1);
    expect(late()).toBe(null);
    machine.pass(1);
    expect(late()).toBe(0);
  });

  it('is at most 15 s late after a sleep of the machine', () => {
    const { machine, late } = alarmIn(2 * hour);
    machine.pass(hour);
    machine.sleep(5 * hour);
    machine.pass(15 * second);
    expect(late()).toBeGreaterThanOrEqual(4 * hour);
    expect(late()).toBeLessThanOrEqual(4 * hour + 15 * second);
  });

  it('is at most 15 s late after the clock was set forwards', () => {
    const { machine, late } = alarmIn(2 * hour);
    machine.setWall(+hour);
    machine.pass(hour - second);
    expect(late()).toBe(null);
    machine.pass(second);
    expect(late()).toBe(0);
  });

  it('is not early after the clock was set back, at whatever moment', () => {
    for (const passedMs of [0, hour, 2 * hour - 1]) {
      const { machine, late } = alarmIn(2 * hour);
      machine.pass(passedMs);
      machine.setWall(-hour);
      machine.pass(3 * hour - passedMs - 1);
      expect(late()).toBe(null);
      machine.pass(1);
      expect(late()).toBe(0);
    }
  });

  it('is not early where a timer fires a little early', () => {
    const { machine, late } = alarmIn(10 * second);
    machine.fireEarlyBy(1);
    machine.pass(10 * second - 1);
    expect(late()).toBe(null);
    machine.pass(1);
    expect(late()).toBe(0);
  });

  it('runs what is due already soon, yet not inside the call', () => {
    const { machine, late } = alarmIn(-hour);
    expect(late()).toBe(null);
    machine.pass(1);
    expect(late()).toBeGreaterThanOrEqual(hour);
  });

  it('leaves no timer behind when cancelled, even after it has waited', () => {
    const { machine, cancel, late } = alarmIn(day);
    machine.pass(hour);
    cancel();
    machine.pass(2 * day);
    expect(late()).toBe(null);
    expect(machine.timers()).toBe(0);
  });
});

describe('createInProcessScheduler', () => {
  it('rings a moment a month ahead once, across sleeps and steps of the clock, and never early', async () => {
    const machine = createHandMachine();
    const scheduler = createInProcessScheduler({ clock: createMachineClock(machine) });
    const rungMs: number[] = [];
    await scheduler.start(() => rungMs.push(machine.now()));
    const dueMs = machine.now() + 30 * day + 30 * second;
    await scheduler.ring([instant(dueMs), instant(dueMs)]);
    machine.pass(10 * day);
    machine.sleep(3 * day);
    machine.setWall(-day);
    machine.pass(dueMs - machine.now() - 1);
    const before = rungMs.length;
    machine.pass(1);
    expect(rungMs.length - before).toBe(1);
    expect(rungMs.at(-1)).toBe(dueMs);
  });

  it('leaves no timer behind once stopped, so that the process can end', async () => {
    const machine = createHandMachine();
    const scheduler = createInProcessScheduler({ clock: createMachineClock(machine) });
    await scheduler.start(() => undefined);
    await scheduler.ring([instant(machine.now() + hour)]);
    machine.pass(10 * 60 * second);
    expect(machine.timers()).toBe(1);
    await scheduler.stop();
    expect(machine.timers()).toBe(0);
  });
});
