// The readings of the store, each by one prepared statement and a keyset cursor.
import type {
  HistoryEntry,
  Instant,
  Lane,
  Page,
  PortError,
  RecordId,
  RecordKey,
  RecordKind,
  Result,
  Slice,
  Stored,
} from '@precall/core';
import { first, last, type Place, placeOf, toSlice } from './cursor.ts';
import type { Database } from './open-database.ts';
import { type HistoryRow, instant, type RecordRow, recordColumns, toHistoryEntry, toStored } from './rows.ts';

/** Ids looked up by one statement; the loop is blocked for its length. */
const idsAtOnce = 500;
/** Up to here the carriers of a key are sorted; a commoner key is found sooner by going through the changes. */
const rareKey = 4000;
const kinds: readonly RecordKind[] = ['booking', 'person', 'calendar', 'delivery', 'meta'];

export interface RecordReader {
  find(ids: readonly RecordId[]): readonly Stored[];
  findByKey(key: RecordKey, page: Page): Result<Slice<Stored>, PortError>;
  due(lane: Lane, by: Instant, page: Page): Result<Slice<Stored>, PortError>;
  nextDueAt(lane: Lane): Instant | null;
  list(kind: RecordKind, page: Page): Result<Slice<Stored>, PortError>;
  history(id: RecordId, page: Page): Result<Slice<HistoryEntry>, PortError>;
}

export function createRecordReader(database: Database): RecordReader {
  const prepare = (sql: string) => database.prepare(sql).raw(true);
  const byIds = prepare(
    `select ${recordColumns} from record r where r.id in (select value from json_each(?))`,
  );
  const carriers = prepare('select count(*) from (select 1 from record_key where key = ? limit ?)');
  const byRareKey = prepare(
    `select ${recordColumns} from record_key k cross join record r on r.seq = k.record_seq
     where k.key = ?1 and (r.changed_at, r.seq) < (?2, ?3) order by r.changed_at desc, r.seq desc limit ?4`,
  );
  const byCommonKey = prepare(
    `select ${recordColumns} from (${kinds.map(carriersByChange).join(' union all ')}
     order by 2 desc, 1 desc limit ?4) found cross join record r on r.seq = found.seq
     order by found.changed_at desc, found.seq desc`,
  );
  const changed = prepare(
    `select ${recordColumns} from record r where r.kind = ? and (r.changed_at, r.seq) < (?, ?)
     order by r.changed_at desc, r.seq desc limit ?`,
  );
  const entries = prepare(
    `select h.n, h.at, h.what, h.detail from history h
     where h.record_seq = (select seq from record where id = ?) and h.n < ? order by h.n desc limit ?`,
  );
  const lanes = {
    mail: laneStatements('mail_at'),
    crm: laneStatements('crm_at'),
    forget: laneStatements('forget_at'),
  };

  function laneStatements(column: 'mail_at' | 'crm_at' | 'forget_at') {
    return {
      due: prepare(
        `select ${recordColumns} from record r where r.${column} <= ? and (r.${column}, r.seq) > (?, ?)
         order by r.${column}, r.seq limit ?`,
      ),
      next: prepare(`select min(${column}) from record where ${column} is not null`),
    };
  }

  return {
    find(ids) {
      const found: Stored[] = [];
      for (let from = 0; from < ids.length; from += idsAtOnce)
        for (const row of rowsOf(byIds.all(JSON.stringify(ids.slice(from, from + idsAtOnce)))))
          found.push(toStored(row));
      return found;
    },
    findByKey(key, page) {
      const isRare = numberOf(carriers.get(key, rareKey)) < rareKey;
      const statement = isRare ? byRareKey : byCommonKey;
      return pageOfRecords('key', page, { start: last, at: changedAt }, ({ at, seq }, limit) =>
        statement.all(key, at, seq, limit),
      );
    },
    due(lane, by, page) {
      const at = (row: RecordRow) => laneAt(row, lane);
      return pageOfRecords(`due-${lane}`, page, { start: first, at }, (place, limit) =>
        lanes[lane].due.all(by.epochMilliseconds, place.at, place.seq, limit),
      );
    },
    nextDueAt(lane) {
      const row = lanes[lane].next.get();
      return Array.isArray(row) && typeof row[0] === 'number' ? instant(row[0]) : null;
    },
    list(kind, page) {
      return pageOfRecords(`list-${kind}`, page, { start: last, at: changedAt }, ({ at, seq }, limit) =>
        changed.all(kind, at, seq, limit),
      );
    },
    history(id, page) {
      return placeOf('history', page, last).map(({ seq }) => {
        const rows = entries.all(id, seq, page.limit + 1) as readonly HistoryRow[];
        const place = (row: HistoryRow) => ({ at: row[1], seq: row[0] });
        return toSlice('history', rows, { limit: page.limit, place, item: toHistoryEntry });
      });
    },
  };
}

function pageOfRecords(
  reading: string,
  page: Page,
  order: { readonly start: Place; readonly at: (row: RecordRow) => number },
  read: (from: Place, limit: number) => unknown[],
): Result<Slice<Stored>, PortError> {
  return placeOf(reading, page, order.start).map((from) =>
    toSlice(reading, rowsOf(read(from, page.limit + 1)), {
      limit: page.limit,
      place: (row) => ({ at: order.at(row), seq: row[0] }),
      item: toStored,
    }),
  );
}

/** One kind's carriers of the key in the order of `record_changed`; a compound select merges such orders unsorted. */
function carriersByChange(kind: RecordKind): string {
  return `select r.seq as seq, r.changed_at as changed_at from record r
    where r.kind = '${kind}' and (r.changed_at, r.seq) < (?2, ?3)
    and exists (select 1 from record_key k where k.key = ?1 and k.record_seq = r.seq)`;
}

function rowsOf(rows: unknown[]): readonly RecordRow[] {
  return rows as readonly RecordRow[];
}

function numberOf(row: unknown): number {
  return Array.isArray(row) ? Number(row[0]) : 0;
}

function changedAt(row: RecordRow): number {
  return row[5];
}

function laneAt(row: RecordRow, lane: Lane): number {
  const at = { mail: row[6], crm: row[7], forget: row[8] }[lane];
  return at ?? 0;
}
