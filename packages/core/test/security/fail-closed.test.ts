// S20: whatever goes wrong while a webhook is checked, nothing of it is taken in.
import type { BookingSource } from '@precall/core';
import { createCalcomSource } from '@precall/source-calcom';
import { describe, expect, it } from 'vitest';
import { createWorld, secret } from '../world.ts';

const source = createCalcomSource({ secrets: [secret] });
const broken = (): never => {
  throw new Error('broken');
};

async function kept(world: ReturnType<typeof createWorld>) {
  const page = { limit: 10, cursor: null };
  const lists = await Promise.all(
    (['booking', 'delivery'] as const).map((kind) => world.memory.list(kind, page)),
  );
  return lists.flatMap((list) => list.unwrap().items);
}

describe('a check that fails (S20)', () => {
  it.each<[string, Partial<BookingSource>]>([
    ['the verifier throws', { verify: broken }],
    ['the parser throws', { parse: broken }],
  ])('lets nothing in when %s', async (_what, faulty) => {
    const world = createWorld({ scheduler: 'none', source: { ...source, ...faulty } });
    await expect(world.say('BOOKING_CREATED')).rejects.toThrow('broken');
    expect(await kept(world)).toEqual([]);
  });

  it.each([undefined, null, '', 'yes', true, {}])(
    'takes no answer of a verifier for yes but its word: %j',
    async (said) => {
      const world = createWorld({ scheduler: 'none', source: { ...source, verify: () => said as never } });
      expect(await world.say('BOOKING_CREATED')).toEqual({ kind: 'forged' });
      expect(await kept(world)).toEqual([]);
    },
  );
});
