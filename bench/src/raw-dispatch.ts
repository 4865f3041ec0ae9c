// The baseline of a dispatch: reads what is due, claims and confirms it by hand, on a copy of the same file. It writes the
// very rows that Precall wrote, in transactions of the same size.
import type { Write } from '@precall/core';
import { type Took, timeOf } from './measure.ts';
import { openRawStore, type RawChange, type RawStore, toRawChanges } from './raw-store.ts';

type Save = readonly Write[];

/** Only what was saved of bookings: what the task takes without a daily cap. */
export function ofBookings(saves: readonly Save[]): readonly Save[] {
  return saves
    .map((save) => save.filter((write) => 'put' in write && write.put.kind === 'booking'))
    .filter((save) => save.length > 0);
}

export async function replay(folder: string, saves: readonly Save[]): Promise<Took> {
  const raw = openRawStore(folder);
  const prepared = toRawSaves(saves);
  const took = await timeOf(() => saveAll(raw, prepared));
  raw.close();
  return took;
}

/** A transaction, and how its records come to be known: so many by what is due, the others by their ids. */
export interface RawSave {
  readonly changes: readonly RawChange[];
  readonly due: number;
  readonly ids: readonly string[];
}

/** Made before the clock runs. A booking is claimed, and found by what is due, when it first has the key of an attempt. */
export function toRawSaves(saves: readonly Save[]): readonly RawSave[] {
  const claimed = new Set<string>();
  return saves.map((save) => {
    const changes = toRawChanges(save);
    const ids: string[] = [];
    let due = 0;
    for (const { record, keys, expected } of changes) {
      const id = `${record[0]}`;
      if (!claimed.has(id) && keys.some((key) => key.startsWith('attempt:'))) {
        claimed.add(id);
        due += 1;
      } else if (expected > 0) ids.push(id);
    }
    return { changes, due, ids };
  });
}

/** The loop turns between transactions, as it must in any server. */
export async function saveAll(raw: RawStore, saves: readonly RawSave[]): Promise<void> {
  const nowMs = Date.now();
  for (const { changes, due, ids } of saves) {
    if (due > 0) raw.due(nowMs, due);
    if (ids.length > 0) raw.find(ids);
    raw.save(changes);
    await new Promise(setImmediate);
  }
}
