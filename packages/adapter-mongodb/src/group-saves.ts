// Collects saves until the loop turns, and while earlier ones are under way, so that concurrent saves share a commit.
import { Err, Ok, type PortError, type PortResult, type Result } from '@precall/core';

/** What became of one write: its answer, or what went wrong with it alone. */
export type Fate<Answer> = Answer | PortError;

export interface GroupSaves<Write, Answer> {
  /** The answers in the order of the writes. */
  add(writes: readonly Write[]): PortResult<readonly Answer[]>;
  /** Resolves when nothing waits and nothing is under way. */
  drained(): Promise<void>;
}

interface Waiting<Write, Answer> {
  readonly writes: readonly Write[];
  readonly answer: (result: Result<readonly Answer[], PortError>) => void;
}

export function createGroupSaves<Write, Answer extends string>({
  limit,
  atOnce,
  nothing,
  commit,
}: {
  /** Writes beyond which a commit takes no further save; one save alone may be larger. */
  readonly limit: number;
  /** Commits under way at the same time. */
  readonly atOnce: number;
  /** The answer to a write that changed nothing. */
  readonly nothing: Answer;
  /** Never rejects. One fate for each write, in order. */
  readonly commit: (writes: readonly Write[]) => Promise<readonly Fate<Answer>[]>;
}): GroupSaves<Write, Answer> {
  const queue: Waiting<Write, Answer>[] = [];
  let underWay = 0;
  let turning = false;
  const onDrained: (() => void)[] = [];

  return {
    add: (writes) =>
      new Promise((answer) => {
        queue.push({ writes, answer });
        turnSoon();
      }),
    drained: () => new Promise((resolve) => (isIdle() ? resolve() : onDrained.push(resolve))),
  };

  function isIdle(): boolean {
    return queue.length === 0 && underWay === 0;
  }

  function turnSoon(): void {
    if (turning) return;
    turning = true;
    setImmediate(() => {
      turning = false;
      while (queue.length > 0 && underWay < atOnce) void commitGroup();
    });
  }

  async function commitGroup(): Promise<void> {
    const group = queue.splice(0, groupSize());
    underWay += 1;
    const fates = await commit(group.flatMap(({ writes }) => writes));
    underWay -= 1;
    let from = 0;
    for (const { writes, answer } of group) {
      const until = from + writes.length;
      answer(resultOf(fates.slice(from, until)));
      from = until;
    }
    if (queue.length > 0) turnSoon();
    else if (isIdle()) for (const resolve of onDrained.splice(0)) resolve();
  }

  function groupSize(): number {
    let size = 0;
    const end = queue.findIndex(({ writes }, index) => {
      size += writes.length;
      return index > 0 && size > limit;
    });
    return end < 0 ? queue.length : end;
  }

  /** A save that went wrong in part is `unknown`, since a part of it happened. */
  function resultOf(fates: readonly Fate<Answer>[]): Result<readonly Answer[], PortError> {
    const answers = fates.filter((fate) => typeof fate === 'string');
    const errors = fates.filter((fate) => typeof fate !== 'string');
    const [error] = errors;
    if (!error) return Ok(answers);
    const surely = errors.every(({ kind }) => kind === error.kind) && answers.every((one) => one === nothing);
    return Err(surely ? error : { kind: 'unknown', reason: error.reason });
  }
}
