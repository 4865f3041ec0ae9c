// Bookings taken in durably by the whole of `receive` (signature, schema, join, plan, save) against the same rows written
// by hand. Precall is started, as in a server: what it does in the background counts against it.
import type { Mailer, Precall, WebhookDelivery } from '@precall/core';
import { Ok } from '@precall/core';
import { createPrecall } from '@precall/node';
import { inFolder, withStore } from './embedded-folder.ts';
import { type Benchmark, compared, inTurn, secondsOf } from './harness.ts';
import { openRaw, type RawWrite, toRaw } from './raw-embedded.ts';
import { recorded } from './recorded-store.ts';
import { bookings, now, source } from './webhooks.ts';

const runs = 5;
const silentMailer: Mailer = { doubt: 'once', send: async () => Ok({ messageId: null }) };

export const embeddedIntake: Benchmark = {
  name: 'embedded-intake',
  async run() {
    const atOnce = await measured({ count: 1024, together: 32 });
    const alone = await measured({ count: 192, together: 1 });
    const against = 'libsql by hand: the same rows, a transaction for as many';
    return [
      compared(atOnce, {
        what: 'Embedded: bookings taken in durably, 32 at a time',
        unit: 'bookings/s',
        against,
        target: { of: 'ratio', is: 'at least', value: 0.5 },
      }),
      compared(alone, {
        what: 'Embedded: bookings taken in durably, one at a time',
        unit: 'bookings/s',
        against,
        target: { of: 'ratio', is: 'at least', value: 0.7 },
      }),
    ];
  },
};

async function measured({ count, together }: { count: number; together: number }) {
  const deliveries = bookings(count, { startAt: now().add({ hours: 240 }), saidAt: now() });
  const batches = inBatches(deliveries, together);
  const raw = inBatches((await rowsOf(batches)).flat(), together);
  // A first run of each compiles everything.
  await ours(batches.slice(0, 16));
  await byHand(raw.slice(0, 16));
  return inTurn(runs, {
    ours: async () => count / (await ours(batches)),
    baseline: async () => count / (await byHand(raw)),
  });
}

/** What an intake makes durable before it answers. */
function rowsOf(
  batches: readonly (readonly WebhookDelivery[])[],
): Promise<readonly (readonly RawWrite[])[]> {
  return inFolder((folder) =>
    withStore(folder, async (store) => {
      const { store: watched, saves } = recorded(store);
      // Not started: nothing but the intake writes.
      await takeIn(createPrecall({ source, store: watched, mailer: silentMailer }), batches);
      return toRaw(saves.filter(([write]) => write && 'put' in write && write.put.kind === 'booking'));
    }),
  );
}

function ours(batches: readonly (readonly WebhookDelivery[])[]): Promise<number> {
  return inFolder((folder) =>
    withStore(folder, async (store) => {
      const precall = createPrecall({ source, store, mailer: silentMailer });
      (await precall.start()).expect('it starts');
      const seconds = await secondsOf(() => takeIn(precall, batches));
      await precall.stop();
      return seconds;
    }),
  );
}

async function takeIn(precall: Precall, batches: readonly (readonly WebhookDelivery[])[]): Promise<void> {
  for (const batch of batches) {
    const answers = await Promise.all(batch.map((delivery) => precall.receive(delivery)));
    const odd = answers.find(({ kind }) => kind !== 'taken');
    if (odd) throw new Error(`a booking was not taken in: ${odd.kind}`);
  }
}

function byHand(batches: readonly (readonly RawWrite[])[]): Promise<number> {
  return inFolder(async (folder) => {
    await withStore(folder, async () => undefined);
    const raw = openRaw(folder);
    const seconds = await secondsOf(() => {
      for (const batch of batches) raw.commit(batch);
    });
    raw.close();
    return seconds;
  });
}

export function inBatches<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
