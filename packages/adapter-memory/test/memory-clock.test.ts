import { Temporal } from '@precall/core';
import { describe, expect, it } from 'vitest';
import { createMemoryClock } from '../src/index.ts';

const noon = Temporal.Instant.from('2026-03-02T12:00:00Z');
const hours = (count: number) => Temporal.Duration.from({ hours: count });

describe('createMemoryClock', () => {
  it('stands still until it is moved', async () => {
    const clock = createMemoryClock(noon);
    const rung: string[] = [];
    clock.at(noon, () => rung.push('now'));
    expect([clock.now().toString(), rung]).toEqual(['2026-03-02T12:00:00Z', []]);
    await clock.advance(hours(0));
    expect(rung).toEqual(['now']);
  });

  it('runs what falls due on the way in order, each at its own moment', async () => {
    const clock = createMemoryClock(noon);
    const rung: string[] = [];
    const note = (name: string) => () => rung.push(`${name} ${clock.now()}`);
    clock.at(noon.add(hours(2)), note('c'));
    clock.at(noon.add(hours(1)), note('a'));
    clock.at(noon.add(hours(1)), note('b'));
    clock.at(noon.add(hours(4)), note('d'));
    await clock.advance(hours(3));
    expect(rung).toEqual(['a 2026-03-02T13:00:00Z', 'b 2026-03-02T13:00:00Z', 'c 2026-03-02T14:00:00Z']);
    expect(clock.now().toString()).toBe('2026-03-02T15:00:00Z');
    expect(clock.pending().map(String)).toEqual(['2026-03-02T16:00:00Z']);
  });

  it('lets the work that a run has started finish before time goes on', async () => {
    const clock = createMemoryClock(noon);
    const seen: string[] = [];
    const work = async () => {
      for (let step = 0; step < 1000; step++) await Promise.resolve();
      await new Promise((resolve) => setImmediate(resolve));
      seen.push(clock.now().toString());
      clock.at(clock.now().add(hours(1)), () => seen.push(clock.now().toString()));
    };
    clock.at(noon.add(hours(1)), () => void work());
    await clock.advance(hours(3));
    expect(seen).toEqual(['2026-03-02T13:00:00Z', '2026-03-02T14:00:00Z']);
  });

  it('runs nothing that was cancelled', async () => {
    const clock = createMemoryClock(noon);
    const cancel = clock.at(noon.add(hours(1)), () => expect.unreachable());
    cancel();
    cancel();
    await clock.advance(hours(2));
    expect(clock.pending()).toEqual([]);
  });

  it('runs late what a step forwards has jumped over, and nothing early after a step back', async () => {
    const clock = createMemoryClock(noon);
    const rung: string[] = [];
    clock.at(noon.add(hours(1)), () => rung.push(clock.now().toString()));
    clock.at(noon.add(hours(5)), () => rung.push(clock.now().toString()));
    clock.step(hours(2));
    expect(rung).toEqual([]);
    await clock.advance(hours(0));
    expect(rung).toEqual(['2026-03-02T14:00:00Z']);
    clock.step(hours(-24));
    await clock.advance(hours(24));
    expect(rung).toHaveLength(1);
    await clock.advance(hours(3));
    expect(rung).toEqual(['2026-03-02T14:00:00Z', '2026-03-02T17:00:00Z']);
  });

  it('does not go back where a step inside an advance went beyond its end', async () => {
    const clock = createMemoryClock(noon);
    clock.at(noon.add(hours(1)), () => clock.step(hours(9)));
    await clock.advance(hours(2));
    expect(clock.now().toString()).toBe('2026-03-02T22:00:00Z');
  });

  it('ends an advance in which alarms hold time for ever', async () => {
    const clock = createMemoryClock(noon);
    const again = () => void clock.at(clock.now(), again);
    again();
    await expect(clock.advance(hours(1))).rejects.toThrow('again and again');
  });
});
