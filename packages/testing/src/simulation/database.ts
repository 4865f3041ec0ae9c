// The store that all workers share: records in memory, changed by compare-and-set, watched by the oracle.
import {
  Err,
  type HistoryEntry,
  type Lane,
  Ok,
  type Page,
  type PortError,
  type RecordId,
  type Result,
  type Slice,
  type Store,
  type Stored,
  type Write,
} from '@precall/core';
import type { Call } from './calls.ts';
import type { Random } from './random.ts';
import type { Tally } from './tally.ts';
import type { Weather } from './weather.ts';
import type { Worker } from './worker.ts';

interface Row {
  readonly seq: number;
  readonly record: Stored;
  /** The lanes' moments and that of the change, in milliseconds: looked at for every record at every ring. */
  readonly ms: { readonly [L in Lane]: number | null } & { readonly changed: number };
  /** Oldest first. */
  readonly history: readonly HistoryEntry[];
}

/** One record's change, as it becomes durable; null: there was, or is, none. */
export type OnApplied = (before: Stored | null, after: Stored | null) => void;
/** A write that came too late: what it wanted, and what was there. */
export type OnConflict = (wanted: Stored | null, there: Stored | null) => void;
export interface SaveWatch {
  readonly onApplied: OnApplied;
  readonly onConflict: OnConflict;
}
export type Backup = ReadonlyMap<RecordId, Row>;

export interface Database {
  readonly effects: {
    readonly [M in Exclude<keyof Store, 'save'>]: (
      ...args: Parameters<Store[M]>
    ) => Awaited<ReturnType<Store[M]>>;
  };
  save(writes: readonly Write[], watch: SaveWatch): Awaited<ReturnType<Store['save']>>;
  /** Another process saves the record first, and changes nothing that it says. */
  touch(id: RecordId): boolean;
  records(): readonly Stored[];
  record(id: RecordId): Stored | null;
  /** The earliest moment in any lane. */
  earliestMs(): number;
  backup(): Backup;
  restore(backup: Backup): void;
}

export function createDatabase(): Database {
  let rows = new Map<RecordId, Row>();
  let lastSeq = 0;
  /** Forgotten at every change. */
  let earliest: number | null = null;
  const newest = (test: (record: Stored) => boolean): Place<Stored>[] =>
    [...rows.values()].flatMap(({ record, seq, ms }) =>
      test(record) ? [{ at: -ms.changed, seq: -seq, item: record }] : [],
    );

  function due(lane: Lane, byMs: number): Place<Stored>[] {
    const places: Place<Stored>[] = [];
    for (const { record, seq, ms } of rows.values()) {
      const at = ms[lane];
      if (at !== null && at <= byMs) places.push({ at, seq, item: record });
    }
    return places;
  }

  function apply(write: Write, { onApplied, onConflict }: SaveWatch): 'saved' | 'conflict' {
    const id = 'put' in write ? write.put.id : write.remove;
    const row = rows.get(id);
    if (write.expected !== (row?.record.revision ?? 0)) {
      onConflict('put' in write ? write.put : null, row?.record ?? null);
      return 'conflict';
    }
    earliest = null;
    if ('put' in write) {
      const history = [...(row?.history ?? []), ...write.history];
      rows.set(id, { seq: row?.seq ?? ++lastSeq, record: write.put, ms: momentsOf(write.put), history });
    } else {
      rows.delete(id);
    }
    onApplied(row?.record ?? null, 'put' in write ? write.put : null);
    return 'saved';
  }

  return {
    effects: {
      find: (ids) => Ok([...new Set(ids)].flatMap((id) => rows.get(id)?.record ?? [])),
      findByKey: (key, page) =>
        sliceOf(
          newest(({ keys }) => keys.includes(key)),
          page,
        ),
      due: (lane, by, page) => sliceOf(due(lane, by.epochMilliseconds), page),
      nextDueAt: (lane) => {
        let next: Row | null = null;
        for (const row of rows.values()) {
          const at = row.ms[lane];
          if (at !== null && at < (next?.ms[lane] ?? Infinity)) next = row;
        }
        return Ok(next?.record.lanes[lane] ?? null);
      },
      list: (kind, page) =>
        sliceOf(
          newest((record) => record.kind === kind),
          page,
        ),
      history: (id, page) =>
        sliceOf(
          (rows.get(id)?.history ?? []).map((item, index) => ({ at: 0, seq: -index, item })),
          page,
        ),
    },
    save: (writes, watch) => Ok(writes.map((write) => apply(write, watch))),
    touch(id) {
      const row = rows.get(id);
      if (!row) return false;
      rows.set(id, { ...row, record: { ...row.record, revision: row.record.revision + 1 } });
      return true;
    },
    records: () => [...rows.values()].map(({ record }) => record),
    record: (id) => rows.get(id)?.record ?? null,
    earliestMs() {
      earliest ??= Math.min(
        ...[...rows.values()].flatMap(({ ms }) => [
          ms.mail ?? Infinity,
          ms.crm ?? Infinity,
          ms.forget ?? Infinity,
        ]),
      );
      return earliest;
    },
    backup: () => new Map(rows),
    restore(backup) {
      rows = new Map(backup);
      earliest = null;
    },
  };
}

