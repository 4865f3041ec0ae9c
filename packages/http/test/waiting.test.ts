import { Temporal } from '@precall/core';
import { processClock } from '@precall/http';
import { describe, expect, it } from 'vitest';

describe('processClock', () => {
  it('never rings before its moment', async () => {
    const ring = async (milliseconds: number) => {
      const moment = processClock.now().add({ milliseconds });
      await new Promise<void>((resolve) => processClock.at(moment, resolve));
      return Temporal.Instant.compare(processClock.now(), moment);
    };
    const rings = await Promise.all(Array.from({ length: 100 }, (_, index) => ring(index % 20)));
    expect(rings.filter((order) => order < 0)).toEqual([]);
  });

  it('never rings inside the call, even for a moment that has passed', async () => {
    let isAsking = true;
    await new Promise<void>((resolve) => {
      processClock.at(processClock.now().subtract({ seconds: 1 }), () => {
        expect(isAsking).toBe(false);
        resolve();
      });
      isAsking = false;
    });
  });

  it('does not ring once cancelled', async () => {
    const moment = processClock.now().add({ milliseconds: 1 });
    const rung: string[] = [];
    const cancel = processClock.at(moment, () => rung.push('cancelled'));
    cancel();
    await new Promise<void>((resolve) => processClock.at(moment.add({ milliseconds: 5 }), resolve));
    expect(rung).toEqual([]);
  });
});
