// Applies a group of writes in one transaction, each by compare-and-set.
import { Err, Ok, type PortError, type Result } from '@precall/core';
import { codeOf, type Database } from './open-database.ts';
import { parseKeys, type RowWrite } from './rows.ts';

export type WriteAnswer = 'saved' | 'conflict';

/**
 * A function that commits a group: in order, so that the second write to a record meets the first one's revision.
 * Its errors: `unavailable` when the group was rolled back, `unknown` when the commit itself failed.
 */
export function createRecordWriter(
  database: Database,
): (writes: readonly RowWrite[]) => Result<readonly WriteAnswer[], PortError> {
  const seen = database.prepare('select seq, revision, keys from record where id = ?').raw(true);
  const insertRecord = database.prepare(
    `insert into record (kind, version, revision, changed_at, mail_at, crm_at, forget_at, keys, body, id)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const updateRecord = database.prepare(
    `update record set kind = ?, version = ?, revision = ?, changed_at = ?, mail_at = ?, crm_at = ?, forget_at = ?,
     keys = ?, body = ? where seq = ?`,
  );
  const removeRecord = database.prepare('delete from record where seq = ?');
  const insertKey = database.prepare('insert or ignore into record_key (key, record_seq) values (?, ?)');
  const removeKey = database.prepare('delete from record_key where key = ? and record_seq = ?');
  const insertHistory = database.prepare(
    `insert into history (record_seq, n, at, what, detail)
     select ?1, coalesce((select max(n) from history where record_seq = ?1), 0) + 1, ?2, ?3, ?4`,
  );
  const removeHistory = database.prepare('delete from history where record_seq = ?');

  return (writes) => {
    let committing = false;
    try {
      rollBack();
      database.exec('begin immediate');
      const answers = writes.map(apply);
      committing = true;
      database.exec('commit');
      return Ok(answers);
    } catch (cause) {
      const reason = `the store could not write (${codeOf(cause)})`;
      try {
        rollBack();
      } catch {
        // The next group tries again, and is refused if that fails too. This one can no longer be committed either way.
      }
      return Err(committing ? { kind: 'unknown', reason } : { kind: 'unavailable', reason });
    }
  };

  function apply(write: RowWrite): WriteAnswer {
    const row = seen.get(write.id) as readonly [seq: number, revision: number, keys: string] | undefined;
    if ((row ? row[1] : 0) !== write.expected) return 'conflict';
    if (row) change(row[0], row[2], write);
    else if (write.put) {
      const seq = Number(insertRecord.run(...write.put.values, write.id).lastInsertRowid);
      replaceKeys(seq, [], write.put.keys);
      addHistory(seq, write.put.history);
    }
    return 'saved';
  }

  function change(seq: number, keysText: string, write: RowWrite): void {
    const keys = parseKeys(keysText);
    if (write.put) {
      updateRecord.run(...write.put.values, seq);
      replaceKeys(seq, keys, write.put.keys);
      addHistory(seq, write.put.history);
    } else {
      replaceKeys(seq, keys, []);
      removeHistory.run(seq);
      removeRecord.run(seq);
    }
  }

  function replaceKeys(seq: number, before: readonly string[], now: readonly string[]): void {
    for (const key of before) if (!now.includes(key)) removeKey.run(key, seq);
    for (const key of now) if (!before.includes(key)) insertKey.run(key, seq);
  }

  function addHistory(seq: number, entries: readonly (readonly [number, string, string])[]): void {
    for (const [at, what, detail] of entries) insertHistory.run(seq, at, what, detail);
  }

  /** SQLite rolls back by itself on some errors. */
  function rollBack(): void {
    if (database.inTransaction) database.exec('rollback');
  }
}
