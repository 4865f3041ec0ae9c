// What to do about one due booking: which of its reminders are claimed, which come to an end, and the record that is left.
import {
  type BookingCase,
  type BookingRecord,
  bookingWrite,
  casesAtWork,
  type Loaded,
} from './booking-record.ts';
import { whomItConcerns } from './channel.ts';
import { sentBy } from './confirm.ts';
import { judge, type Verdict } from './gate.ts';
import { attemptId, type BookingId, type RecipientId, type ReminderKey } from './ids.ts';
import { invariant } from './invariant.ts';
import {
  channelOf,
  claim,
  expire,
  finish,
  holdBack,
  newEntry,
  running,
  type Settlement,
  waitFor,
} from './ledger.ts';
import type { Attempt, Final, LedgerEntry } from './ledger-types.ts';
import type { Observation } from './observation.ts';
import {
  countedFor,
  markOf,
  messageOf,
  type Outgoing,
  type Senders,
  senderOf,
  texterOf,
} from './outgoing.ts';
import { newPerson, noteSent, type PersonRecord } from './person.ts';
import { isForAbsent } from './plan.ts';
import type { Channel, Entropy, HistoryEntry, Stored, Write } from './ports.ts';
import type { Reason } from './reasons.ts';
import { soundBookings } from './recipient-bookings.ts';
import type { FactsBehind } from './reminder-file.ts';
import type { Shell } from './shell.ts';
import { after, earliest, type Instant, isBefore, sameMoment, Temporal } from './temporal.ts';
import type { Trouble } from './trouble.ts';

/** A message that may be sent once its claim is saved. */
export interface Claimed {
  readonly booking: BookingId;
  readonly key: ReminderKey;
  /** Whose records count this message. */
  readonly counted: readonly RecipientId[];
  readonly attempt: Attempt;
  readonly outgoing: Outgoing;
}

/** What was decided about one due booking. */
export interface Decided {
  /** Null: nothing is to be changed. */
  readonly write: Write | null;
  /** The record once that is written. */
  readonly left: Loaded<BookingRecord>;
  readonly claims: readonly Claimed[];
  readonly troubles: readonly Trouble[];
  readonly seen: readonly Observation[];
}

/** What the bookings of one page have in common. What one of them claims counts for those decided about after it. */
export interface Around {
  readonly now: Instant;
  readonly persons: Map<RecipientId, PersonRecord>;
  /** Those of whom it cannot be read whether they want messages. */
  readonly unreadable: ReadonlySet<RecipientId>;
  /** All bookings of those who did not come. */
  readonly others: ReadonlyMap<RecipientId, readonly Stored[]>;
  /** What became of sends whose process died, where it is known. */
  readonly fates: ReadonlyMap<ReminderKey, Settlement>;
  /** The due bookings' facts, and those of the calls before them. */
  readonly behind: FactsBehind;
  /** How many more sends may begin. */
  slots: number;
  /** Those who did not come and to whom this page already speaks: the month's cap is counted again before it does once more. */
  readonly told: Set<RecipientId>;
}

/** Of a send whose process died, where the mailer cannot tell. */
const nobodyKnows: Settlement = {
  kind: 'failed',
  error: { kind: 'unknown', reason: 'its process died' },
};

/** Why nothing is sent for as long as this is what is known of who came. */
const ofAttendance: ReadonlySet<Reason> = new Set<Reason>(['attended', 'no_show', 'host_absent']);
/** Their owners may take back what they said. */
const aside = Temporal.Duration.from({ minutes: 5 });

interface Draft {
  readonly booking: BookingId;
  readonly ledger: { [key: ReminderKey]: LedgerEntry };
  readonly claims: Claimed[];
  readonly troubles: Trouble[];
  readonly seen: Observation[];
  readonly history: HistoryEntry[];
}

