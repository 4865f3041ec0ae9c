// The mail lane: takes what is due, has each booking decided about (decide.ts), claims what can start now, and sends.
// Whatever rang, only the records decide. Outcomes go to confirm.ts.
import {
  type BookingCase,
  type BookingRecord,
  casesAtWork,
  type Loaded,
  readBooking,
} from './booking-record.ts';
import type { Calls } from './calls.ts';
import { whomItConcerns } from './channel.ts';
import type { Confirm } from './confirm.ts';
import { type Claimed, createDecide, type Decided } from './decide.ts';
import { judge, stillMissed } from './gate.ts';
import { personRecord, type RecipientId, type ReminderKey } from './ids.ts';
import { channelOf, running, type Settlement } from './ledger.ts';
import { type Senders, senderOf } from './outgoing.ts';
import { park } from './park.ts';
import type { PersonRecord } from './person.ts';
import { personWrite, readPersons } from './person-record.ts';
import type { Entropy, PortResult, Stored, Write } from './ports.ts';
import { storedBookingsOfEach } from './recipient-bookings.ts';
import { factsBehind } from './reminder-file.ts';
import { Ok } from './result.ts';
import type { Shell } from './shell.ts';
import type { Instant } from './temporal.ts';
import { within } from './within.ts';

export interface Dispatch {
  /** Takes one page of what is due, starting at most `free` sends (1 to 50). Gives the number of bookings that moved on. */
  takePage(free: number): PortResult<number>;
  /** Sends that have begun and have not ended. */
  running(): number;
}

