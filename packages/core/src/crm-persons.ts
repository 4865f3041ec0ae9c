// Persons in the CRM: each has a record that says how far their contact is written.
import { readBookingIfSound } from './booking-record.ts';
import { patientCrm } from './crm-patience.ts';
import { troublesOf } from './crm-troubles.ts';
import { type CrmOutcome, type CrmWriter, withOutcome, writePerson } from './crm-write.ts';
import { personRecord, type RecipientId } from './ids.ts';
import type { Kept } from './keep-true.ts';
import { noteRead } from './note-read.ts';
import { newPerson, type PersonRecord } from './person.ts';
import { personWrite, readPerson, recipientOfPerson } from './person-record.ts';
import type { HistoryEntry, PortResult } from './ports.ts';
import { bookingsBearingOn, soundBookings } from './recipient-bookings.ts';
import { Ok } from './result.ts';
import type { Shell } from './shell.ts';
import type { Instant } from './temporal.ts';

export function personsInCrm(shell: Shell, given: CrmWriter): Kept<RecipientId, PersonRecord, CrmOutcome> {
  const { store, clock } = shell;
  const writer = { ...given, crm: patientCrm(given.crm, clock) };

  async function write(id: RecipientId, person: PersonRecord): PortResult<CrmOutcome> {
    const found = await bookingsBearingOn(store, id);
    if (found.isErr()) return found;
    const bookings = found.value.flatMap((one) => readBookingIfSound(one) ?? []);
    const startedAt = clock.now();
    const written = await writePerson(writer, { id, person, bookings });
    const outcome = { ...written, troubles: troublesOf(shell, written, { person, bookings }) };
    const error = outcome.error?.kind ?? null;
    shell.observe({ kind: 'crm_write', error, startedAt, endedAt: clock.now() });
    if (outcome.read) {
      const sound = soundBookings(found.value, { policy: shell.policy, now: clock.now() });
      const noted = await noteRead(shell, {
        id,
        read: outcome.read,
        bookings: sound.map(({ stored }) => stored),
      });
      if (noted.isErr()) return noted;
    }
    return Ok(outcome);
  }

  return {
    newRecord: newPerson,
    recordOf: personRecord,
    idOf: recipientOfPerson,
    read: readPerson,
    put: personWrite,
    // Everything wanted is written again.
    unsure: (person) => ({ ...person, written: {} }),
    write,
    withOutcome,
    historyOf,
    refusal: (_, reason) => ({
      kind: 'crm_refused',
      booking: null,
      sentence: `The CRM refused a write: ${reason}`,
    }),
    outage: (_, reason) => ({
      kind: 'crm_away',
      booking: null,
      sentence: `The CRM has not taken a write for half an hour: ${reason}. "precall doctor" names the cure.`,
    }),
  };
}

function historyOf({ wrote, marked, error }: CrmOutcome, now: Instant): readonly HistoryEntry[] {
  const written = [...Object.keys(wrote), ...marked];
  return [
    ...(written.length > 0 ? [{ at: now, what: 'crm_written', detail: { written } }] : []),
    ...(error?.kind === 'rejected'
      ? [{ at: now, what: 'crm_refused', detail: { reason: error.reason } }]
      : []),
  ];
}
