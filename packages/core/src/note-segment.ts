// What the CRM says of a person's segment becomes known to each of their calls that is still to come, as a fact like those
// of a webhook: rules and words may depend on it.
import { bookingWrite, readBooking } from './booking-record.ts';
import { nothingKnown, personUnknown } from './facts.ts';
import type { RecipientId } from './ids.ts';
import { join } from './merge.ts';
import type { PortResult, Stored } from './ports.ts';
import { Ok } from './result.ts';
import type { Shell } from './shell.ts';
import { withUselessSkipped } from './skip-useless.ts';
import { statusOf } from './standing.ts';
import { earliest } from './temporal.ts';

/** Tries at a compare-and-set; where all fail, the next look at the person does it. */
const tries = 3;

export async function noteSegment(
  shell: Shell,
  {
    id,
    segment,
    bookings,
  }: { readonly id: RecipientId; readonly segment: string | null; readonly bookings: readonly Stored[] },
): PortResult<void> {
  const { store, clock, policy } = shell;
  let untold = bookings;
  for (let n = 0; n < tries; n += 1) {
    const writes = untold.flatMap(told);
    if (writes.length === 0) return Ok(undefined);
    const saved = await store.save(writes);
    if (saved.isErr()) return saved;
    shell.wake(earliest(...writes.map(({ put }) => put.lanes.mail)));
    const lost = writes.flatMap(({ put }, index) => (saved.value[index] === 'conflict' ? [put.id] : []));
    const found = await store.find(lost);
    if (found.isErr()) return found;
    untold = found.value;
  }
  return Ok(undefined);

  function told(stored: Stored) {
    const { value } = readBooking(stored);
    const { facts } = value;
    const now = clock.now();
    const status = statusOf(facts, now);
    const person = facts.people[id];
    // Erased while the CRM was being read: what was read then is not kept either.
    if (person?.details?.value.email == null) return [];
    const known = person.segment?.value;
    const isNews = known === undefined ? segment !== null : known !== segment;
    if (!isNews || (status !== 'agreed' && status !== 'awaiting')) return [];
    const register = { value: segment, stamp: { saidAt: now, rank: 0 } };
    const said = { ...nothingKnown, people: { [id]: { ...personUnknown, segment: register } } };
    // Without the segment: a history outlives an erasure.
    const history = [{ at: now, what: 'segment_read', detail: {} }];
    const changed = withUselessSkipped(value, { ...value, facts: join(facts, said) }, { policy, now });
    return [bookingWrite(changed, { over: stored, policy, now, crm: 'keep', history })];
  }
}
