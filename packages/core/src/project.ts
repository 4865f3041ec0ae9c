// The CRM lane. A booking that changed tells its people's records; a person's record is then written to the CRM: one
// write per person at a time, retried for as long as it takes, never in the way of a reminder.
import { type BookingRecord, bookingWrite, readBooking } from './booking-record.ts';
import { patientCrm } from './crm-patience.ts';
import { type CrmOutcome, type CrmWriter, withOutcome, writePerson } from './crm-write.ts';
import { nothingKnown } from './facts.ts';
import { type BookingId, bookingRecord, personRecord, type RecipientId } from './ids.ts';
import { backOff, wasAccepted } from './ledger.ts';
import { join } from './merge.ts';
import { noteSegment } from './note-segment.ts';
import { park } from './park.ts';
import { newPerson, type PersonRecord, writeLease } from './person.ts';
import { personWrite, readPerson, recipientOfPerson } from './person-record.ts';
import type { HistoryEntry, PortResult, Stored } from './ports.ts';
import { storedBookingsOf } from './recipient-bookings.ts';
import { Ok, Result } from './result.ts';
import type { Shell } from './shell.ts';
import { concerned, statusOf } from './standing.ts';
import { after, type Instant, sameMoment, Temporal } from './temporal.ts';

const pageSize = 20;
/** Between two tries at one person. */
const longestWait = Temporal.Duration.from({ minutes: 5 });

export interface Project {
  /** Takes one page of what is due; gives the number of records found. */
  takePage(): PortResult<number>;
}

