// A reminder before its moment, on an operator's word: claimed, sent and settled by the protocol of every other send.
import { type BookingCase, bookingWrite, casesOf, type Loaded } from './booking-record.ts';
import type { Calls } from './calls.ts';
import { whomItConcerns } from './channel.ts';
import type { Confirm } from './confirm.ts';
import type { ActAnswer, Refusal, ReminderAct } from './desk.ts';
import {
  type AttemptId,
  attemptId,
  type BookingId,
  personRecord,
  type RecipientId,
  type ReminderKey,
} from './ids.ts';
import { invariant } from './invariant.ts';
import { claim, newEntry, running, type Settlement } from './ledger.ts';
import type { Attempt } from './ledger-types.ts';
import { acted, sendableNow } from './operator-acts.ts';
import { countedFor, markOf, messageOf, type Outgoing } from './outgoing.ts';
import { newPerson, noteSent, type PersonRecord } from './person.ts';
import { personWrite, readPersons, unreadablePerson } from './person-record.ts';
import type { Entropy, PortResult, Write } from './ports.ts';
import type { Looked, Reads } from './reads.ts';
import { factsBehind } from './reminder-file.ts';
import { Ok } from './result.ts';
import type { Shell } from './shell.ts';
import type { Instant } from './temporal.ts';

/** Tries at a compare-and-set. */
const tries = 5;

export interface SendNowParts {
  readonly reads: Pick<Reads, 'look'>;
  readonly calls: Pick<Calls, 'make' | 'pausedUntil'>;
  readonly entropy: Entropy;
  readonly confirm: Confirm;
}

export function createSendNow(
  shell: Shell,
  { reads, calls, entropy, confirm }: SendNowParts,
): (id: BookingId, act: ReminderAct) => PortResult<ActAnswer> {
  const { store, clock, policy } = shell;

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
    const { stored, value } = looked;
    const now = clock.now();
    const readied = await readyNow(looked, key, now);
    if (readied.isErr()) return readied;
    if ('refused' in readied.value) return Ok(readied.value);
    const { one, way, attempt: id, outgoing, owners } = readied.value;

    const entry = claim(one.entry ?? newEntry(one.reminder), id, now, way);
    const attempt = running(entry);
    invariant(attempt, 'a claimed reminder has a running attempt');
    const record = { ...value, ledger: { ...value.ledger, [key]: entry } };
    const history = [acted('send_asked', now, { key, by })];
    const write = bookingWrite(record, { over: stored, policy, now, crm: 'keep', history });
    const notes = countedFor(one, way).map((person) => noted(person, owners.get(person) ?? null, now));
    const saved = await store.save([write, ...notes]);
    if (saved.isErr()) return saved;
    const [claimed, ...counted] = saved.value;
    if (claimed === 'conflict') return Ok('conflict');

    // Whoever changed meanwhile may want no more mails, as in dispatch.
    const settlement: Settlement = counted.includes('conflict')
      ? { kind: 'released' }
      : await calls.make({ key, attempt, outgoing });
    const left = { stored: write.put, value: record };
    confirm.add({ booking: value.id, key, attempt: id, settlement, left });
    await confirm.flush();
    return answerTo(settlement);
  }

  /** Judged by the very records that the claim is noted in. */
  async function readyNow(
    { value, persons, bookings }: Looked,
    key: ReminderKey,
    now: Instant,
  ): PortResult<Ready | { readonly refused: Refusal }> {
    const caseBy = (known: Looked['persons']) =>
      casesOf(value, { policy, now, persons: known, bookings }).find((one) => one.key === key);
    const planned = caseBy(persons);
    if (!planned) return refused('no_such_reminder');
    const found = await personsOf(whomItConcerns(planned.reminder, value.facts));
    if (found.isErr()) return found;
    const owners = found.value;
    const one = caseBy(new Map([...persons, ...[...owners].map(([id, { value }]) => [id, value] as const)]));
    invariant(one, 'a plan does not rest on what is kept about persons');
    const sendable = sendableNow(one);
    if (sendable.isErr()) return refused(sendable.error);
    const { channel } = sendable.value;
    if (calls.pausedUntil(channel)) return refused('mailer_unavailable');
    const behind = await factsBehind(shell, [value]);
    if (behind.isErr()) return behind;
    const attempt = attemptId(entropy.id());
    const carried = { links: shell.links, attempt, booking: value.id, behind: behind.value };
    const outgoing = messageOf(one, sendable.value, carried);
    if (outgoing.isErr()) return refused('content_failed');
    return Ok({ one, way: markOf(one, channel), attempt, outgoing: outgoing.value, owners });
  }

  async function personsOf(
    ids: readonly RecipientId[],
  ): PortResult<ReadonlyMap<RecipientId, Loaded<PersonRecord>>> {
    const found = await store.find(ids.map(personRecord));
    if (found.isErr()) return found;
    const { read, unreadable } = readPersons(found.value);
    return unreadable.size > 0 ? unreadablePerson : Ok(read);
  }
}

/** The daily cap counts claims. */
function noted(id: RecipientId, known: Loaded<PersonRecord> | null, now: Instant): Write {
  return personWrite(id, noteSent(known?.value ?? newPerson, now), { over: known?.stored ?? null, now });
}

/** What may be sent once its claim is saved. */
interface Ready {
  readonly one: BookingCase;
  readonly way: Attempt['by'];
  readonly attempt: AttemptId;
  readonly outgoing: Outgoing;
  readonly owners: ReadonlyMap<RecipientId, Loaded<PersonRecord>>;
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

function refused(refusal: Refusal): PortResult<{ readonly refused: Refusal }> {
  return Promise.resolve(Ok({ refused: refusal }));
}
