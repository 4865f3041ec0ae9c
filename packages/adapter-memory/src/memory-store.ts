// The truth in memory, gone with its process: all that a Store promises, in the fewest words.
import {
  Err,
  type HistoryEntry,
  type Instant,
  invariant,
  Ok,
  type Page,
  type PortError,
  type RecordId,
  type Result,
  type Slice,
  type Store,
  type Stored,
  Temporal,
  type Write,
  wholeMilliseconds,
} from '@precall/core';

interface Row {
  /** Grows with each record made: the order among records that changed in the same millisecond. */
  readonly seq: number;
  readonly record: Stored;
  /** Oldest first. */
  readonly history: readonly HistoryEntry[];
}

/** It holds its callers to their side of the port: a broken promise of theirs is the only thing that makes it reject. */
export function createMemoryStore(): Store {
  const rows = new Map<RecordId, Row>();
  let lastSeq = 0;

  function apply(write: Write): 'saved' | 'conflict' {
    const id = idOf(write);
    const row = rows.get(id);
    if (write.expected !== (row?.record.revision ?? 0)) return 'conflict';
    if ('remove' in write) {
      rows.delete(id);
    } else {
      rows.set(id, {
        seq: row?.seq ?? ++lastSeq,
        record: copyOf(write.put),
        history: [...(row?.history ?? []), ...write.history.map(copyOfEntry)],
      });
    }
    return 'saved';
  }

  return {
    async find(ids) {
      return Ok([...new Set(ids)].flatMap((id) => rows.get(id)?.record ?? []));
    },
    async findByKey(key, page) {
      return slice([...rows.values()].filter(({ record }) => record.keys.includes(key)).map(byChange), page);
    },
    async due(lane, by, page) {
      const places = [...rows.values()].flatMap(({ seq, record }) => {
        const dueAt = record.lanes[lane];
        return dueAt && !isAfter(dueAt, by) ? { at: dueAt.epochMilliseconds, seq, item: record } : [];
      });
      return slice(places, page);
    },
    async nextDueAt(lane) {
      let next: Instant | null = null;
      for (const { record } of rows.values()) {
        const dueAt = record.lanes[lane];
        if (dueAt && (!next || isAfter(next, dueAt))) next = dueAt;
      }
      return Ok(next);
    },
    async list(kind, page) {
      return slice([...rows.values()].filter(({ record }) => record.kind === kind).map(byChange), page);
    },
    async save(writes) {
      checkWrites(writes);
      return Ok(writes.map(apply));
    },
    async history(id, page) {
      const entries = rows.get(id)?.history ?? [];
      return slice(
        entries.map((item, index) => ({ at: 0, seq: -index, item })),
        page,
      );
    },
  };
}

/** Where an item stands in an order: by `at`, then by `seq`. What comes newest first has both negated. */
interface Place<T> {
  readonly at: number;
  readonly seq: number;
  readonly item: T;
}

function byChange({ record, seq }: Row): Place<Stored> {
  return { at: -record.changedAt.epochMilliseconds, seq: -seq, item: record };
}

/** A cursor names the last place given, not a count: what changes elsewhere shifts nothing. */
function slice<T>(places: readonly Place<T>[], { limit, cursor }: Page): Result<Slice<T>, PortError> {
  invariant(Number.isInteger(limit) && limit >= 1 && limit <= 1000, 'a page has a limit of 1 to 1,000');
  const [, at, seq] = cursor?.match(/^(-?\d+):(-?\d+)$/) ?? [];
  if (cursor !== null && at === undefined) {
    return Err({ kind: 'rejected', reason: 'The cursor is none that this store gave.' });
  }
  const isAhead = (place: Place<T>) => place.at - Number(at) || place.seq - Number(seq);
  const ahead = cursor === null ? [...places] : places.filter((place) => isAhead(place) > 0);
  const given = ahead.sort((a, b) => a.at - b.at || a.seq - b.seq).slice(0, limit);
  const last = given.at(-1);
  return Ok({
    items: given.map(({ item }) => item),
    next: last && ahead.length > limit ? `${last.at}:${last.seq}` : null,
  });
}

function checkWrites(writes: readonly Write[]): void {
  invariant(new Set(writes.map(idOf)).size === writes.length, 'a batch names a record at most once');
  for (const write of writes) {
    if ('remove' in write) {
      invariant(write.expected >= 1, 'what is removed has been seen');
      continue;
    }
    const { put, expected, history } = write;
    invariant(put.revision === expected + 1, 'put.revision is expected + 1');
    const moments = [put.changedAt, ...Object.values(put.lanes), ...history.map(({ at }) => at)];
    invariant(
      moments.every((moment) => moment === null || moment.equals(wholeMilliseconds(moment))),
      'moments are whole milliseconds',
    );
  }
}

function idOf(write: Write): RecordId {
  return 'put' in write ? write.put.id : write.remove;
}

/** Frozen on the way in, so that neither the writer nor a reader can change the truth afterwards. */
function copyOf(record: Stored): Stored {
  return Object.freeze({
    ...record,
    lanes: Object.freeze({ ...record.lanes }),
    keys: Object.freeze([...record.keys]),
  });
}

function copyOfEntry({ at, what, detail }: HistoryEntry): HistoryEntry {
  return Object.freeze({ at, what, detail: deeplyFrozen(JSON.parse(JSON.stringify(detail))) });
}

function deeplyFrozen<T>(json: T): T {
  if (typeof json === 'object' && json !== null) Object.values(json).forEach(deeplyFrozen);
  return Object.freeze(json);
}

function isAfter(a: Instant, b: Instant): boolean {
  return Temporal.Instant.compare(a, b) > 0;
}