export function createDispatch(
  shell: Shell,
  {
    senders,
    calls,
    entropy,
    confirm,
    onSlotFree,
  }: {
    readonly senders: Senders;
    readonly calls: Calls;
    readonly entropy: Entropy;
    readonly confirm: Confirm;
    readonly onSlotFree: () => void;
  },
): Dispatch {
  let inFlight = 0;
  const { store, clock, policy, names } = shell;
  const decide = createDecide(shell, { senders, entropy, pausedUntil: calls.pausedUntil });

  async function takePage(free: number): PortResult<number> {
    const page = await store.due('mail', clock.now(), { limit: free, cursor: null });
    if (page.isErr()) return page;
    const poisoned: Write[] = [];
    const unlessPoisoned = <T>(stored: Stored, run: () => T): readonly T[] => {
      try {
        return [run()];
      } catch (cause) {
        poisoned.push(park(shell, stored, { lane: 'mail', cause }));
        return [];
      }
    };
    const due = page.value.items.flatMap((stored) => unlessPoisoned(stored, () => dueBooking(stored)));
    const found = await personsOf(due.flatMap(({ recipients }) => recipients));
    if (found.isErr()) return found;
    const fates = await fatesOf(due.flatMap(({ abandoned }) => abandoned));
    // After the mailer was asked, which can take seconds: another call may have been agreed meanwhile.
    const others = await storedBookingsOfEach(
      store,
      due.flatMap(({ missed }) => missed),
    );
    if (others.isErr()) return others;
    const behind = await factsBehind(
      shell,
      due.filter(({ recipients }) => recipients.length > 0).map(({ loaded }) => loaded.value),
    );
    if (behind.isErr()) return behind;
    const now = clock.now();
    const { read, unreadable } = found.value;
    const persons = new Map([...read].map(([id, { value }]) => [id, value]));
    const known = { persons, unreadable, others: others.value, behind: behind.value, fates };
    const around = { now, ...known, slots: free, told: new Set<RecipientId>() };
    const decided = due.flatMap(({ loaded }) => unlessPoisoned(loaded.stored, () => decide(loaded, around)));
    const saved = await save(decided, { poisoned, persons, found: read, now });
    if (saved.isErr()) return saved;
    const { moved, changedPersons } = saved.value;
    for (const { claims, troubles, seen, left } of moved) {
      for (const one of seen) shell.observe(one);
      for (const trouble of troubles) shell.trouble(trouble);
      for (const claimed of claims) {
        if (claimed.counted.some((one) => changedPersons.has(one)))
          settled(claimed, { kind: 'released' }, left);
        else void send(claimed, left);
      }
    }
    return Ok(moved.length + poisoned.length);
  }

  /** A booking, and those of its recipients about whom more must be known before anything is decided. */
  function dueBooking(stored: Stored): {
    readonly loaded: Loaded<BookingRecord>;
    readonly recipients: readonly RecipientId[];
    /** Those who did not come: what is said to them rests on their other bookings. */
    readonly missed: readonly RecipientId[];
    readonly abandoned: readonly BookingCase[];
  } {
    const loaded = readBooking(stored);
    const cases = casesAtWork(loaded.value, { policy, now: clock.now() });
    const sendable = cases.filter((one) => judge(one).act === 'send');
    const abandoned = cases.filter((one) => judge(one).act === 'expire');
    // Also where it is not due yet: it may be by the time it is decided about.
    const missed = stillMissed(cases);
    const recipients = sendable.flatMap(({ reminder, facts }) => whomItConcerns(reminder, facts));
    return { loaded, recipients, missed, abandoned };
  }

  /** What became of sends whose process died, where the mailer can tell. */
  async function fatesOf(abandoned: readonly BookingCase[]): Promise<ReadonlyMap<ReminderKey, Settlement>> {
    const fates = await Promise.all(
      abandoned.map(async ({ key, entry }): Promise<readonly [ReminderKey, Settlement][]> => {
        const channel = channelOf(entry && running(entry));
        const { find } = senderOf(senders, channel);
        const found = find && (await within(calls.limitsOf(channel), find(names.onceKey(key))));
        if (!found?.isOk()) return [];
        const { value } = found;
        return [[key, value ? { kind: 'accepted', messageId: value.messageId } : { kind: 'released' }]];
      }),
    );
    return new Map(fates.flat());
  }

  async function personsOf(recipients: readonly RecipientId[]): PortResult<ReturnType<typeof readPersons>> {
    const ids = [...new Set(recipients.map(personRecord))];
    const found = ids.length > 0 ? await store.find(ids) : Ok<readonly Stored[]>([]);
    return found.map(readPersons);
  }

  /**
   * One save for the page. Gives what was decided about the bookings that nobody else changed meanwhile, and the
   * recipients whom somebody else did change: they may want no more mails, or have had their share for the day, so
   * that a claim made for them must be given back.
   */
  async function save(
    decided: readonly Decided[],
    {
      poisoned,
      persons,
      found,
      now,
    }: {
      readonly poisoned: readonly Write[];
      readonly persons: ReadonlyMap<RecipientId, PersonRecord>;
      readonly found: ReadonlyMap<RecipientId, Loaded<PersonRecord>>;
      readonly now: Instant;
    },
  ): PortResult<{
    readonly moved: readonly Decided[];
    readonly changedPersons: ReadonlySet<RecipientId>;
  }> {
    const written = decided.flatMap(({ write, ...rest }) => (write ? [{ write, ...rest }] : []));
    const noted = [...persons].filter(([id, person]) => person !== found.get(id)?.value);
    // After the claims: a person who changed before a claim was saved has changed before the note is.
    const notes = noted.map(([id, person]) =>
      personWrite(id, person, { over: found.get(id)?.stored ?? null, now }),
    );
    const writes = [...written.map(({ write }) => write), ...notes, ...poisoned];
    if (writes.length === 0) return Ok({ moved: [], changedPersons: new Set() });
    const saved = await store.save(writes);
    return saved.map((results) => ({
      moved: written.filter((_, index) => results[index] === 'saved'),
      changedPersons: new Set(
        noted.flatMap(([id], index) => (results[written.length + index] === 'conflict' ? [id] : [])),
      ),
    }));
  }

  async function send(claimed: Claimed, left: Loaded<BookingRecord>): Promise<void> {
    inFlight += 1;
    const settlement = await calls.make(claimed);
    inFlight -= 1;
    settled(claimed, settlement, left);
    onSlotFree();
  }

  function settled(
    { booking, key, attempt }: Claimed,
    settlement: Settlement,
    left: Loaded<BookingRecord>,
  ): void {
    confirm.add({ booking, key, attempt: attempt.id, settlement, left });
  }

  return { takePage, running: () => inFlight };
}
