// Intake: one webhook, from raw bytes to an answer that is given only after everything it says is durable.
import type { IntakeAnswer } from './answer.ts';
import { retention } from './booking-record.ts';
import { personRecord } from './ids.ts';
import type { InTurn } from './in-turn.ts';
import { away } from './intake-answer.ts';
import { erasuresAmong, readPersonIfSound } from './person-record.ts';
import type { BookingSource, PortResult, SchemaIssue } from './ports.ts';
import type { WebhookDelivery } from './precall.ts';
import type { Quarantine } from './quarantine.ts';
import { Ok } from './result.ts';
import type { Shell } from './shell.ts';
import { readStrictJson } from './strict-json.ts';
import { createTakeUpdates, type Updates } from './take-updates.ts';
import { before, type Instant, isBefore } from './temporal.ts';
import type { BookingUpdate } from './update.ts';
import { offsetAt } from './zone-offsets.ts';

export const bodyLimitBytes = 64 * 1024;

export interface Receive {
  receive(delivery: WebhookDelivery): Promise<IntakeAnswer>;
  /** From the content type on: for a delivery whose signature was checked when it came in. */
  takeAuthentic(delivery: WebhookDelivery, receivedAt: Instant): Promise<IntakeAnswer>;
  /** What the source was asked for: the way of a webhook's updates. Rejects when the policy does. */
  takeFetched(update: BookingUpdate): PortResult<'changed' | 'unchanged'>;
}

export function createReceive(
  shell: Shell,
  { source, quarantine, inTurn }: { source: BookingSource; quarantine: Quarantine; inTurn: InTurn },
): Receive {
  const take = createTakeUpdates(shell, inTurn);

  async function receive(delivery: WebhookDelivery): Promise<IntakeAnswer> {
    if (delivery.body.length > bodyLimitBytes) return { kind: 'too_large', limitBytes: bodyLimitBytes };
    if (source.verify(delivery.headers, delivery.body) !== 'authentic') return { kind: 'forged' };
    return takeAuthentic(delivery, shell.clock.now());
  }

  async function takeAuthentic(delivery: WebhookDelivery, receivedAt: Instant): Promise<IntakeAnswer> {
    if (!isPlainJson(delivery)) {
      const kept = await quarantine.keep(delivery, receivedAt, 'wrong content type or encoding');
      return kept.isOk() ? { kind: 'wrong_type', quarantineId: kept.value } : away;
    }
    const json = readStrictJson(delivery.body);
    if (json.isErr()) return notUnderstood(delivery, receivedAt, json.error);
    const parsed = source.parse(json.value, receivedAt);
    if (parsed.isErr()) return notUnderstood(delivery, receivedAt, parsed.error);
    if ('ignored' in parsed.value) return { kind: 'ignored', reason: parsed.value.ignored };
    const { updates } = parsed.value;
    if (updates.some(saysOtherOffset)) shell.observe({ kind: 'zone_mismatch' });
    if (updates.every((update) => isTooOld(update, shell.clock.now())))
      return { kind: 'ignored', reason: 'too_old' };
    const taken = await take(updates).catch((cause: unknown) =>
      failed(delivery, receivedAt, { cause, updates }),
    );
    if (taken.isErr()) return away;
    if (taken.value !== 'over_limits') return taken.value;
    const message = 'The booking would have more people, starts or links than can be kept.';
    return notUnderstood(delivery, receivedAt, [{ path: 'payload', message }]);
  }

  async function takeFetched(update: BookingUpdate): PortResult<'changed' | 'unchanged'> {
    if (isTooOld(update, shell.clock.now())) return Ok('unchanged');
    const taken = await take([update]);
    return taken.map((answer) =>
      answer !== 'over_limits' && answer.kind === 'taken' ? 'changed' : 'unchanged',
    );
  }

  /** A rule of the policy threw, say: what was told is kept, for a replay under one that does not. */
  async function failed(
    delivery: WebhookDelivery,
    receivedAt: Instant,
    { cause, updates }: { readonly cause: unknown; readonly updates: Updates },
  ): PortResult<IntakeAnswer> {
    const forgotten = await saidBeforeErasure(updates);
    if (forgotten.isErr()) return forgotten;
    const words = cause instanceof Error ? cause.message : 'something that is not an error was thrown';
    // Of what names somebody who was erased the words are not kept: only that something came.
    const { headers } = delivery;
    const keepable = forgotten.value ? { headers, body: new Uint8Array() } : delivery;
    const kept = await quarantine.keep(keepable, receivedAt, `it failed while it was taken in: ${words}`);
    // The words are the policy's own: they are for the operator, not for the sender.
    const issues = [{ path: '', message: 'The body was read, and could not be taken in.' }];
    return kept.map((quarantineId) => ({ kind: 'not_understood', issues, quarantineId }));
  }

  /** Whether it names somebody who was erased since: then it must not lie about in the quarantine either. */
  async function saidBeforeErasure(updates: Updates): PortResult<boolean> {
    const named = updates.flatMap(({ attendees }) =>
      attendees.map(({ email }) => shell.names.recipient(email)),
    );
    const found = await shell.store.find([...new Set(named.map(personRecord))]);
    return found.map((stored) =>
      erasuresAmong(stored.filter(readPersonIfSound)).some(({ erasedAt }) =>
        updates.some(({ saidAt }) => saidAt === null || !isBefore(erasedAt, saidAt)),
      ),
    );
  }

  async function notUnderstood(
    delivery: WebhookDelivery,
    receivedAt: Instant,
    issues: readonly SchemaIssue[],
  ): Promise<IntakeAnswer> {
    const reason = issues.map(({ path, message }) => `${path || 'body'}: ${message}`).join('; ');
    const kept = await quarantine.keep(delivery, receivedAt, reason.slice(0, 500));
    return kept.isOk() ? { kind: 'not_understood', issues, quarantineId: kept.value } : away;
  }

  return { receive, takeAuthentic, takeFetched };
}

function isTooOld({ time, saidAt }: BookingUpdate, now: Instant): boolean {
  const moment = time?.endAt ?? saidAt;
  return moment !== null && isBefore(moment, before(now, retention));
}

/** Then one of the two, the source or this process, has time zone data that is out of date. */
function saysOtherOffset({ time, offsets = [] }: BookingUpdate): boolean {
  return offsets.some(
    ({ timeZone, minutes }) =>
      time !== null && offsetAt(timeZone, time.startAt.epochMilliseconds) !== minutes * 60_000,
  );
}

/** Exactly one content type, JSON, in UTF-8, not compressed. */
function isPlainJson({ headers }: WebhookDelivery): boolean {
  const types = headers['content-type'] ?? [];
  const encodings = headers['content-encoding'] ?? [];
  const [type] = types;
  return (
    types.length === 1 &&
    type !== undefined &&
    /^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i.test(type) &&
    encodings.every((encoding) => encoding === 'identity')
  );
}
