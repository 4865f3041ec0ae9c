// The mail lane: takes what is due, asks the gate about each reminder, claims what can start now, and sends. Whatever
// rang, only the records decide. Outcomes go to confirm.ts.
import {
  type BookingCase,
  type BookingRecord,
  bookingWrite,
  casesOf,
  type Loaded,
  readBooking,
} from './booking-record.ts';
import { whomItConcerns } from './channel.ts';
import { type Confirm, sentBy } from './confirm.ts';
import { judge, stillMissed } from './gate.ts';
import { attemptId, type BookingId, personRecord, type RecipientId, type ReminderKey } from './ids.ts';
import { invariant } from './invariant.ts';
import {
  channelOf,
  claim,
  expire,
  finish,
  holdBack,
  mayStart,
  newEntry,
  running,
  type Settlement,
  sendTimeout,
  waitFor,
} from './ledger.ts';
import type { Attempt, Final, LedgerEntry } from './ledger-types.ts';
import type { Observation } from './observation.ts';
import { markOf, type Outgoing, renderMessage, type Senders, sendBy, senderOf } from './outgoing.ts';
import { park } from './park.ts';
import { newPerson, noteSent, type PersonRecord } from './person.ts';
import { personWrite, readPerson, recipientOfPerson } from './person-record.ts';
import type { Channel, Entropy, HistoryEntry, PortResult, Stored, Write } from './ports.ts';
import { storedBookingsOfEach } from './recipient-bookings.ts';
import { Ok } from './result.ts';
import type { Shell } from './shell.ts';
import { answersIn } from './signed-links.ts';
import { after, earliest, type Instant, isBefore, latest, sameMoment } from './temporal.ts';
import type { Trouble } from './trouble.ts';
import { within } from './within.ts';

/** A sender gives up at its deadline; one that does not is given up a second later. */
const patience = sendTimeout.add({ seconds: 1 });

interface Claimed {
  readonly booking: BookingId;
  readonly key: ReminderKey;
  /** Whose records count this message. */
  readonly counted: readonly RecipientId[];
  readonly attempt: Attempt;
  readonly outgoing: Outgoing;
}

/** What was decided about one due booking. */
interface Decided {
  readonly write: Write | null;
  /** The record once that is written. */
  readonly left: Loaded<BookingRecord>;
  readonly claims: readonly Claimed[];
  readonly troubles: readonly Trouble[];
  readonly seen: readonly Observation[];
}

/** Of a send whose process died, where the mailer cannot tell. */
const nobodyKnows: Settlement = {
  kind: 'failed',
  error: { kind: 'unknown', reason: 'its process died' },
};

export interface Dispatch {
  /** Takes one page of what is due, starting at most `free` sends (1 to 50). Gives the number of bookings that moved on. */
  takePage(free: number): PortResult<number>;
  /** Sends that have begun and have not ended. */
  running(): number;
  /** Whoever sends by this channel asked for patience until then. */
  pausedUntil(channel: Channel): Instant | null;
  /** The same of every channel there is: until then nothing can leave. */
  idleUntil(): Instant | null;
}

