// Collects what is asked to be saved until the event loop turns, so that concurrent saves share a commit.
import { Err, Ok, type PortError, type PortResult, type Result } from '@precall/core';

export interface GroupCommitOptions<Write, Answer> {
  /** The most writes in one commit; the loop is blocked for the length of a commit. */
  readonly limit: number;
  /** All or nothing: on an error of kind `unavailable` surely none of the writes happened. */
  readonly commit: (writes: readonly Write[]) => Result<readonly Answer[], PortError>;
}

export interface GroupCommit<Write, Answer> {
  /**
   * Answers once every write is committed, in the order of the writes. Up to `limit` writes go into one commit; more are
   * split, and if a later part fails the answer is `unknown`: the earlier parts are saved.
   */
  add(writes: readonly Write[]): PortResult<readonly Answer[]>;
  /** Resolves when nothing waits. */
  drained(): Promise<void>;
}

interface Waiting<Write, Answer> {
  readonly writes: readonly Write[];
  readonly answers: Answer[];
  readonly answer: (result: Result<readonly Answer[], PortError>) => void;
}

export function createGroupCommit<Write, Answer>(
  options: GroupCommitOptions<Write, Answer>,
): GroupCommit<Write, Answer> {
  const { limit, commit } = options;
  const queue: Waiting<Write, Answer>[] = [];
  let turning = false;
  const onDrained: (() => void)[] = [];

  return {
    add: (writes) =>
      new Promise((answer) => {
        queue.push({ writes, answers: [], answer });
        turnSoon();
      }),
    drained: () => new Promise((resolve) => (turning ? onDrained.push(resolve) : resolve())),
  };

  function turnSoon(): void {
    if (turning) return;
    turning = true;
    setImmediate(turn);
  }

  function turn(): void {
    const group = queue.splice(0, groupSize());
    const result = commit(group.flatMap((waiting) => partOf(waiting)));
    let from = 0;
    for (const waiting of group) {
      const until = from + partOf(waiting).length;
      const mine = result.isOk() ? Ok(result.value.slice(from, until)) : result;
      if (settle(waiting, mine) === 'more to write') queue.unshift(waiting);
      from = until;
    }
    turning = false;
    if (queue.length > 0) turnSoon();
    else for (const resolve of onDrained.splice(0)) resolve();
  }

  /** Whole saves as long as they fit together; the first one always, cut to the limit. */
  function groupSize(): number {
    let writes = 0;
    let count = 0;
    for (const waiting of queue) {
      writes += partOf(waiting).length;
      if (count > 0 && writes > limit) break;
      count += 1;
    }
    return count;
  }

  function partOf(waiting: Waiting<Write, Answer>): readonly Write[] {
    return waiting.writes.slice(waiting.answers.length, waiting.answers.length + limit);
  }

  function settle(
    waiting: Waiting<Write, Answer>,
    result: Result<readonly Answer[], PortError>,
  ): 'answered' | 'more to write' {
    if (result.isErr()) {
      const begun = waiting.answers.length > 0;
      waiting.answer(begun ? Err({ kind: 'unknown', reason: result.error.reason }) : result);
      return 'answered';
    }
    waiting.answers.push(...result.value);
    if (waiting.answers.length < waiting.writes.length) return 'more to write';
    waiting.answer(Ok(waiting.answers));
    return 'answered';
  }
}