export function createDecide(
  shell: Shell,
  {
    senders,
    entropy,
    pausedUntil,
  }: {
    readonly senders: Senders;
    readonly entropy: Entropy;
    readonly pausedUntil: (channel: Channel) => Instant | null;
  },
): (loaded: Loaded<BookingRecord>, around: Around) => Decided {
  const { policy, names } = shell;

  function decide({ stored, value }: Loaded<BookingRecord>, around: Around): Decided {
    const { now, persons } = around;
    const draft: Draft = {
      booking: value.id,
      ledger: { ...value.ledger },
      claims: [],
      troubles: [],
      seen: [],
      history: [],
    };
    const bookings = new Map(
      [...around.others]
        .filter(([id]) => value.facts.people[id])
        .map(([id, found]) => [id, soundBookings(found, { policy, now }).map(({ value }) => value)]),
    );
    for (const one of casesAtWork(value, { policy, now, persons, bookings }))
      act(judge(one), one, { draft, around });
    const { ledger, claims, troubles, seen, history } = draft;
    const crm = shell.crmWanted && history.some(({ what }) => what === 'reminder_sent') ? 'now' : 'keep';
    const record = { ...value, ledger };
    const write = bookingWrite(record, { over: stored, policy, now, crm, history });
    const changed =
      claims.length > 0 || history.length > 0 || !sameMoment(write.put.lanes.mail, stored.lanes.mail);
    const left = { stored: write.put, value: record };
    return { write: changed ? write : null, left, claims, troubles, seen };
  }

  function act(verdict: Verdict, one: BookingCase, { draft, around }: Place): void {
    const { now } = around;
    switch (verdict.act) {
      case 'drop':
        // Before its moment a drop is none for good: they may take their seat again. Nor is one by a mark, which may be taken back.
        if (isBefore(now, one.reminder.dueAt) || ofAttendance.has(verdict.reason)) break;
        draft.seen.push({ kind: 'reminders_dropped', count: 1 });
        conclude(one, { state: 'dropped', reason: verdict.reason, at: now }, draft);
        break;
      case 'miss':
        tell('reminder_missed', `A reminder was not sent: ${verdict.reason}.`, draft);
        conclude(one, { state: 'missed', reason: verdict.reason, at: now }, draft);
        break;
      case 'give_up':
        tell('reminder_unknown', 'Nothing tells whether a reminder went out.', draft);
        conclude(one, { state: 'unknown', reason: verdict.reason, at: now }, draft);
        break;
      case 'expire':
        settleAbandoned(one, { draft, around });
        break;
      case 'wait':
      case 'nothing':
        standAside(verdict, one, { draft, around });
        break;
      case 'send':
        send(one, verdict, { draft, around });
    }
  }

  /**
   * The lane knows nothing of persons. What would go if it were not for what their owners said of a way would stay due, and
   * stand before all others.
   */
  function standAside(
    verdict: Extract<Verdict, { act: 'wait' | 'nothing' }>,
    one: BookingCase,
    place: Place,
  ): void {
    const alone = judge({ ...one, person: null, phone: null, bookings: null });
    if (alone.act === 'send') setAside(one, verdict.act === 'wait' ? verdict.reason : null, place);
  }

  function setAside(
    { key, entry, reminder }: BookingCase,
    waiting: LedgerEntry['waiting'],
    { draft, around: { now } }: Place,
  ): void {
    const retryAt = earliest(after(now, aside), reminder.usefulUntil);
    draft.ledger[key] = { ...(entry ?? newEntry(reminder)), retryAt, waiting };
  }

  function conclude({ key, entry, reminder }: BookingCase, final: Final, { ledger, history }: Draft): void {
    const { state, reason, at } = final;
    ledger[key] = finish(entry ?? newEntry(reminder), final);
    history.push({ at, what: `reminder_${state}`, detail: { key, reason } });
  }

  function tell(kind: Trouble['kind'], sentence: string, { booking, troubles }: Draft): void {
    troubles.push({ kind, booking: names.short(booking), sentence });
  }

  function settleAbandoned({ key, entry }: BookingCase, { draft, around: { now, fates } }: Place): void {
    invariant(entry, 'a lease is that of an entry');
    const fate = fates.get(key) ?? null;
    const doubtWait = waitFor(policy, senderOf(senders, channelOf(running(entry))).doubt);
    draft.ledger[key] = expire(entry, fate, { now, doubtWait });
    draft.seen.push({ kind: 'send_abandoned', ...sentBy(fate ?? nobodyKnows, entry) });
    if (fate?.kind === 'accepted') draft.history.push({ at: now, what: 'reminder_sent', detail: { key } });
  }

  function send(
    one: BookingCase,
    { channel, facts }: Extract<Verdict, { act: 'send' }>,
    { draft, around }: Place,
  ): void {
    const { key, reminder } = one;
    const { recipient, rule } = reminder;
    const { now, persons, unreadable, told } = around;
    const entry = one.entry ?? newEntry(reminder);
    if (channel === 'sms') texterOf(senders);
    if (whomItConcerns(reminder, one.facts).some((id) => unreadable.has(id))) {
      tell(
        'record_failed',
        'A reminder waits, since what is kept about its recipient cannot be read.',
        draft,
      );
      setAside(one, null, { draft, around });
      return;
    }
    const paused = pausedUntil(channel);
    if (paused) {
      draft.ledger[key] = holdBack(entry, paused);
      return;
    }
    // What finds no room is due still, and decided about anew with the next page.
    if (around.slots === 0 || (isForAbsent(rule) && told.has(recipient))) return;
    const id = attemptId(entropy.id());
    const outgoing = messageOf(
      one,
      { channel, facts },
      {
        links: shell.links,
        attempt: id,
        booking: draft.booking,
        behind: around.behind,
      },
    );
    if (outgoing.isErr()) {
      tell('reminder_refused', outgoing.error, draft);
      conclude(one, { state: 'refused', reason: 'content_failed', at: now }, draft);
      return;
    }
    const by = markOf(one, channel);
    const claimed = claim(entry, id, now, by);
    const attempt = running(claimed);
    invariant(attempt, 'a claimed reminder has a running attempt');
    draft.ledger[key] = claimed;
    const counted = countedFor(one, by);
    draft.claims.push({ booking: draft.booking, key, counted, attempt, outgoing: outgoing.value });
    around.slots -= 1;
    if (isForAbsent(rule)) told.add(recipient);
    for (const person of counted) persons.set(person, noteSent(persons.get(person) ?? newPerson, now));
  }

  return decide;
}

interface Place {
  readonly draft: Draft;
  readonly around: Around;
}
