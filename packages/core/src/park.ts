// A record that cannot be worked on (a rule of the policy throws, a body is not what it should be) is put aside for a
// while, so that it stands in nobody's way, and a person is told.
import { type BookingRecord, bodyOf, bookingIn, bookingWrite, readBooking } from './booking-record.ts';
import { assertEntry } from './ledger.ts';
import type { Lane, Stored, Write } from './ports.ts';
import type { Shell } from './shell.ts';
import { after, type Instant, isBefore, Temporal } from './temporal.ts';

type Put = Extract<Write, { readonly put: Stored }>;

const aside = Temporal.Duration.from({ minutes: 5 });
/** Little is of use any more, and nobody may mend it for as long as it is kept. */
const asideOnceOver = Temporal.Duration.from({ hours: 1 });

/** The write that looks at the record again later in this lane, and leaves all else as it is. */
export function park(shell: Shell, stored: Stored, { lane, cause }: { lane: Lane; cause: unknown }): Put {
  const now = shell.clock.now();
  const name = cause instanceof Error ? cause.message : 'something that is not an error was thrown';
  shell.trouble({
    kind: 'record_failed',
    booking: stored.kind === 'booking' ? shell.names.short(bookingIn(stored)) : null,
    sentence: `A record was put aside: ${name}`,
  });
  const put = {
    ...stored,
    revision: stored.revision + 1,
    lanes: { ...stored.lanes, [lane]: after(now, isOver(stored, now) ? asideOnceOver : aside) },
  };
  return { put, expected: stored.revision, history: [] };
}

/** Whether it is a booking whose call has ended. One that cannot even be read may be so to this process alone. */
function isOver(stored: Stored, now: Instant): boolean {
  if (stored.kind !== 'booking') return false;
  try {
    const endAt = readBooking(stored).value.facts.time?.value.endAt;
    return endAt !== undefined && isBefore(endAt, now);
  } catch {
    return false;
  }
}

/**
 * What must be kept of a booking whatever its plan: what was heard of its sends, or an erasure. Where the policy cannot
 * plan it any more that is kept all the same, and its mail lane is put aside.
 */
export function ledgerWrite(
  shell: Shell,
  record: BookingRecord,
  options: { readonly over: Stored } & Pick<Parameters<typeof bookingWrite>[1], 'now' | 'crm' | 'history'>,
): Put {
  try {
    return bookingWrite(record, { ...options, policy: shell.policy });
  } catch (cause) {
    for (const entry of Object.values(record.ledger)) assertEntry(entry);
    const parked = park(shell, { ...options.over, body: bodyOf(record) }, { lane: 'mail', cause });
    return { ...parked, history: options.history };
  }
}
