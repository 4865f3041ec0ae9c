import { describe, expect, it } from 'vitest';
import { type Instant, Temporal } from '../src/temporal.ts';
import type { Trouble } from '../src/trouble.ts';
import { createWatch, isSilent } from '../src/watch.ts';

const beginning = Temporal.Instant.from('2026-11-23T12:00:00Z');
const hour = (count: number): Instant => beginning.add({ minutes: Math.round(count * 60) });
const hours = (...counts: readonly number[]): readonly Instant[] => counts.map(hour);
const hourly = hours(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);

function watching() {
  const told: string[] = [];
  return { told, watch: createWatch(({ kind }: Trouble) => told.push(kind)) };
}

describe('silence', () => {
  it('is over a day without a webhook where they came every hour', () => {
    expect(isSilent(hourly, hour(33))).toBe(false);
    expect(isSilent(hourly, hour(33.1))).toBe(true);
  });

  it('is over twice the longest pause where they come seldom', () => {
    const seldom = hours(0, 1, 2, 3, 4, 5, 6, 7, 8, 80);
    expect(isSilent(seldom, hour(80 + 144))).toBe(false);
    expect(isSilent(seldom, hour(80 + 144.1))).toBe(true);
  });

  it('cannot be told of few webhooks', () => {
    expect(isSilent([], hour(1000))).toBe(false);
    expect(isSilent(hourly.slice(1), hour(1000))).toBe(false);
  });

  it('is measured by the last fifty webhooks: a pause before them is no habit any more', () => {
    const { watch, told } = watching();
    watch.answered('taken', hour(-500));
    for (let count = 0; count < 50; count += 1) watch.answered('taken', hour(count));
    expect(watch.heardAt()).toEqual(hour(49));
    watch.look(hour(49 + 25), null);
    expect(told).toEqual(['webhooks_silent']);
  });

  it('is told once, and again when it was broken in between', () => {
    const { watch, told } = watching();
    for (const at of hourly) watch.answered('ignored', at);
    watch.look(hour(30), null);
    expect(told).toEqual([]);
    watch.look(hour(40), null);
    watch.look(hour(41), null);
    expect(told).toEqual(['webhooks_silent']);
    watch.answered('taken', hour(42));
    watch.look(hour(43), null);
    watch.look(hour(1000), null);
    expect(told).toEqual(['webhooks_silent', 'webhooks_silent']);
  });

  it('is not broken by what is not the source: wrong signatures, bodies too large, an absent store', () => {
    const { watch, told } = watching();
    for (const at of hourly) watch.answered('taken', at);
    for (const kind of ['forged', 'too_large', 'away'] as const) watch.answered(kind, hour(39));
    watch.look(hour(40), null);
    expect(told).toEqual(['webhooks_silent']);
  });
});

describe('wrong signatures', () => {
  it('are told at the tenth in a row, once, until a right one comes', () => {
    const { watch, told } = watching();
    const forged = (count: number) => {
      for (let index = 0; index < count; index += 1) watch.answered('forged', hour(0));
    };
    forged(9);
    watch.answered('taken', hour(0));
    forged(9);
    expect(told).toEqual([]);
    forged(20);
    expect(told).toEqual(['bad_signatures']);
    watch.answered('ignored', hour(0));
    forged(10);
    expect(told).toEqual(['bad_signatures', 'bad_signatures']);
  });
});

describe('reminders that are due', () => {
  it('are told of after ten minutes, once, until they are done', () => {
    const { watch, told } = watching();
    watch.look(hour(1), hour(2));
    watch.look(hour(1).add({ minutes: 10 }), hour(1));
    expect(told).toEqual([]);
    watch.look(hour(1).add({ minutes: 11 }), hour(1));
    watch.look(hour(1).add({ minutes: 12 }), hour(1));
    expect(told).toEqual(['reminders_late']);
    watch.look(hour(2), null);
    watch.look(hour(3), hour(2));
    expect(told).toEqual(['reminders_late', 'reminders_late']);
  });

  it('are told of at the first look of a process that finds them so', () => {
    const { watch, told } = watching();
    expect(watch.heardAt()).toBeNull();
    watch.look(hour(2), hour(1));
    expect(told).toEqual(['reminders_late']);
  });
});
