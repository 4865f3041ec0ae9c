// The baseline of the embedded store: libsql by hand, on the same file format, with the same pragmas and the same rows.
//
// It is what a careful user would write: prepared statements, one transaction a batch, parameters bound by position, a
// compare-and-set for a change and a plain insert for what is new. It reads nothing that it need not read, makes no
// decision, checks no key against the one before and answers nobody: all of these count against Precall.
import type { Write } from '@precall/core';
import Libsql from 'libsql';

export interface RawStore {
  /** One durable transaction. */
  commit(writes: readonly RawWrite[]): void;
  /** The bodies of what is due, earliest first. */
  due(atMs: number, limit: number): readonly unknown[];
  close(): void;
}

/** Bound ready for the statements: making it is not counted. */
export interface RawWrite {
  readonly id: string;
  readonly expected: number;
  readonly values: readonly (string | number | null)[];
  readonly keys: readonly string[];
  readonly history: readonly (readonly [at: number, what: string, detail: string])[];
}

export function openRaw(folder: string): RawStore {
  const database = new Libsql(`${folder}/precall.db`);
  database.exec(`pragma page_size = 16384; pragma locking_mode = exclusive; pragma journal_mode = wal;
    pragma synchronous = full; pragma journal_size_limit = 67108864;`);
  const begin = database.prepare('begin immediate');
  const end = database.prepare('commit');
  const insert = database.prepare(
    `insert into record (kind, version, revision, changed_at, mail_at, crm_at, forget_at, keys, body, id)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const update = database.prepare(
    `update record set kind = ?, version = ?, revision = ?, changed_at = ?, mail_at = ?, crm_at = ?, forget_at = ?,
     keys = ?, body = ? where id = ? and revision = ?`,
  );
  const seqOf = database.prepare('select seq from record where id = ?').raw(true);
  const key = database.prepare('insert or ignore into record_key (key, record_seq) values (?, ?)');
  const entry = database.prepare(
    `insert into history (record_seq, n, at, what, detail)
     select ?1, coalesce((select max(n) from history where record_seq = ?1), 0) + 1, ?2, ?3, ?4`,
  );
  const dueBodies = database
    .prepare('select id, revision, body from record where mail_at <= ? order by mail_at, seq limit ?')
    .raw(true);

  function write({ id, expected, values, keys, history }: RawWrite): void {
    if (expected === 0) {
      const seq = Number(insert.run(...values, id).lastInsertRowid);
      for (const one of keys) key.run(one, seq);
      for (const one of history) entry.run(seq, ...one);
      return;
    }
    if (update.run(...values, id, expected).changes !== 1) throw new Error(`${id} is not at ${expected}`);
    if (keys.length === 0 && history.length === 0) return;
    const row = seqOf.get(id);
    const seq = Array.isArray(row) ? Number(row[0]) : 0;
    for (const one of keys) key.run(one, seq);
    for (const one of history) entry.run(seq, ...one);
  }

  return {
    commit(writes) {
      begin.run();
      for (const one of writes) write(one);
      end.run();
    },
    due: (atMs, limit) => dueBodies.all(atMs, limit),
    close() {
      database.exec(
        'pragma journal_mode = delete; pragma locking_mode = normal; select count(*) from sqlite_master',
      );
      database.close();
    },
  };
}

/** Only the keys that are new with each write, so that the baseline writes no row twice. */
export function toRaw(saves: readonly (readonly Write[])[]): readonly (readonly RawWrite[])[] {
  const known = new Map<string, ReadonlySet<string>>();
  return saves.map((writes) => writes.flatMap((write) => ('put' in write ? [bound(write, known)] : [])));
}

function bound(
  { put, expected, history }: Extract<Write, { put: unknown }>,
  known: Map<string, ReadonlySet<string>>,
): RawWrite {
  const { lanes } = put;
  const before = known.get(put.id);
  known.set(put.id, new Set(put.keys));
  return {
    id: put.id,
    expected,
    values: [
      put.kind,
      put.version,
      expected + 1,
      put.changedAt.epochMilliseconds,
      lanes.mail?.epochMilliseconds ?? null,
      lanes.crm?.epochMilliseconds ?? null,
      lanes.forget?.epochMilliseconds ?? null,
      JSON.stringify(put.keys),
      put.body,
    ],
    keys: put.keys.filter((key) => !before?.has(key)),
    history: history.map((one) => [one.at.epochMilliseconds, one.what, JSON.stringify(one.detail)]),
  };
}
