// The least that anybody's intake does on this machine: the signature checked, the body parsed, a record of the same size put into
// words, and the same row saved, 32 at a time; then with the body read strictly and by its schema as well. No join, no plan, no
// reading of what is there: what is missed of the target beyond this is Precall's own doing, what it misses is nobody's.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { readStrictJson, Temporal } from '@precall/core';
import { createCalcomSource } from '@precall/source-calcom';
import { writesFor } from './captured-writes.ts';
import { inserting } from './embedded-intake.ts';
import { compare, perSecond, type Row, type Subject, timeOf } from './measure.ts';
import { openRawLibsql, type RawWrite, toRawWrite } from './raw-libsql.ts';
import { inFolder, scaled } from './rig.ts';
import { deliveries, secret } from './webhooks.ts';

const bookings = scaled(3_200);
const batch = 32;
const receivedAt = Temporal.Instant.fromEpochMilliseconds(Date.now());

export async function intakeLimit(name: string): Promise<readonly Row[]> {
  const all = deliveries(bookings);
  const rows = (await writesFor(all)).map(toRawWrite);
  const baseline = { name: 'libsql, the same rows, 32 a transaction', run: inserting(rows, batch) };
  const row = (what: string, read: (body: Uint8Array) => object): Promise<Row> =>
    compare(
      { name, what: `${what}, 32 a transaction`, unit: 'bookings/s', rounds: 7 },
      { ours: least(read), baseline },
    );
  return [
    await row('HMAC, JSON.parse, JSON.stringify and the row', parsed),
    await row("the same with JSON read strictly and by Cal.com's schema", readBySchema),
  ];

  function least(read: (body: Uint8Array) => object): Subject {
    return () =>
      inFolder(async (folder) => {
        const raw = openRawLibsql(folder);
        const took = await timeOf(async () => {
          for (let from = 0; from < all.length; from += batch) {
            raw.insert(
              all
                .slice(from, from + batch)
                .map((delivery, index) => takenIn(delivery, rows[from + index], read)),
            );
            await new Promise(setImmediate);
          }
        });
        raw.close();
        return perSecond(all.length, took);
      });
  }
}

function parsed(body: Uint8Array): object {
  return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
}

const source = createCalcomSource({ secrets: [secret] });

/** Not to be had cheaper by an intake that refuses what could poison it and knows the shapes it relies on. */
function readBySchema(body: Uint8Array): object {
  const json = readStrictJson(body);
  if (json.isErr()) throw new Error('a body is not JSON');
  const update = source.parse(json.value, receivedAt);
  if (update.isErr()) throw new Error('a body was not understood');
  return { payload: update.value };
}

/** The row of a delivery; its body is the record's own, read and written once more, for its size. */
function takenIn(
  { headers, body }: ReturnType<typeof deliveries>[number],
  row: RawWrite | undefined,
  read: (body: Uint8Array) => object,
): RawWrite {
  const tag = Buffer.from(headers['x-cal-signature-256']?.[0] ?? '', 'hex');
  if (!row || !timingSafeEqual(createHmac('sha256', secret).update(body).digest(), tag))
    throw new Error('a signature is wrong');
  if (!('payload' in read(body))) throw new Error('a body is no webhook');
  const kept: object = JSON.parse(String(row.record.at(-1)));
  return { ...row, record: [...row.record.slice(0, -1), JSON.stringify(kept)] };
}
