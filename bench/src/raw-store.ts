// The baseline of everything that is done to a store's file: the driver alone, on the very tables that Precall made. It reads
// a record before it changes it, and changes it by compare-and-set, as any two workers would need it; no more than that.
import { join } from 'node:path';
import type { Write } from '@precall/core';
import Libsql from 'libsql';
import type { Put } from './captured-writes.ts';
import { type RawWrite, toRawWrite } from './raw-libsql.ts';

/** A write as bound values, and the revision that it expects. */
export interface RawChange extends RawWrite {
  readonly expected: number;
}

export interface RawStore {
  /** Reads so many of what is due, earliest first. */
  due(nowMs: number, limit: number): void;
  find(ids: readonly string[]): void;
  /** One transaction. Throws where a record is not at the revision expected. */
  save(changes: readonly RawChange[]): void;
  readonly database: Libsql.Database;
  /** Gives up the lock of the file, which `close` alone would not. */
  close(): void;
}

/** Removals are left out: nothing measured here removes. */
export function toRawChanges(writes: readonly Write[]): readonly RawChange[] {
  return writes
    .filter((write): write is Put => 'put' in write)
    .map((write) => ({ ...toRawWrite(write), expected: write.expected }));
}

/** Of a file that a store made and closed. */
export function openRawStore(folder: string): RawStore {
  const database = new Libsql(join(folder, 'precall.db'));
  database.exec(
    'pragma locking_mode = exclusive; pragma journal_mode = wal; pragma synchronous = full; pragma journal_size_limit = 67108864;',
  );
  const columns = 'seq, id, kind, version, revision, changed_at, mail_at, crm_at, forget_at, keys, body';
  const dueRows = database
    .prepare(`select ${columns} from record where mail_at <= ? order by mail_at, seq limit ?`)
    .raw(true);
  const rows = database
    .prepare(`select ${columns} from record where id in (select value from json_each(?))`)
    .raw(true);
  const update = database.prepare(
    `update record set kind = ?, version = ?, revision = ?, changed_at = ?, mail_at = ?, crm_at = ?, forget_at = ?,
     keys = ?, body = ? where seq = ? and revision = ?`,
  );
  const insert = database.prepare(
    `insert into record (id, kind, version, revision, changed_at, mail_at, crm_at, forget_at, keys, body)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const key = database.prepare('insert or ignore into record_key (key, record_seq) values (?, ?)');
  const unkey = database.prepare('delete from record_key where key = ? and record_seq = ?');
  const entry = database.prepare(
    `insert into history (record_seq, n, at, what, detail)
     select ?1, coalesce((select max(n) from history where record_seq = ?1), 0) + 1, ?2, ?3, ?4`,
  );
  /** What was read or made last of each record: its row, and the keys that it has. */
  const seen = new Map<string, { readonly seq: number; readonly keys: readonly string[] }>();

  function keep(read: unknown[]): void {
    for (const row of read as readonly (readonly (string | number)[])[])
      seen.set(`${row[1]}`, { seq: Number(row[0]), keys: JSON.parse(`${row[9]}`) });
  }

  return {
    due: (nowMs, limit) => keep(dueRows.all(nowMs, limit)),
    find: (ids) => keep(rows.all(JSON.stringify(ids))),
    save(changes) {
      database.exec('begin immediate');
      for (const { record, keys, history, expected } of changes) {
        const [id, ...values] = record;
        // The replay may find other records due than Precall did, whose claims met other saves: those are looked up.
        if (expected > 0 && !seen.has(`${id}`)) keep(rows.all(JSON.stringify([id])));
        const before = seen.get(`${id}`);
        let seq = before?.seq ?? 0;
        if (expected === 0) seq = Number(insert.run(...record).lastInsertRowid);
        else if (update.run(...values, seq, expected).changes !== 1)
          throw new Error(`the replay does not follow: ${id} is not at ${expected}`);
        for (const one of before?.keys ?? []) if (!keys.includes(one)) unkey.run(one, seq);
        for (const one of keys) if (!before?.keys.includes(one)) key.run(one, seq);
        for (const [at, what, detail] of history) entry.run(seq, at, what, detail);
        seen.set(`${id}`, { seq, keys });
      }
      database.exec('commit');
    },
    database,
    close() {
      database.exec(
        'pragma journal_mode = delete; pragma locking_mode = normal; select 1 from record limit 1;',
      );
      database.close();
    },
  };
}
