import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createInTurn } from '../src/in-turn.ts';

/** A promise and the hand that keeps it. */
function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

const settle = async () => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};

describe('createInTurn', () => {
  it('gives back what the work gives', async () => {
    expect(await createInTurn()(['a'], async () => 7)).toBe(7);
  });

  it('runs work on one name one after the other, in the order of asking', async () => {
    const inTurn = createInTurn();
    const { opened, open } = gate();
    const seen: string[] = [];
    const first = inTurn(['a'], async () => {
      seen.push('first begins');
      await opened;
      seen.push('first ends');
    });
    const second = inTurn(['a'], async () => void seen.push('second'));
    await settle();
    expect(seen).toEqual(['first begins']);
    open();
    await Promise.all([first, second]);
    expect(seen).toEqual(['first begins', 'first ends', 'second']);
  });

  it('lets work on other names go on meanwhile', async () => {
    const inTurn = createInTurn();
    const { opened, open } = gate();
    const first = inTurn(['a'], () => opened);
    expect(await inTurn(['b'], async () => 'done')).toBe('done');
    open();
    await first;
  });

  it('goes on after work that failed, and hands its failure to whoever asked', async () => {
    const inTurn = createInTurn();
    const failing = inTurn(['a', 'b'], async () => {
      throw new Error('no');
    });
    const next = inTurn(['b', 'a'], async () => 'done');
    await expect(failing).rejects.toThrow('no');
    expect(await next).toBe('done');
  });

  it('keeps whoever comes later waiting for the last before, not only for the first', async () => {
    const inTurn = createInTurn();
    const { opened, open } = gate();
    const first = inTurn(['a'], async () => undefined);
    const second = inTurn(['a'], () => opened);
    await first;
    let begun = false;
    const third = inTurn(['a'], async () => {
      begun = true;
    });
    await settle();
    expect(begun).toBe(false);
    open();
    await Promise.all([second, third]);
    expect(begun).toBe(true);
  });

  it('takes a name given twice, and no name at all', async () => {
    const inTurn = createInTurn();
    expect(await inTurn(['a', 'a'], async () => 1)).toBe(1);
    expect(await inTurn([], async () => 2)).toBe(2);
  });

  it('never runs two pieces of work with a name in common at the same time, and always ends', async () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd');
    const work = fc.array(fc.tuple(fc.array(name, { maxLength: 3 }), fc.nat({ max: 5 }), fc.boolean()), {
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(work, async (all) => {
        const inTurn = createInTurn();
        const busy = new Set<string>();
        const overlaps: string[] = [];
        const ended = await Promise.allSettled(
          all.map(([names, turns, fails]) =>
            inTurn(names, async () => {
              const mine = new Set(names);
              for (const one of mine) if (busy.has(one)) overlaps.push(one);
              for (const one of mine) busy.add(one);
              for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
              for (const one of mine) busy.delete(one);
              if (fails) throw new Error('no');
            }),
          ),
        );
        expect(overlaps).toEqual([]);
        expect(ended.map(({ status }) => status)).toEqual(
          all.map(([, , fails]) => (fails ? 'rejected' : 'fulfilled')),
        );
      }),
    );
  });
});
