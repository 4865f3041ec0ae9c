// A reminder before its moment, on an operator's word: claimed, sent and settled by the protocol of every other send.
import { type BookingCase, bookingWrite, casesOf } from './booking-record.ts';
import type { Confirm } from './confirm.ts';
import type { ActAnswer, Refusal, ReminderAct } from './desk.ts';
import { attemptId, type BookingId, personRecord, type RecipientId } from './ids.ts';
import { invariant } from './invariant.ts';
import { claim, mayStart, newEntry, running, type Settlement, sendTimeout } from './ledger.ts';
import type { Attempt } from './ledger-types.ts';
import { acted, sendableNow } from './operator-acts.ts';
import { countedFor, markOf, messageOf, type Outgoing, type Senders, sendBy } from './outgoing.ts';
import { newPerson, noteSent } from './person.ts';
import { personWrite, readPerson } from './person-record.ts';
import type { Channel, Entropy, PortResult, Stored, Write } from './ports.ts';
import type { Looked, Reads } from './reads.ts';
import { factsBehind } from './reminder-file.ts';
import { Ok } from './result.ts';
import type { Shell } from './shell.ts';
import { after, type Instant } from './temporal.ts';
import { within } from './within.ts';

const patience = sendTimeout.add({ seconds: 1 });
/** Tries at a compare-and-set. */
const tries = 5;

export interface SendNowParts {
  readonly reads: Pick<Reads, 'look'>;
  readonly senders: Senders;
  readonly entropy: Entropy;
  readonly confirm: Confirm;
  readonly pausedUntil: (channel: Channel) => Instant | null;
}

export function createSendNow(
  shell: Shell,
  { reads, senders, entropy, confirm, pausedUntil }: SendNowParts,
): (id: BookingId, act: ReminderAct) => PortResult<ActAnswer> {
  const { store, clock, policy, names } = shell;

  return async (id, act) => {
    for (let n = 0; n < tries; n += 1) {
      const looked = await reads.look(id);
      if (looked.isErr()) return looked;
      if (!looked.value) return refused('no_such_booking');
      const tried = await tryOnce(looked.value, act);
      if (tried.isErr()) return tried;
      if (tried.value !== 'conflict') return Ok(tried.value);
    }
    return refused('changed_meanwhile');
  };

  async function tryOnce(looked: Looked, { key, by }: ReminderAct): PortResult<ActAnswer | 'conflict'> {
    const { stored, value, persons, bookings } = looked;
    const now = clock.now();
    const one = casesOf(value, { policy, now, persons, bookings }).find((known) => known.key === key);
    if (!one) return refused('no_such_reminder');
    const sendable = sendableNow(one);
    if (sendable.isErr()) return refused(sendable.error);
    const { channel } = sendable.value;
    if (pausedUntil(channel)) return refused('mailer_unavailable');
    const behind = await factsBehind(shell, [value]);
    if (behind.isErr()) return behind;
    const id = attemptId(entropy.id());
    const outgoing = messageOf(one, sendable.value, {
      links: shell.links,
      attempt: id,
      booking: value.id,
      behind: behind.value,
    });
    if (outgoing.isErr()) return refused('content_failed');
    const way = markOf(one, channel);
    const counted = countedFor(one, way);
    const known = await store.find(counted.map(personRecord));
    if (known.isErr()) return known;

    const entry = claim(one.entry ?? newEntry(one.reminder), id, now, way);
    const attempt = running(entry);
    invariant(attempt, 'a claimed reminder has a running attempt');
    const record = { ...value, ledger: { ...value.ledger, [key]: entry } };
    const history = [acted('send_asked', now, { key, by })];
    const write = bookingWrite(record, { over: stored, policy, now, crm: 'keep', history });
    const saved = await store.save([write, ...counted.map((person) => noted(person, known.value, now))]);
    if (saved.isErr()) return saved;
    if (saved.value[0] === 'conflict') return Ok('conflict');

    const settlement = await outcomeOf(one, attempt, outgoing.value);
    confirm.add({
      booking: value.id,
      key,
      attempt: attempt.id,
      settlement,
      left: { stored: write.put, value: record },
    });
    await confirm.flush();
    return answerTo(settlement);
  }

  /** The daily cap counts claims. A note lost to another writer is not repeated, as in dispatch. */
  function noted(id: RecipientId, known: readonly Stored[], now: Instant): Write {
    const stored = known.find((one) => one.id === personRecord(id)) ?? null;
    const person = stored ? readPerson(stored).value : newPerson;
    return personWrite(id, noteSent(person, now), { over: stored, now });
  }

  async function outcomeOf({ key }: BookingCase, attempt: Attempt, outgoing: Outgoing): Promise<Settlement> {
    const now = clock.now();
    if (!mayStart(attempt, now)) return { kind: 'released' };
    const call = { attemptId: attempt.id, onceKey: names.onceKey(key), deadline: after(now, sendTimeout) };
    const limits = { clock, limit: patience, who: outgoing.channel === 'mail' ? 'the mailer' : 'the texter' };
    const sent = await within(limits, sendBy(senders, outgoing, call));
    return sent.isOk()
      ? { kind: 'accepted', messageId: sent.value.messageId }
      : { kind: 'failed', error: sent.error };
  }
}

function answerTo(settlement: Settlement): PortResult<ActAnswer> {
  if (settlement.kind === 'accepted') return Promise.resolve(Ok('done'));
  if (settlement.kind === 'released') return refused('changed_meanwhile');
  const reasons = {
    rejected: 'mailer_rejected',
    unavailable: 'mailer_unavailable',
    unknown: 'outcome_unknown',
  } as const;
  return refused(reasons[settlement.error.kind]);
}

function refused(refusal: Refusal): PortResult<ActAnswer> {
  return Promise.resolve(Ok({ refused: refusal }));
}
