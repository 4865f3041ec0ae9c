// The CRM lane. A booking that changed tells the records of its people, and that of its event; each is then written to the
// CRM, or to the calendar, by one at a time and for as long as it takes, never in the way of a reminder, nor one of these in
// the way of the other.
import { type BookingRecord, bookingWrite, readBooking, readBookingIfSound } from './booking-record.ts';
import { bookingsInCalendar, type CalendarCalls } from './calendar-write.ts';
import { canonicalText } from './canonical.ts';
import { personsInCrm } from './crm-persons.ts';
import type { CrmWriter } from './crm-write.ts';
import { nothingKnown } from './facts.ts';
import { type BookingId, bookingRecord, type RecipientId, theHost } from './ids.ts';
import { droppedBy } from './intake-answer.ts';
import { createKeepTrue } from './keep-true.ts';
import { wasAccepted } from './ledger.ts';
import { join } from './merge.ts';
import { park } from './park.ts';
import type { PortError, PortResult, Stored } from './ports.ts';
import { Ok, Result } from './result.ts';
import { createSearchDue } from './search-due.ts';
import type { Shell } from './shell.ts';
import { concerned, standingOf } from './standing.ts';

export interface Project {
  /** Takes one page of what is due but for the calendar's; gives the number of records found. */
  takePage(): PortResult<number>;
  /** The same of the calendar's records; null: there is no calendar. */
  readonly takeEvents: (() => PortResult<number>) | null;
}

/** Without CRM and calendar the lane still mends moves that were cut off, and turns the status of ended calls. */
export function createProject(
  shell: Shell,
  { crm, calendar }: { readonly crm: CrmWriter | null; readonly calendar: CalendarCalls | null },
): Project {
  const { store, clock, policy } = shell;
  const persons = crm && createKeepTrue(shell, personsInCrm(shell, crm));
  const events = calendar && createKeepTrue(shell, bookingsInCalendar(shell, calendar));

  const dueButEvents = createSearchDue(shell, (kind) => kind !== 'calendar' || !events);
  const dueEvents = createSearchDue(shell, (kind) => kind === 'calendar');

  async function takePage(): PortResult<number> {
    const page = await dueButEvents();
    if (page.isErr()) return page;
    const bookings = page.value.filter(({ kind }) => kind === 'booking');
    const others = page.value.filter(({ kind }) => kind !== 'booking');
    // At the same time, so that their saves share a commit.
    const passed = await eachOf(bookings, passOn);
    if (passed.isErr()) return passed;
    const kept = await eachOf(others, (stored) =>
      stored.kind === 'person' && persons ? persons.bringUpToDate(stored) : letGo(stored),
    );
    return kept.map(() => page.value.length);
  }

  async function takeEvents({ bringUpToDate }: NonNullable<typeof events>): PortResult<number> {
    const page = await dueEvents();
    if (page.isErr()) return page;
    return (await eachOf(page.value, bringUpToDate)).map(() => page.value.length);
  }

  async function eachOf(
    all: readonly Stored[],
    run: (stored: Stored) => PortResult<void>,
  ): Promise<Result<unknown, PortError>> {
    return Result.all(await Promise.all(all.map((stored) => unlessPoisoned(stored, run))));
  }

  async function unlessPoisoned(stored: Stored, run: (stored: Stored) => PortResult<void>): PortResult<void> {
    try {
      return await run(stored);
    } catch (cause) {
      return (await store.save([park(shell, stored, { lane: 'crm', cause })])).map(() => undefined);
    }
  }

  /** What was to be written where nothing is written any more. */
  async function letGo(stored: Stored): PortResult<void> {
    const put = { ...stored, revision: stored.revision + 1, lanes: { ...stored.lanes, crm: null } };
    const saved = await store.save([{ put, expected: stored.revision, history: [] }]);
    return saved.map(() => undefined);
  }

  async function passOn(stored: Stored): PortResult<void> {
    const { value } = readBooking(stored);
    const mended = await mendLinks(value);
    if (mended.isErr()) return mended;
    const told = persons ? await persons.tell(bearsOn(value)) : Ok(undefined);
    if (told.isErr()) return told;
    const shown = events && wasAgreed(value) ? await events.tell([value.id]) : Ok(undefined);
    if (shown.isErr()) return shown;
    const now = clock.now();
    const saved = await store.save([
      bookingWrite(value, { over: stored, policy, now, crm: 'done', history: [] }),
    ]);
    // On a conflict somebody changed it meanwhile: it is due still, and the next look does the rest.
    return saved.map(() => undefined);
  }

  /** A move saves the new booking before the old one; where that was cut off, the new one's link mends the old. */
  async function mendLinks({ id, facts }: BookingRecord): PortResult<void> {
    const links = Object.entries(facts.replaces).map(([old, link]) => ({ old: old as BookingId, link }));
    if (links.length === 0) return Ok(undefined);
    const found = await store.find(links.map(({ old }) => bookingRecord(old)));
    if (found.isErr()) return found;
    const known = new Map(found.value.map((one) => [one.id, one]));
    const now = clock.now();
    const writes = links.flatMap(({ old, link }) => {
      const stored = known.get(bookingRecord(old)) ?? null;
      const value = stored ? readBookingIfSound(stored) : { id: old, facts: nothingKnown, ledger: {} };
      if (!value) return [];
      // Also where an earlier move is known: with seats several people may go the same way, one after the other.
      const mended = { ...value, facts: join(value.facts, { ...nothingKnown, replacedBy: { [id]: link } }) };
      if (canonicalText(mended.facts.replacedBy) === canonicalText(value.facts.replacedBy)) return [];
      const change = { before: value, after: mended, offered: nothingKnown };
      const history = [
        { at: now, what: 'moved', detail: { status: standingOf(mended.facts) } },
        ...droppedBy(change, { policy, now }).map((detail) => ({
          at: now,
          what: 'reminder_dropped',
          detail,
        })),
      ];
      return [bookingWrite(mended, { over: stored, policy, now, crm: 'now', history })];
    });
    if (writes.length === 0) return Ok(undefined);
    return (await store.save(writes)).map(() => undefined);
  }

  return { takePage, takeEvents: events && (() => takeEvents(events)) };
}

/** Of a booking that never was no event can be there. */
function wasAgreed({ facts }: BookingRecord): boolean {
  return Object.keys(facts.agreed).length > 0;
}

/** Those whom the booking is about, and whoever got a reminder of it but the host: the CRM is not about them. */
function bearsOn({ facts, ledger }: BookingRecord): readonly RecipientId[] {
  // Of a call that is only asked for nobody knows yet who of the listed is the booker.
  const asked = facts.requestedAt && !facts.roster ? (Object.keys(facts.people) as RecipientId[]) : [];
  const reminded = Object.values(ledger)
    .filter(wasAccepted)
    .map(({ recipient }) => recipient)
    .filter((recipient) => recipient !== theHost);
  return [...new Set([...concerned(facts, false), ...asked, ...reminded])];
}
