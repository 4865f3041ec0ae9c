import { setImmediate as turn } from 'node:timers/promises';
import type { PortError } from '@precall/core';
import { describe, expect, it } from 'vitest';
import { createGroupSaves, type Fate } from '../src/group-saves.ts';

type Answer = 'saved' | 'conflict';
const away: PortError = { kind: 'unavailable', reason: 'away' };
const refused: PortError = { kind: 'rejected', reason: 'refused' };

/** Commits end when told; a write is the fate that it meets. */
function harness({ limit = 100, atOnce = 2 } = {}) {
  const commits: { readonly writes: readonly Fate<Answer>[]; readonly end: () => void }[] = [];
  const saves = createGroupSaves<Fate<Answer>, Answer>({
    limit,
    atOnce,
    nothing: 'conflict',
    commit: (writes) =>
      new Promise((resolve) => {
        commits.push({ writes, end: () => resolve(writes) });
      }),
  });
  return { saves, commits };
}

describe('createGroupSaves', () => {
  it('makes one commit of the saves of one turn, and answers each with its own part', async () => {
    const { saves, commits } = harness();
    const both = Promise.all([saves.add(['saved', 'conflict']), saves.add([]), saves.add(['saved'])]);
    await turn();
    expect(commits).toHaveLength(1);
    commits[0]?.end();
    expect((await both).map((one) => one.unwrap())).toEqual([['saved', 'conflict'], [], ['saved']]);
  });

  it('takes no more into a commit than its limit, and never cuts a save', async () => {
    const { saves, commits } = harness({ limit: 2, atOnce: 9 });
    for (const size of [1, 1, 1, 3, 1]) void saves.add(Array.from({ length: size }, () => 'saved'));
    await turn();
    expect(commits.map(({ writes }) => writes.length)).toEqual([2, 1, 3, 1]);
  });

  it('has no more commits under way than allowed; what waits meanwhile goes together', async () => {
    const { saves, commits } = harness({ atOnce: 1 });
    void saves.add(['saved']);
    await turn();
    void saves.add(['saved']);
    await turn();
    void saves.add(['conflict']);
    await turn();
    expect(commits).toHaveLength(1);
    commits[0]?.end();
    await turn();
    await turn();
    expect(commits[1]?.writes).toEqual(['saved', 'conflict']);
  });

  it.each([
    ['of another save touches no neighbour', ['saved', 'saved'], null],
    ['is told when nothing of its save happened', ['conflict', refused], 'rejected'],
    ['of all writes alike is told as it is', [away, away], 'unavailable'],
    ['beside a saved write makes its save unknown', ['saved', refused], 'unknown'],
    ['of two kinds makes its save unknown', [refused, away], 'unknown'],
  ] as const)('a fault %s', async (_, fates, kind) => {
    const { saves, commits } = harness();
    const [mine] = [saves.add(fates), saves.add([refused])];
    await turn();
    commits[0]?.end();
    const result = await mine;
    expect(result.isErr() ? result.error.kind : null).toBe(kind);
  });

  it('is drained when the last commit has ended, and at once when there is none', async () => {
    const { saves, commits } = harness();
    await saves.drained();
    void saves.add(['saved']);
    let isDrained = false;
    const drained = saves.drained().then(() => {
      isDrained = true;
    });
    await turn();
    expect(isDrained).toBe(false);
    commits[0]?.end();
    await drained;
  });
});
