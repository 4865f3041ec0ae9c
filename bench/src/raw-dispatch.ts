// The baseline of a dispatch: reads what is due, claims and confirms it by hand, on a copy of the same file. It writes the
// very rows that Precall wrote, in transactions of the same size, by compare-and-set as any two workers would need it.
import { join } from 'node:path';
import type { Write } from '@precall/core';
import Libsql from 'libsql';
import type { Put } from './captured-writes.ts';
import { type Took, timeOf } from './measure.ts';
import { toRawWrite } from './raw-libsql.ts';

type Save = readonly Write[];

/** Only what was saved of bookings: what the task takes without a daily cap. */
export function ofBookings(saves: readonly Save[]): readonly Save[] {
  return saves
    .map((save) => save.filter((write) => 'put' in write && write.put.kind === 'booking'))
    .filter((save) => save.length > 0);
}

export async function replay(folder: string, saves: readonly Save[]): Promise<Took> {
  const database = new Libsql(join(folder, 'precall.db'));
  database.exec(
    'pragma locking_mode = exclusive; pragma journal_mode = wal; pragma synchronous = full; pragma journal_size_limit = 67108864;',
  );
  const columns = 'seq, id, kind, version, revision, changed_at, mail_at, crm_at, forget_at, keys, body';
  const due = database
    .prepare(`select ${columns} from record where mail_at <= ? order by mail_at, seq limit ?`)
    .raw(true);
  const find = database
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
  const entry = database.prepare(
    `insert into history (record_seq, n, at, what, detail)
     select ?1, coalesce((select max(n) from history where record_seq = ?1), 0) + 1, ?2, ?3, ?4`,
  );
  const prepared = saves.map((save) =>
    save
      .filter((write): write is Put => 'put' in write)
      .map((write) => ({
        raw: toRawWrite(write),
        expected: write.expected,
        isClaim: write.history.length === 0,
      })),
  );
  const nowMs = Date.now();
  const seqs = new Map(
    (database.prepare('select id, seq from record').raw(true).all() as (readonly [string, number])[]).map(
      ([id, seq]) => [id, seq],
    ),
  );

  const took = await timeOf(async () => {
    for (const save of prepared) {
      if (save[0]?.isClaim) due.all(nowMs, save.length);
      else find.all(JSON.stringify(save.map(({ raw }) => raw.record[0])));
      database.exec('begin immediate');
      for (const { raw, expected } of save) {
        const [id, ...values] = raw.record;
        let seq = seqs.get(`${id}`) ?? 0;
        if (expected === 0) {
          seq = Number(insert.run(...raw.record).lastInsertRowid);
          seqs.set(`${id}`, seq);
        } else if (update.run(...values, seq, expected).changes !== 1)
          throw new Error(`the replay does not follow: ${id} is not at ${expected}`);
        for (const one of raw.keys) key.run(one, seq);
        for (const [at, what, detail] of raw.history) entry.run(seq, at, what, detail);
      }
      database.exec('commit');
      await new Promise(setImmediate);
    }
  });
  database.exec('pragma journal_mode = delete; pragma locking_mode = normal; select 1 from record limit 1;');
  database.close();
  return took;
}
