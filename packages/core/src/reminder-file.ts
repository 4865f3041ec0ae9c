// The calendar file that goes with a reminder: made by the policy's function at the moment of sending, from the facts of the
// booking and of those it took the place of, by which a calendar knows the entry again.
import { type BookingRecord, readBookingIfSound } from './booking-record.ts';
import type { Facts } from './facts.ts';
import { type BookingId, bookingRecord } from './ids.ts';
import type { CalendarFile, PortResult } from './ports.ts';
import { Err, Ok } from './result.ts';
import type { Shell } from './shell.ts';

/** What is known of a call and of those before it, by booking. Who is not in it is not known. */
export type FactsBehind = ReadonlyMap<BookingId, Facts>;

/** Of longer chains of moves the first calls count as not known. */
const mostMoves = 100;

/** These bookings and those they took the place of, move by move. Nothing more is read where the policy sends no files. */
export async function factsBehind(
  { store, policy }: Pick<Shell, 'store' | 'policy'>,
  records: readonly BookingRecord[],
): PortResult<FactsBehind> {
  const known = new Map(records.map(({ id, facts }) => [id, facts]));
  if (!policy.calendarFile) return Ok(known);
  const asked = new Set(known.keys());
  let latest: readonly Facts[] = [...known.values()];
  for (let moves = 0; moves < mostMoves; moves += 1) {
    const ids = new Set(latest.flatMap(replacedBy).filter((id) => !asked.has(id)));
    if (ids.size === 0) break;
    const found = await store.find([...ids].map(bookingRecord));
    if (found.isErr()) return found;
    for (const id of ids) asked.add(id);
    const before = found.value.flatMap((stored) => readBookingIfSound(stored) ?? []);
    for (const { id, facts } of before) known.set(id, facts);
    latest = before.map(({ facts }) => facts);
  }
  return Ok(known);
}

/** The file for somebody in a booking, whatever became of it; null: no such booking, or no file. */
export function createFileOf(
  shell: Shell,
): (id: BookingId, email: string) => PortResult<CalendarFile | null> {
  const { store, clock, policy, names } = shell;
  return async (id, email) => {
    const found = await store.find([bookingRecord(id)]);
    if (found.isErr()) return found;
    const records = found.value.flatMap((stored) => readBookingIfSound(stored) ?? []);
    const behind = await factsBehind(shell, records);
    if (behind.isErr()) return behind;
    const bookings = behind.value;
    if (!bookings.has(id) || !policy.calendarFile) return Ok(null);
    try {
      const call = { id, bookings, recipient: names.recipient(email), now: clock.now() };
      return Ok(policy.calendarFile(call));
    } catch {
      return Err({ kind: 'rejected', reason: 'the calendar file could not be made' });
    }
  };
}

function replacedBy({ replaces }: Facts): readonly BookingId[] {
  return Object.keys(replaces) as BookingId[];
}
