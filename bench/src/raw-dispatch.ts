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
  const prepared = saves.map(toRawChanges);
  const took = await timeOf(() => saveAll(raw, prepared));
  raw.close();
  return took;
}

/** The loop turns between transactions, as it must in any server. */
export async function saveAll(raw: RawStore, saves: readonly (readonly RawChange[])[]): Promise<void> {
  const nowMs = Date.now();
  for (const save of saves) {
    read(raw, save, nowMs);
    raw.save(save);
    await new Promise(setImmediate);
  }
}

/** A claim finds its bookings by what is due, the people whose notes go with it by their ids; all else is known by its id. */
function read(raw: RawStore, save: readonly RawChange[], nowMs: number): void {
  const there = save.filter(({ expected }) => expected > 0);
  const claimed = there.filter(({ record, history }) => record[1] === 'booking' && history.length === 0);
  if (claimed.length > 0) raw.due(nowMs, claimed.length);
  const known = there.filter((change) => !claimed.includes(change));
  if (known.length > 0) raw.find(known.map(({ record }) => `${record[0]}`));
}