/** Without a writer (no CRM) the lane still mends moves that were cut off, and turns the status of ended calls. */
export function createProject(shell: Shell, given: CrmWriter | null): Project {
  const { store, clock, policy } = shell;
  const writer = given && { ...given, crm: patientCrm(given.crm, clock) };

  async function takePage(): PortResult<number> {
    const page = await store.due('crm', clock.now(), { limit: pageSize, cursor: null });
    if (page.isErr()) return page;
    const { items } = page.value;
    const bookings = items.filter(({ kind }) => kind === 'booking');
    // At the same time, so that their saves share a commit.
    const passed = Result.all(await Promise.all(bookings.map((booking) => unlessPoisoned(booking, passOn))));
    if (passed.isErr()) return passed;
    const persons = items.filter(({ kind }) => kind === 'person');
    const written = await Promise.all(persons.map((person) => unlessPoisoned(person, bringUpToDate)));
    return Result.all(written).map(() => items.length);
  }

  async function unlessPoisoned(stored: Stored, run: (stored: Stored) => PortResult<void>): PortResult<void> {
    try {
      return await run(stored);
    } catch (cause) {
      return (await store.save([park(shell, stored, { lane: 'crm', cause })])).map(() => undefined);
    }
  }

  async function passOn(stored: Stored): PortResult<void> {
    const { value } = readBooking(stored);
    const mended = await mendLinks(value);
    if (mended.isErr()) return mended;
    const told = writer ? await tell(bearsOn(value)) : Ok(undefined);
    if (told.isErr()) return told;
    const now = clock.now();
    const saved = await store.save([
      bookingWrite(value, { over: stored, policy, now, crm: 'done', history: [] }),
    ]);
    // On a conflict somebody changed it meanwhile: it is due still, and the next look does the rest.
    return saved.map(() => undefined);
  }

  /** A move saves the new booking before the old one; where that was cut off, the new one's link mends the old. */
  async function mendLinks({ id, facts }: BookingRecord): PortResult<void> {
    const replaced = Object.keys(facts.replaces) as BookingId[];
    if (replaced.length === 0) return Ok(undefined);
    const found = await store.find(replaced.map(bookingRecord));
    if (found.isErr()) return found;
    const known = new Map(found.value.map(readBooking).map((loaded) => [loaded.value.id, loaded]));
    const now = clock.now();
    const writes = replaced.flatMap((old) => {
      const { stored, value } = known.get(old) ?? {
        stored: null,
        value: { id: old, facts: nothingKnown, ledger: {} },
      };
      const link = facts.replaces[old];
      if (!link || value.facts.replacedBy[id]) return [];
      const mended = { ...value, facts: join(value.facts, { ...nothingKnown, replacedBy: { [id]: link } }) };
      const history = [{ at: now, what: 'moved', detail: { status: 'superseded' } }];
      return [bookingWrite(mended, { over: stored, policy, now, crm: 'now', history })];
    });
    if (writes.length === 0) return Ok(undefined);
    return (await store.save(writes)).map(() => undefined);
  }

  async function tell(recipients: readonly RecipientId[]): PortResult<void> {
    let untold = recipients;
    while (untold.length > 0) {
      const found = await store.find(untold.map(personRecord));
      if (found.isErr()) return found;
      const now = clock.now();
      const known = new Map(found.value.map((stored) => [recipientOfPerson(stored), readPerson(stored)]));
      const writes = untold.map((id) => {
        const { stored, value } = known.get(id) ?? { stored: null, value: newPerson };
        // A write that is running is left to end: it sees by `wanted` that there is more to do.
        const crmAt = value.writing?.leaseUntil ?? now;
        return personWrite(id, { ...value, wanted: value.wanted + 1 }, { over: stored, now, crmAt });
      });
      const saved = await store.save(writes);
      if (saved.isErr()) return saved;
      untold = untold.filter((_, index) => saved.value[index] === 'conflict');
    }
    return Ok(undefined);
  }

  async function bringUpToDate(stored: Stored): PortResult<void> {
    const id = recipientOfPerson(stored);
    const { value } = readPerson(stored);
    const now = clock.now();
    if (!writer) {
      return (await store.save([personWrite(id, value, { over: stored, now, crmAt: null })])).map(
        () => undefined,
      );
    }
    // By this process's own clock: where clocks are further apart than a lease two processes can hold one person's, and
    // the older write may stand in the CRM until the person's next change. Clocks that far apart are not catered for.
    const leaseUntil = after(now, writeLease);
    // Of a write that nobody concluded it is not known what the CRM took: everything wanted is written again.
    const person = value.writing ? { ...value, written: {} } : value;
    const claimed = { ...person, writing: { leaseUntil } };
    const saved = await store.save([personWrite(id, claimed, { over: stored, now, crmAt: leaseUntil })]);
    if (saved.isErr()) return saved;
    if (saved.value[0] === 'conflict') return Ok(undefined);
    const found = await storedBookingsOf(store, id);
    if (found.isErr()) return found;
    const bookings = found.value.map((one) => readBooking(one).value);
    warnOfDuplicates(bookings);
    const startedAt = clock.now();
    const outcome = await writePerson(writer, { id, person, bookings });
    const error = outcome.error?.kind ?? null;
    shell.observe({ kind: 'crm_write', error, startedAt, endedAt: clock.now() });
    if (outcome.segment !== undefined) {
      const noted = await noteSegment(shell, { id, segment: outcome.segment, bookings: found.value });
      if (noted.isErr()) return noted;
    }
    return conclude(id, { outcome, leaseUntil, seen: value.wanted });
  }

  async function conclude(
    id: RecipientId,
    {
      outcome,
      leaseUntil,
      seen,
    }: { readonly outcome: CrmOutcome; readonly leaseUntil: Instant; readonly seen: number },
  ): PortResult<void> {
    for (;;) {
      const found = await store.find([personRecord(id)]);
      if (found.isErr()) return found;
      const [stored] = found.value;
      const person = stored && readPerson(stored).value;
      // Another write has begun since: this one took longer than its lease, and the other knows better.
      if (!person || !sameMoment(person.writing?.leaseUntil ?? null, leaseUntil)) return Ok(undefined);
      const now = clock.now();
      const next = { ...withOutcome(person, outcome), writing: null, seen };
      const crmAt = nextLook(next, outcome, now);
      const history = historyOf(outcome, now);
      const saved = await store.save([personWrite(id, next, { over: stored, now, crmAt, history })]);
      if (saved.isErr()) return saved;
      if (saved.value[0] === 'conflict') continue;
      if (outcome.error?.kind === 'rejected') {
        shell.trouble({
          kind: 'crm_refused',
          booking: null,
          sentence: `The CRM refused a write: ${outcome.error.reason}`,
        });
      }
      return Ok(undefined);
    }
  }

  function warnOfDuplicates(bookings: readonly BookingRecord[]): void {
    const upcoming = bookings.filter(({ facts }) => statusOf(facts, clock.now()) === 'agreed');
    const types = upcoming.flatMap(({ id, facts }) => {
      const type = facts.about?.value.eventType;
      return type ? [{ id, type }] : [];
    });
    const double = types.find(({ type }, index) => types.findIndex((other) => other.type === type) < index);
    if (!double) return;
    const sentence =
      'A person has two upcoming calls of the same kind; one may have been moved without our being told.';
    shell.trouble({ kind: 'possible_duplicate', booking: shell.names.short(double.id), sentence });
  }

  return { takePage };
}

/** Those whom the booking is about, and whoever got a reminder of it. */
function bearsOn({ facts, ledger }: BookingRecord): readonly RecipientId[] {
  // Of a call that is only asked for nobody knows yet who of the listed is the booker.
  const asked = facts.requestedAt && !facts.roster ? (Object.keys(facts.people) as RecipientId[]) : [];
  const reminded = Object.values(ledger)
    .filter(wasAccepted)
    .map(({ recipient }) => recipient);
  return [...new Set([...concerned(facts, false), ...asked, ...reminded])];
}

/** What the CRM will never take waits for the next change; everything else is tried again, later each time. */
function nextLook(person: PersonRecord, { error, more }: CrmOutcome, now: Instant): Instant | null {
  if (person.wanted > person.seen || more) return now;
  if (!error || error.kind === 'rejected') return null;
  return after(now, (error.kind === 'unavailable' && error.retryAfter) || backOff(person.tries, longestWait));
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
