// Persons in the CRM: each has a record that says how far their contact is written.
import { type BookingRecord, readBooking } from './booking-record.ts';
import { patientCrm } from './crm-patience.ts';
import { type CrmOutcome, type CrmWriter, withOutcome, writePerson } from './crm-write.ts';
import { personRecord, type RecipientId } from './ids.ts';
import type { Kept } from './keep-true.ts';
import { noteRead } from './note-read.ts';
import { newPerson, type PersonRecord } from './person.ts';
import { personWrite, readPerson, recipientOfPerson } from './person-record.ts';
import type { HistoryEntry, PortResult } from './ports.ts';
import { storedBookingsOf } from './recipient-bookings.ts';
import { Ok } from './result.ts';
import type { Shell } from './shell.ts';
import { attending, statusOf } from './standing.ts';
import type { Instant } from './temporal.ts';
import type { Trouble } from './trouble.ts';

export function personsInCrm(shell: Shell, given: CrmWriter): Kept<RecipientId, PersonRecord, CrmOutcome> {
  const { store, clock } = shell;
  const writer = { ...given, crm: patientCrm(given.crm, clock) };

  async function write(id: RecipientId, person: PersonRecord): PortResult<CrmOutcome> {
    const found = await storedBookingsOf(store, id);
    if (found.isErr()) return found;
    const bookings = found.value.map((one) => readBooking(one).value);
    warnOfDuplicates(id, bookings);
    const startedAt = clock.now();
    const written = await writePerson(writer, { id, person, bookings });
    const isNews = written.sought?.told && !person.sought?.told;
    const outcome = isNews ? { ...written, trouble: contactNotFound(bookings) } : written;
    const error = outcome.error?.kind ?? null;
    shell.observe({ kind: 'crm_write', error, startedAt, endedAt: clock.now() });
    if (outcome.read) {
      const noted = await noteRead(shell, { id, read: outcome.read, bookings: found.value });
      if (noted.isErr()) return noted;
    }
    return Ok(outcome);
  }

  function contactNotFound(bookings: readonly BookingRecord[]): Trouble {
    const startMs = ({ facts }: BookingRecord) => facts.time?.value.startAt.epochMilliseconds ?? 0;
    const [latest] = bookings.toSorted((a, b) => startMs(b) - startMs(a));
    const sentence =
      'The CRM has no contact with the address of a booking, and none appeared within 71 minutes. ' +
      'Make the contact; then write the CRM again from the page of the booking.';
    return { kind: 'contact_not_found', booking: latest ? shell.names.short(latest.id) : null, sentence };
  }

  function warnOfDuplicates(person: RecipientId, bookings: readonly BookingRecord[]): void {
    const upcoming = bookings.filter(
      ({ facts }) => statusOf(facts, clock.now()) === 'agreed' && attending(facts).includes(person),
    );
    const types = upcoming.flatMap(({ id, facts }) => {
      const type = facts.about?.value.eventType;
      return type ? [{ id, type }] : [];
    });
    const [double] = types.flatMap((one, index) => {
      const other = types.slice(0, index).find(({ type }) => type === one.type);
      return other ? [{ one, other }] : [];
    });
    if (!double) return;
    const [booking, other] = [shell.names.short(double.one.id), shell.names.short(double.other.id)];
    const sentence =
      'A person has two upcoming calls of the same kind; one may have been moved without our being told.';
    shell.trouble({ kind: 'possible_duplicate', booking, other, sentence });
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
