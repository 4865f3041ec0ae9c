// `precall plan`: the reminders of a call, from its webhooks or from a moment.
import { readFile } from 'node:fs/promises';
import type { BookingId, Instant } from '@precall/core';
import { createSystemClock, readingOf, type Variables } from '@precall/node';
import type { Answer } from './answer.ts';
import { wrongUse } from './command-fault.ts';
import { drawPlan } from './draw-plan.ts';
import { createDrawingBoard } from './drawing-board.ts';
import { movedByQuiet } from './moved-by-quiet.ts';
import { variablesOfProcess } from './place.ts';
import { consentQuestion, sampleWebhook } from './sample-webhook.ts';
import { type PolicyOptions, type Rules, withRules } from './with-rules.ts';

export interface PlanOptions extends PolicyOptions {
  readonly at?: Instant | undefined;
  /** UTC unless given. */
  readonly zone?: string | undefined;
  /** Now unless given. */
  readonly agreed?: Instant | undefined;
}

export async function runPlan(files: readonly string[], options: PlanOptions): Promise<Answer> {
  const { at } = options;
  if ((files.length === 0) === (at === undefined))
    throw wrongUse(
      'Give either the files of webhooks or --at with the moment of a call, such as --at 2026-12-03T15:00:00Z.',
    );
  const variables = variablesOfProcess();
  return await withRules(
    options,
    variables,
    async (rules) => await planBy(rules, files, { options, variables }),
  );
}

async function planBy(
  { policy, line }: Rules,
  files: readonly string[],
  { options, variables }: { readonly options: PlanOptions; readonly variables: Variables },
): Promise<Answer> {
  const { at, zone = 'UTC', agreed } = options;
  const consentField = at
    ? consentQuestion
    : readingOf(variables, () => undefined).value('SMS_CONSENT_FIELD');
  const now = agreed ?? createSystemClock().now();
  const board = createDrawingBoard({ policy, now, consentField });
  const webhooks = at
    ? [
        sampleWebhook('BOOKING_CREATED', {
          uid: 'call',
          startAt: at,
          saidAt: now,
          email: 'someone@example.com',
          name: 'Someone',
          timeZone: zone,
          locale: 'en',
          textedAt: '+14155550100',
        }),
      ]
    : await Promise.all(files.map(readWebhook));
  const bookings = new Set<BookingId>();
  for (const webhook of webhooks) bookings.add(await board.take(webhook));
  const plans = await Promise.all([...bookings].map(board.inspect));
  return {
    json: plans.map(({ booking, reminders }) => ({
      booking: booking.id,
      status: booking.status,
      startAt: booking.startAt,
      agreedAt: booking.agreedAt,
      reminders: reminders.map((one) => ({
        rule: one.rule,
        channel: one.channel,
        recipient: one.recipient,
        dueAt: one.dueAt,
        moved: movedByQuiet(one, policy),
        usefulUntil: one.usefulUntil,
        state: one.state,
        reason: one.reason,
      })),
    })),
    words: `${plans.map((plan) => drawPlan(plan, policy)).join('\n\n')}\n${line}`,
  };
}

export async function readWebhook(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8');
  try {
    const json: unknown = JSON.parse(text);
    return json;
  } catch {
    throw wrongUse(`${file} is not JSON: give the body of a webhook as it came.`);
  }
}
