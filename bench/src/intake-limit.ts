// The least that anybody's intake does on this machine: the signature checked, the body parsed, a record of the same size put into
// words, and the same row saved, 32 at a time. No schema, no join, no plan, no reading of what is there: what is missed of
// the target beyond this program is Precall's own doing, what this program misses is nobody's.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { writesFor } from './captured-writes.ts';
import { inserting } from './embedded-intake.ts';
import { compare, perSecond, type Row, type Subject, timeOf } from './measure.ts';
import { openRawLibsql, type RawWrite, toRawWrite } from './raw-libsql.ts';
import { inFolder, scaled } from './rig.ts';
import { deliveries, secret } from './webhooks.ts';

const bookings = scaled(3_200);
const batch = 32;

export async function intakeLimit(name: string): Promise<readonly Row[]> {
  const all = deliveries(bookings);
  const rows = (await writesFor(all)).map(toRawWrite);
  const least: Subject = () =>
    inFolder(async (folder) => {
      const raw = openRawLibsql(folder);
      const took = await timeOf(async () => {
        for (let from = 0; from < all.length; from += batch) {
          raw.insert(
            all.slice(from, from + batch).map((delivery, index) => takenIn(delivery, rows[from + index])),
          );
          await new Promise(setImmediate);
        }
      });
      raw.close();
      return perSecond(all.length, took);
    });
  const what = 'HMAC, JSON.parse, JSON.stringify and the row, 32 a transaction';
  return [
    await compare(
      { name, what, unit: 'bookings/s', rounds: 7 },
      {
        ours: least,
        baseline: { name: 'libsql, the same rows, 32 a transaction', run: inserting(rows, batch) },
      },
    ),
  ];
}

/** The row of a delivery; its body is the record's own, read and written once more, for its size. */
function takenIn(
  { headers, body }: ReturnType<typeof deliveries>[number],
  row: RawWrite | undefined,
): RawWrite {
  const tag = Buffer.from(headers['x-cal-signature-256']?.[0] ?? '', 'hex');
  if (!row || !timingSafeEqual(createHmac('sha256', secret).update(body).digest(), tag))
    throw new Error('a signature is wrong');
  const said: object = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  if (!('payload' in said)) throw new Error('a body is no webhook');
  const kept: object = JSON.parse(String(row.record.at(-1)));
  return { ...row, record: [...row.record.slice(0, -1), JSON.stringify(kept)] };
}