export function createDispatch(
  shell: Shell,
  {
    senders,
    entropy,
    confirm,
    onSlotFree,
  }: {
    readonly senders: Senders;
    readonly entropy: Entropy;
    readonly confirm: Confirm;
    readonly onSlotFree: () => void;
  },
): Dispatch {
  let inFlight = 0;
  const pauses: { [C in Channel]?: Instant | null } = {};
  const { store, clock, policy, names } = shell;
  const channels: readonly Channel[] = senders.sms ? ['mail', 'sms'] : ['mail'];
  const limitsOf = (channel: Channel) => ({
    clock,
    limit: patience,
    who: channel === 'mail' ? 'the mailer' : 'the texter',
  });
  const doubtWaitOf = (attempt: Attempt | null) =>
    waitFor(policy, senderOf(senders, channelOf(attempt)).doubt);

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
    const now = clock.now();
    const persons = new Map([...found.value].map(([id, { value }]) => [id, value]));
    let slots = free;
    const decided = due.flatMap(({ loaded }) =>
      unlessPoisoned(loaded.stored, () => {
        const one = decide(loaded, { now, persons, others: others.value, slots, fates });
        slots -= one.claims.length;
        return one;
      }),
    );
    const saved = await save(decided, { poisoned, persons, found: found.value, now });
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
    const cases = casesOf(loaded.value, { policy, now: clock.now() });
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
        const found = find && (await within(limitsOf(channel), find(names.onceKey(key))));
        if (!found?.isOk()) return [];
        const { value } = found;
        return [[key, value ? { kind: 'accepted', messageId: value.messageId } : { kind: 'released' }]];
      }),
    );
    return new Map(fates.flat());
  }

  async function personsOf(
    recipients: readonly RecipientId[],
  ): PortResult<ReadonlyMap<RecipientId, Loaded<PersonRecord>>> {
    const ids = [...new Set(recipients.map(personRecord))];
    const found = ids.length > 0 ? await store.find(ids) : Ok<readonly Stored[]>([]);
    return found.map((stored) => new Map(stored.map((one) => [recipientOfPerson(one), readPerson(one)])));
  }

  function decide(
    { stored, value }: Loaded<BookingRecord>,
    context: {
      readonly now: Instant;
      readonly persons: Map<RecipientId, PersonRecord>;
      readonly others: ReadonlyMap<RecipientId, readonly Stored[]>;
      readonly slots: number;
      readonly fates: ReadonlyMap<ReminderKey, Settlement>;
    },
  ): Decided {
    const { now, persons, fates } = context;
    const ledger: { [key: ReminderKey]: LedgerEntry } = { ...value.ledger };
    const claims: Claimed[] = [];
    const troubles: Trouble[] = [];
    const seen: Observation[] = [];
    const history: HistoryEntry[] = [];
    const conclude = (one: BookingCase, final: Final, sentence: string | null): void => {
      ledger[one.key] = finish(one.entry ?? newEntry(one.reminder), final);
      history.push({
        at: now,
        what: `reminder_${final.state}`,
        detail: { key: one.key, reason: final.reason },
      });
      if (final.state === 'dropped') seen.push({ kind: 'reminders_dropped', count: 1 });
      if (sentence === null || final.state === 'dropped' || final.state === 'skipped') return;
      troubles.push({ kind: `reminder_${final.state}`, booking: names.short(value.id), sentence });
    };
    const bookings = new Map(
      [...context.others]
        .filter(([id]) => value.facts.people[id])
        .map(([id, found]) => [id, found.map((one) => readBooking(one).value)]),
    );
    for (const one of casesOf(value, { policy, now, persons, bookings })) {
      const verdict = judge(one);
      // Before its moment a drop is none for good: they may take their seat again, or the mark be taken back.
      const isDue = !isBefore(now, one.reminder.dueAt);
      if (verdict.act === 'drop' && isDue)
        conclude(one, { state: 'dropped', reason: verdict.reason, at: now }, null);
      if (verdict.act === 'miss') {
        conclude(
          one,
          { state: 'missed', reason: verdict.reason, at: now },
          `A reminder was not sent: ${verdict.reason}.`,
        );
      }
      if (verdict.act === 'give_up') {
        conclude(
          one,
          { state: 'unknown', reason: verdict.reason, at: now },
          'Nothing tells whether a reminder went out.',
        );
      }
      if (verdict.act === 'expire' && one.entry) {
        const fate = fates.get(one.key) ?? null;
        const doubtWait = doubtWaitOf(running(one.entry));
        ledger[one.key] = expire(one.entry, fate, { now, doubtWait });
        seen.push({ kind: 'send_abandoned', ...sentBy(fate ?? nobodyKnows, one.entry) });
        if (fate?.kind === 'accepted') {
          history.push({ at: now, what: 'reminder_sent', detail: { key: one.key } });
        }
      }
      const paused = verdict.act === 'send' && pausedUntil(verdict.channel);
      if (paused) ledger[one.key] = holdBack(one.entry ?? newEntry(one.reminder), paused);
      if (verdict.act === 'send' && !paused && claims.length < context.slots) {
        const { recipient } = one.reminder;
        const { channel } = verdict;
        const id = attemptId(entropy.id());
        const answers = answersIn(shell.links, { recipient, attempt: id });
        const outgoing = renderMessage(one, channel, { ...verdict.facts, answers });
        if (outgoing.isErr()) {
          conclude(one, { state: 'refused', reason: 'content_failed', at: now }, outgoing.error);
          continue;
        }
        const by = markOf(one, channel);
        const entry = claim(one.entry ?? newEntry(one.reminder), id, now, by);
        const attempt = running(entry);
        invariant(attempt, 'a claimed reminder has a running attempt');
        ledger[one.key] = entry;
        const counted = by ? [recipient, by.to] : [recipient];
        claims.push({ booking: value.id, key: one.key, counted, attempt, outgoing: outgoing.value });
        for (const person of counted) persons.set(person, noteSent(persons.get(person) ?? newPerson, now));
      }
    }
    const crm = shell.crmWanted && history.some(({ what }) => what === 'reminder_sent') ? 'now' : 'keep';
    const record = { ...value, ledger };
    const write = bookingWrite(record, { over: stored, policy, now, crm, history });
    const changed =
      claims.length > 0 || history.length > 0 || !sameMoment(write.put.lanes.mail, stored.lanes.mail);
    const left = { stored: write.put, value: record };
    return { write: changed ? write : null, left, claims, troubles, seen };
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
    const settlement = await outcomeOf(claimed);
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

  async function outcomeOf({ key, attempt, outgoing }: Claimed): Promise<Settlement> {
    const now = clock.now();
    const { channel } = outgoing;
    // The sender may have asked for patience while the claim was being saved.
    if (!mayStart(attempt, now) || pausedUntil(channel)) return { kind: 'released' };
    const call = { attemptId: attempt.id, onceKey: names.onceKey(key), deadline: after(now, sendTimeout) };
    const sent = await within(limitsOf(channel), sendBy(senders, outgoing, call));
    if (sent.isOk()) return { kind: 'accepted', messageId: sent.value.messageId };
    const { error } = sent;
    if (error.kind === 'unavailable' && error.retryAfter) {
      pauses[channel] = latest(pauses[channel] ?? null, after(clock.now(), error.retryAfter));
    }
    return { kind: 'failed', error };
  }

  function pausedUntil(channel: Channel): Instant | null {
    const pause = pauses[channel];
    return pause && isBefore(clock.now(), pause) ? pause : null;
  }

  function idleUntil(): Instant | null {
    const paused = channels.map(pausedUntil);
    return paused.includes(null) ? null : earliest(...paused);
  }

  return { takePage, running: () => inFlight, pausedUntil, idleUntil };
}
