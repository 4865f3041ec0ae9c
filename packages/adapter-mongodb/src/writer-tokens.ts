// Whose write is it? Each revision of a record bears the token of the save that made it.
import type { ObjectId } from 'mongodb';
import { answered, shortPatienceMs } from './answered.ts';
import type { Records } from './read-records.ts';

/** By the record's id. */
export type Standings = ReadonlyMap<string, Standing>;
/** `once durable`: what is told can no longer be taken back by a crash or another primary. */
export type HowToLook = 'as it stands' | 'once durable';

interface Standing {
  readonly revision: number;
  /** The tokens of the latest revisions, this one's last. */
  readonly by: readonly ObjectId[];
}

/**
 * `ours`: the write was made. `others`: it lost to another, and can no longer be made. `none`: the record stands as it was
 * expected. `forgotten`: so many have written since that it can no longer be told.
 */
export type Trace = 'ours' | 'others' | 'none' | 'forgotten';

export function traceOf(
  { id, expected, by }: { readonly id: string; readonly expected: number; readonly by: ObjectId },
  standings: Standings,
): Trace {
  const standing = standings.get(id);
  if (!standing) return expected === 0 ? 'none' : 'others';
  const since = standing.revision - (expected + 1);
  if (since < 0) return 'none';
  const token = standing.by.at(-1 - since);
  if (!token) return 'forgotten';
  return token.equals(by) ? 'ours' : 'others';
}

/** Rejects as the driver does. */
export function createTokenLook(
  records: Records,
): (ids: readonly string[], how: HowToLook) => Promise<Standings> {
  return async (ids, how) => {
    const _id = { $in: [...ids] };
    const found = await answered(
      records.find({ _id }, { projection: { by: 1, revision: 1 } }).toArray(),
      shortPatienceMs,
    );
    // What was seen may not be durable yet. A write of nothing is answered when all before it is: journaled, by a majority.
    if (how === 'once durable') await answered(records.deleteMany({ _id, revision: -1 }), shortPatienceMs);
    return new Map(found.map((document) => [document._id, document]));
  };
}
