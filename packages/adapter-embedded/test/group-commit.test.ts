import { Err, Ok } from '@precall/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createGroupCommit } from '../src/group-commit.ts';

/** A group commit of numbers whose answers are ten times as much, and the commits it made. */
function tens({ failAt = -1, limit = 50 } = {}) {
  const commits: (readonly number[])[] = [];
  const group = createGroupCommit<number, number>({
    limit,
    commit: (writes) => {
      commits.push(writes);
      if (commits.length - 1 === failAt) return Err({ kind: 'unavailable', reason: 'full' });
      return Ok(writes.map((write) => write * 10));
    },
  });
  return { group, commits };
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('createGroupCommit', () => {
  it('commits what was asked for in one turn together', async () => {
    const { group, commits } = tens();
    const answers = await Promise.all([group.add([1, 2]), group.add([3]), group.add([4])]);
    expect(commits).toEqual([[1, 2, 3, 4]]);
    expect(answers).toEqual([Ok([10, 20]), Ok([30]), Ok([40])]);
  });

  it('does not cut a save in two that fits into a commit of its own', async () => {
    const { group, commits } = tens();
    await Promise.all([group.add(upTo(40)), group.add(upTo(20)), group.add(upTo(30))]);
    expect(commits.map((writes) => writes.length)).toEqual([40, 50]);
  });

  it('lets the loop turn between two commits', async () => {
    const { group, commits } = tens();
    const added = group.add(upTo(120));
    const seen: number[] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      seen.push(commits.length);
    }
    await added;
    expect(seen).toEqual([1, 2, 3]);
  });

  it('answers unavailable to every save of a commit that failed, and goes on with the rest', async () => {
    const { group } = tens({ failAt: 0, limit: 2 });
    const answers = await Promise.all([group.add([1]), group.add([2]), group.add([3])]);
    const full = Err({ kind: 'unavailable', reason: 'full' });
    expect(answers.map((answer) => (answer.isOk() ? answer.value : answer.error))).toEqual([
      full.error,
      full.error,
      [30],
    ]);
  });

  it('answers unknown when an earlier part of the save is committed already, and drops its later parts', async () => {
    const { group, commits } = tens({ failAt: 1 });
    const answer = await group.add(upTo(120));
    expect(answer.isErr() && answer.error).toEqual({ kind: 'unknown', reason: 'full' });
    await group.drained();
    expect(commits.length).toBe(2);
  });

  it('is drained only when nothing waits', async () => {
    const { group, commits } = tens();
    await group.drained();
    const added = group.add(upTo(120));
    await group.drained();
    expect(commits.length).toBe(3);
    await added;
  });

  it('always answers each save in the order of its writes, and never exceeds the limit', async () => {
    const saves = fc.array(fc.array(fc.nat(), { maxLength: 12 }), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(saves, fc.integer({ min: 1, max: 8 }), async (all, limit) => {
        const { group, commits } = tens({ limit });
        const answers = await Promise.all(all.map((writes) => group.add(writes)));
        expect(answers.map((answer) => answer.unwrap())).toEqual(
          all.map((writes) => writes.map((write) => write * 10)),
        );
        expect(commits.flat()).toEqual(all.flat());
        expect(Math.max(0, ...commits.map((writes) => writes.length))).toBeLessThanOrEqual(limit);
      }),
    );
  });
});
