// One commit: inserts, compare-and-sets and removals, each kind at one go, each write with a fate of its own: one that
// cannot be made takes no other with it.
import type { PortError } from '@precall/core';
import { answered, shortPatienceMs } from './answered.ts';
import { bulkWrite } from './bulk-write.ts';
import type { Fate } from './group-saves.ts';
import { isPermanent, isServersAnswer, refusal, toPortError } from './port-error.ts';
import type { Records } from './read-records.ts';
import type { ReadyWrite } from './ready-writes.ts';
import { createTokenLook, type HowToLook, type Standings, type Trace, traceOf } from './writer-tokens.ts';

export type WriteAnswer = 'saved' | 'conflict';

/**
 * Durable once answered. Writes of one record may be among `writes` more than once: at most one of them is saved.
 * `unavailable` and `rejected` surely did not happen.
 */
export function createRecordWriter(
  records: Records,
): (writes: readonly ReadyWrite[]) => Promise<readonly Fate<WriteAnswer>[]> {
  const lookAt = createTokenLook(records);
  /** The last commit was not answered: ask whether anybody is there, before writes are sent to nobody knows where. */
  let isLost = false;

  return async (writes) => {
    const away = isLost ? await stillAway() : null;
    if (away) return writes.map(() => away);
    const fates = new Map<ReadyWrite, Fate<WriteAnswer>>();
    const kinds = ['insertOne', 'updateOne'] as const;
    await Promise.all([
      ...kinds.map((kind) => put(writes.filter(({ operation }) => kind in operation))),
      ...writes.filter(({ operation }) => 'deleteOne' in operation).map(remove),
    ]);
    return writes.map((write) => fates.get(write) ?? 'conflict');

    async function put(some: readonly ReadyWrite[]): Promise<void> {
      if (some.length === 0) return;
      const outcome = await bulkWrite(
        records,
        some.map(({ operation }) => operation),
      );
      for (const [index, code] of outcome.refused) {
        const write = some[index];
        if (write) fates.set(write, code === duplicateKey ? 'conflict' : refusal(code));
      }
      const rest = some.filter((write) => !fates.has(write));
      if (outcome.kind === 'unheard') return settle(rest, outcome.cause);
      // The server tells only how many it changed: one look tells whose token stands where.
      if (outcome.applied === rest.length) return noteAll(rest, 'saved');
      if (outcome.applied === 0) return noteAll(rest, 'conflict');
      const standings = await look(rest, 'as it stands');
      for (const write of rest) fates.set(write, standings ? fateByTrace(traceOf(write, standings)) : doubt);
    }

    /** A removal leaves no token behind: each is made alone. Records are seldom removed. */
    async function remove(removal: ReadyWrite): Promise<void> {
      const filter = { _id: removal.id, revision: removal.expected };
      try {
        const { deletedCount } = await answered(records.deleteOne(filter));
        fates.set(removal, deletedCount === 1 ? 'saved' : 'conflict');
      } catch (cause) {
        isLost ||= !isServersAnswer(cause);
        fates.set(removal, isPermanent(cause) ? toPortError(cause) : inDoubt(cause));
      }
    }

    /** After an answer that never came, or came too early: what bears our token, and is durable, was saved. */
    async function settle(unsure: readonly ReadyWrite[], cause: unknown): Promise<void> {
      if (isPermanent(cause)) return noteAll(unsure, toPortError(cause));
      const isOver = isServersAnswer(cause);
      isLost ||= !isOver;
      const standings = await look(unsure, 'once durable');
      for (const write of unsure) {
        const trace = standings && traceOf(write, standings);
        if (trace === 'none' && isOver) fates.set(write, toPortError(cause));
        // What nobody has written since may yet be written.
        else if (trace === 'none' || trace === null) fates.set(write, inDoubt(cause));
        else fates.set(write, fateByTrace(trace));
      }
    }

    function noteAll(some: readonly ReadyWrite[], fate: Fate<WriteAnswer>): void {
      for (const write of some) fates.set(write, fate);
    }
  };

  async function stillAway(): Promise<PortError | null> {
    try {
      await answered(records.findOne({ _id: '' }, { projection: { _id: 1 } }), shortPatienceMs);
      isLost = false;
      return null;
    } catch (cause) {
      return toPortError(cause);
    }
  }

  /** Null: the server does not answer. */
  async function look(some: readonly ReadyWrite[], how: HowToLook): Promise<Standings | null> {
    const ids = some.map(({ id }) => id);
    try {
      return await lookAt(ids, how);
    } catch {
      isLost = true;
      return null;
    }
  }
}

const duplicateKey = 11_000;
const doubt: PortError = { kind: 'unknown', reason: 'MongoDB did not tell which writes it made' };

function inDoubt(cause: unknown): PortError {
  return { kind: 'unknown', reason: toPortError(cause).reason };
}

/** Once the server is done with the write. */
function fateByTrace(trace: Trace): Fate<WriteAnswer> {
  if (trace === 'ours') return 'saved';
  return trace === 'forgotten' ? doubt : 'conflict';
}
