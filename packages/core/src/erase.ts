// Forgetting a person for good. Erasure is a fact: what was said before it is dropped on every join, so that a
// webhook replayed later cannot bring anybody back.
import { readBooking, readBookingIfSound } from './booking-record.ts';
import { type Facts, nothingKnown, personUnknown } from './facts.ts';
import { personRecord, recipientKey } from './ids.ts';
import { join } from './merge.ts';
import { ledgerWrite } from './park.ts';
import { newPerson } from './person.ts';
import { personWrite, readPersonIfSound, unreadablePerson } from './person-record.ts';
import type { PortResult, Stored } from './ports.ts';
import type { Quarantine } from './quarantine.ts';
import { Err, Ok } from './result.ts';
import type { Shell } from './shell.ts';
import type { Instant } from './temporal.ts';

export function createErase(
  shell: Shell,
  quarantine: Quarantine,
): (email: string) => PortResult<{ readonly bookings: number }> {
  const { store, clock, names } = shell;

  return async (email) => {
    const erasedAt = clock.now();
    // The person first: whatever comes in from here on is joined with the erasure.
    const marked = await markPerson(email, erasedAt);
    if (marked.isErr() && marked !== unreadablePerson) return marked;
    const found = await eraseFromBookings(email, erasedAt);
    if (found.isErr()) return found;
    shell.wake(erasedAt);
    const released = await quarantine.releaseAbout(email.trim());
    if (released.isErr()) return released;
    const { bookings } = found.value;
    const unreadable = found.value.unreadable + Number(marked.isErr());
    return unreadable > 0 ? Err({ kind: 'rejected', reason: notAll(unreadable) }) : Ok({ bookings });
  };

  async function markPerson(email: string, erasedAt: Instant): PortResult<void> {
    const id = names.recipient(email.trim());
    for (;;) {
      const found = await store.find([personRecord(id)]);
      if (found.isErr()) return found;
      const [stored] = found.value;
      const known = stored ? readPersonIfSound(stored)?.value : newPerson;
      if (!known) return unreadablePerson;
      const history = [{ at: erasedAt, what: 'erased', detail: {} }];
      const person = { ...newPerson, suppressed: known.suppressed, erasedAt };
      const write = personWrite(id, person, { over: stored ?? null, now: erasedAt, crmAt: null, history });
      const saved = await store.save([write]);
      if (saved.isErr()) return saved;
      if (saved.value[0] === 'saved') return Ok(undefined);
    }
  }

  async function eraseFromBookings(
    email: string,
    erasedAt: Instant,
  ): PortResult<{ readonly bookings: number; readonly unreadable: number }> {
    const recipient = names.recipient(email.trim());
    const erasure = { ...nothingKnown, people: { [recipient]: { ...personUnknown, erasedAt } } };
    let bookings = 0;
    let unreadable = 0;
    let cursor: string | null = null;
    do {
      const page: FoundBookings = await store.findByKey(recipientKey(recipient), { limit: 50, cursor });
      if (page.isErr()) return page;
      let left: readonly Stored[] = page.value.items.filter(readBookingIfSound);
      bookings += left.length;
      unreadable += page.value.items.length - left.length;
      cursor = page.value.next;
      while (left.length > 0) {
        const conflicting = await eraseFrom(left, erasure);
        if (conflicting.isErr()) return conflicting;
        const again = await store.find(conflicting.value.map(({ id }) => id));
        if (again.isErr()) return again;
        left = again.value;
      }
    } while (cursor !== null);
    return Ok({ bookings, unreadable });
  }

  /** Gives back those that somebody else changed meanwhile. */
  async function eraseFrom(bookings: readonly Stored[], erasure: Facts): PortResult<readonly Stored[]> {
    const now = clock.now();
    const history = [{ at: now, what: 'erased', detail: {} }];
    const writes = bookings.map((stored) => {
      const { value } = readBooking(stored);
      const record = { ...value, facts: join(value.facts, erasure) };
      // Now: the calendar may name them.
      return ledgerWrite(shell, record, { over: stored, now, crm: 'now', history });
    });
    const saved = await store.save(writes);
    return saved.map((results) => bookings.filter((_, index) => results[index] === 'conflict'));
  }
}

function notAll(unreadable: number): string {
  return `${unreadable} of their records, damaged or of a newer version; in all others they are erased`;
}

type FoundBookings = Awaited<ReturnType<Shell['store']['findByKey']>>;
