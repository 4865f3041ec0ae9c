// The baseline of the embedded store: the same driver, the same file format, pages, journal and durability, the same tables
// and indexes, prepared statements, and nothing else. Whoever wrote it by hand could not do less for the same rows.
import { join } from 'node:path';
import Libsql from 'libsql';
import type { Put } from './captured-writes.ts';

/** As the store's own. Kept here so that the baseline stays what it is when the store changes. */
const tables = `
  pragma page_size = 16384; pragma locking_mode = exclusive; pragma journal_mode = wal; pragma synchronous = full;
  pragma journal_size_limit = 67108864;
  create table record (seq integer primary key, id text not null unique, kind text not null, version integer not null,
    revision integer not null, changed_at integer not null, mail_at integer, crm_at integer, forget_at integer,
    keys text not null, body text not null);
  create index record_mail on record(mail_at) where mail_at is not null;
  create index record_crm on record(crm_at) where crm_at is not null;
  create index record_forget on record(forget_at) where forget_at is not null;
  create index record_changed on record(kind, changed_at desc, seq desc);
  create table record_key (key text not null, record_seq integer not null, primary key (key, record_seq)) without rowid;
  create table history (record_seq integer not null, n integer not null, at integer not null, what text not null,
    detail text not null, primary key (record_seq, n)) without rowid;`;

/** A write as bound values, made before the clock runs. */
export interface RawWrite {
  readonly record: readonly (string | number | null)[];
  readonly keys: readonly string[];
  readonly history: readonly (readonly [at: number, what: string, detail: string])[];
}

export function toRawWrite({ put, history }: Put): RawWrite {
  const { mail, crm, forget } = put.lanes;
  return {
    record: [
      put.id,
      put.kind,
      put.version,
      put.revision,
      put.changedAt.epochMilliseconds,
      mail?.epochMilliseconds ?? null,
      crm?.epochMilliseconds ?? null,
      forget?.epochMilliseconds ?? null,
      JSON.stringify(put.keys),
      put.body,
    ],
    keys: put.keys,
    history: history.map(({ at, what, detail }) => [at.epochMilliseconds, what, JSON.stringify(detail)]),
  };
}

export interface RawLibsql {
  /** One transaction. */
  insert(writes: readonly RawWrite[]): void;
  readonly database: Libsql.Database;
  close(): void;
}

export function openRawLibsql(folder: string): RawLibsql {
  const database = new Libsql(join(folder, 'raw.db'));
  database.exec(tables);
  const record = database.prepare(
    `insert into record (id, kind, version, revision, changed_at, mail_at, crm_at, forget_at, keys, body)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const key = database.prepare('insert into record_key (key, record_seq) values (?, ?)');
  const entry = database.prepare(
    'insert into history (record_seq, n, at, what, detail) values (?, ?, ?, ?, ?)',
  );
  return {
    database,
    insert(writes) {
      database.exec('begin immediate');
      for (const write of writes) {
        const seq = Number(record.run(...write.record).lastInsertRowid);
        for (const one of write.keys) key.run(one, seq);
        write.history.forEach(([at, what, detail], index) => {
          entry.run(seq, index + 1, at, what, detail);
        });
      }
      database.exec('commit');
    },
    close() {
      database.exec('pragma journal_mode = delete; pragma locking_mode = normal; select 1 from record;');
      database.close();
    },
  };
}
