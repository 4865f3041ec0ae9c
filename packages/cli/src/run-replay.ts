// `precall replay`: one webhook, signed as Cal.com signs it, to a URL.
import { randomUUID } from 'node:crypto';
import type { Instant } from '@precall/core';
import { createSystemClock, readingOf } from '@precall/node';
import { signCalcom } from '@precall/source-calcom';
import type { Answer } from './answer.ts';
import { exitCodes, wentWrong, wrongUse } from './command-fault.ts';
import { variablesOfProcess } from './place.ts';
import { readWebhook } from './run-plan.ts';
import { type SampleTrigger, sampleWebhook } from './sample-webhook.ts';

export interface ReplayOptions {
  readonly url: string;
  readonly sample?: SampleTrigger | undefined;
  /** Of a sample's call: in four days unless given. */
  readonly at?: Instant | undefined;
  readonly uid?: string | undefined;
}

const patienceMs = 15_000;

export async function runReplay(file: string | undefined, options: ReplayOptions): Promise<Answer> {
  const { url, sample } = options;
  if ((file === undefined) === (sample === undefined))
    throw wrongUse('Give either the file of a webhook or --sample, such as --sample BOOKING_CREATED.');
  const webhook = file === undefined ? sampleOf(options) : await readWebhook(file);
  const body = JSON.stringify(webhook);
  const secret = secretOf();
  const headers = {
    'content-type': 'application/json',
    ...(secret && { 'x-cal-signature-256': signCalcom(secret, body) }),
  };
  const signal = AbortSignal.timeout(patienceMs);
  const response = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' }).catch(
    () => {
      throw wentWrong(
        `Nothing answers at ${url}: start the host, or give the whole address of its webhook with --url.`,
      );
    },
  );
  const text = await response.text();
  return {
    json: { url, status: response.status, answer: jsonOr(text) },
    words: `${response.status} ${text}`,
    exitCode: response.ok ? exitCodes.well : exitCodes.fault,
  };
}

function sampleOf({ sample = 'BOOKING_CREATED', at, uid }: ReplayOptions): object {
  const now = createSystemClock().now();
  return sampleWebhook(sample, {
    uid: uid ?? randomUUID(),
    startAt: at ?? now.add({ hours: 24 * 4 }),
    saidAt: now,
    email: 'someone@example.com',
    name: 'Someone Else',
    timeZone: 'America/Toronto',
    locale: 'en',
  });
}

/** The first of several; null: unsigned on purpose. */
function secretOf(): string | null {
  const { value } = readingOf(variablesOfProcess(), () => undefined);
  const secret = (value('CALCOM_WEBHOOK_SECRET') ?? '').split(',')[0]?.trim();
  if (secret) return secret;
  if (value('CALCOM_UNSIGNED') === 'allow') return null;
  throw wrongUse(
    'CALCOM_WEBHOOK_SECRET is not set: give the secret of the host at --url, or CALCOM_UNSIGNED=allow.',
  );
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