function momentsOf({ lanes, changedAt }: Stored): Row['ms'] {
  return {
    mail: lanes.mail?.epochMilliseconds ?? null,
    crm: lanes.crm?.epochMilliseconds ?? null,
    forget: lanes.forget?.epochMilliseconds ?? null,
    changed: changedAt.epochMilliseconds,
  };
}

interface Place<T> {
  readonly at: number;
  readonly seq: number;
  readonly item: T;
}

/** A cursor names the last place given. */
function sliceOf<T>(places: readonly Place<T>[], { limit, cursor }: Page): Result<Slice<T>, PortError> {
  const [, at, seq] = cursor?.match(/^(-?\d+):(-?\d+)$/) ?? [];
  if (cursor !== null && at === undefined) {
    return Err({ kind: 'rejected', reason: 'The cursor is none that this store gave.' });
  }
  const ahead =
    cursor === null
      ? [...places]
      : places.filter((place) => (place.at - Number(at) || place.seq - Number(seq)) > 0);
  const given = ahead.sort((a, b) => a.at - b.at || a.seq - b.seq).slice(0, limit);
  const last = given.at(-1);
  return Ok({
    items: given.map(({ item }) => item),
    next: last && ahead.length > limit ? `${last.at}:${last.seq}` : null,
  });
}

/** The store as one worker sees it. */
export function storeFor(
  worker: Worker,
  {
    database,
    call,
    weather,
    random,
    tally,
    isCalm,
    onApplied,
    onConflict,
  }: {
    readonly database: Database;
    readonly call: Call;
    readonly weather: Weather;
    readonly random: Random;
    readonly tally: Tally;
    readonly isCalm: () => boolean;
    readonly onApplied: (worker: Worker, before: Stored | null, after: Stored | null) => void;
    readonly onConflict: OnConflict;
  },
): Store {
  const { effects } = database;
  const port = 'store';

  function save(writes: readonly Write[]): Awaited<ReturnType<Store['save']>> {
    const watch: SaveWatch = { onApplied: (before, after) => onApplied(worker, before, after), onConflict };
    if (!isCalm() && random.chance(weather.overtaken)) {
      const write = random.pick(writes as readonly [Write, ...Write[]]);
      if (database.touch('put' in write ? write.put.id : write.remove))
        tally.count('save overtaken by another');
    }
    if (writes.length > 1 && !isCalm() && random.chance(weather.inPart)) {
      tally.count('save done in part');
      database.save(
        writes.filter(() => random.chance(0.5)),
        watch,
      );
      return Err({ kind: 'unknown', reason: 'done in part, by chance' });
    }
    return database.save(writes, watch);
  }

  return {
    find: (ids) => call({ port, method: 'find', describe: () => ids.join(' ') }, () => effects.find(ids)),
    findByKey: (key, page) =>
      call({ port, method: 'findByKey', describe: () => key }, () => effects.findByKey(key, page)),
    due: (lane, by, page) =>
      call({ port, method: 'due', describe: () => lane }, () => effects.due(lane, by, page)),
    nextDueAt: (lane) =>
      call({ port, method: 'nextDueAt', describe: () => lane }, () => effects.nextDueAt(lane)),
    list: (kind, page) =>
      call({ port, method: 'list', describe: () => kind }, () => effects.list(kind, page)),
    history: (id, page) =>
      call({ port, method: 'history', describe: () => id }, () => effects.history(id, page)),
    save: (writes) =>
      call({ port, method: 'save', describe: () => writes.map(writeText).join(' ') }, () => save(writes)),
  };
}

function writeText(write: Write): string {
  return 'put' in write ? `${write.put.id}#${write.put.revision}` : `-${write.remove}`;
}
