// Bookings read again at their source in the minutes before a reminder falls due. No reminder ever waits for it.
import type { RecordId } from './ids.ts';
import type { BookingSource, BookingSourceApi, PortResult } from './ports.ts';
import { Ok } from './result.ts';
import type { Shell } from './shell.ts';
import { after, type Instant, isBefore, Temporal } from './temporal.ts';
import type { BookingUpdate } from './update.ts';
import { type Limits, within } from './within.ts';

const ahead = Temporal.Duration.from({ minutes: 3 });
const every = Temporal.Duration.from({ minutes: 1 });
/** Due records looked at for those that are worth it. */
const lookedThrough = 200;

/** At most `atOnce` a minute; gives whether anything changed that a person could see. Never rejects. */
export function createReread(
  { store, clock }: Pick<Shell, 'store' | 'clock'>,
  {
    source,
    api,
    limits,
    atOnce,
    take,
  }: {
    readonly source: BookingSource;
    readonly api: BookingSourceApi;
    readonly limits: Limits;
    readonly atOnce: number;
    readonly take: (update: BookingUpdate) => PortResult<boolean>;
  },
): () => Promise<boolean> {
  let nextAt: Instant | null = null;
  /** What was read again ahead of which due moment. */
  const done = new Map<RecordId, Instant>();

  return async () => {
    const now = clock.now();
    if (atOnce === 0 || (nextAt && isBefore(now, nextAt))) return false;
    nextAt = after(now, every);
    for (const [id, dueAt] of done) if (isBefore(dueAt, now)) done.delete(id);
    const page = await store.due('mail', after(now, ahead), { limit: lookedThrough, cursor: null });
    if (page.isErr()) return false;
    const soon = page.value.items.flatMap(({ id, lanes }) =>
      lanes.mail && isBefore(now, lanes.mail) && !done.has(id) ? [{ id, dueAt: lanes.mail }] : [],
    );
    let changed = false;
    for (const { id, dueAt } of soon.slice(0, atOnce)) {
      done.set(id, dueAt);
      const told = await within(limits, api.fetch(id.slice(`booking:${source.name}:`.length)));
      if (told.isErr()) return changed;
      const taken = told.value ? await take(told.value) : Ok(false);
      if (taken.isErr()) return changed;
      changed ||= taken.value;
    }
    return changed;
  };
}
