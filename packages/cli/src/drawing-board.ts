// A Precall in memory that is told webhooks and asked what it would do: nothing is sent, nothing is kept.
import { createMemoryMailer, createMemoryStore, createMemoryTexter } from '@precall/adapter-memory';
import {
  type BookingId,
  type Clock,
  type Inspection,
  type Instant,
  invariant,
  type Policy,
  Temporal,
  wholeMilliseconds,
} from '@precall/core';
import { createPrecall } from '@precall/node';
import { createCalcomSource } from '@precall/source-calcom';
import { wentWrong, wrongUse } from './command-fault.ts';
import { answered } from './state-transfer.ts';

export interface DrawingBoard {
  /** Takes one webhook in, as if it came when it says it was made. Throws a CommandFault when it changes nothing. */
  take(webhook: unknown): Promise<BookingId>;
  /** The booking as it stands after all that was taken. */
  inspect(id: BookingId): Promise<Inspection>;
}

export function createDrawingBoard({
  policy,
  now,
  consentField,
}: {
  readonly policy: Policy;
  readonly now: Instant;
  /** The booking question whose yes lets somebody be texted; null: nobody is. */
  readonly consentField: string | null;
}): DrawingBoard {
  let presentAt = now;
  const clock: Clock = { now: () => presentAt, at: () => () => undefined };
  const precall = createPrecall({
    source: createCalcomSource({ unsigned: 'allow', consentField, hostAddress: 'keep' }),
    store: createMemoryStore(),
    mailer: createMemoryMailer({ clock }),
    texter: createMemoryTexter({ clock }),
    policy,
    clock,
    // Where a host would be that has an address: texts may ask for links.
    links: { baseUrl: 'https://precall.example.com' },
  });

  return {
    async take(webhook) {
      presentAt = saidAt(webhook) ?? now;
      const body = Buffer.from(JSON.stringify(webhook));
      const answer = await precall.receive({ headers: { 'content-type': ['application/json'] }, body });
      if (answer.kind === 'taken') return answer.booking;
      if (answer.kind === 'ignored')
        throw wentWrong(`The webhook changes nothing: ${precall.explain(answer.reason)}`);
      if (answer.kind === 'not_understood') {
        const issues = answer.issues
          .map(({ path, message }) => `${path || 'the body'} ${message}`)
          .join('; ');
        throw wrongUse(`The webhook is none that Cal.com sends (${issues}): give the body as it came.`);
      }
      throw wentWrong(`The webhook could not be planned (${answer.kind}): look at the policy's rules.`);
    },
    async inspect(id) {
      const found = answered(await precall.desk.inspect(id));
      invariant(found, 'a booking that was taken is there');
      return found;
    },
  };
}

/** Null: it does not say. */
function saidAt(webhook: unknown): Instant | null {
  if (typeof webhook !== 'object' || webhook === null || !('createdAt' in webhook)) return null;
  try {
    return wholeMilliseconds(Temporal.Instant.from(String(webhook.createdAt)));
  } catch {
    return null;
  }
}
