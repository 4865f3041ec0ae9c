// A no-show marked, taken back and marked again, at the real host in test mode: by Cal.com's update and by the button on
// the operator's page. Prints `Booking Status` at each step and the mails; ends with 1 if a step is wrong. Takes two and a
// half minutes: the message waits a minute after each mark.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Temporal } from '@precall/core';
import { askOperator, postBooking, startHost } from './host-process.ts';
import { readSample } from './sample-webhooks.ts';

const secret = 'a-secret-of-the-no-show';
const password = 'twelve-characters';
const email = 'ada@example.com';
const uid = 'no-show-1';
const folder = mkdtempSync(join(tmpdir(), 'precall-no-show-'));
const env = {
  CALCOM_WEBHOOK_SECRET: secret,
  OPERATOR_PASSWORD: password,
  TESTING_MODE: 'true',
  PORT: '0',
  LOG_LEVEL: 'error',
};
const host = await startHost({ folder, env });
let wrong = 0;

try {
  const startAt = now().add({ seconds: 2 });
  await say('BOOKING_CREATED', {
    uid,
    startTime: startAt.toString(),
    endTime: startAt.add({ seconds: 2 }).toString(),
    attendees: [{ email, name: 'Ada Lovelace', timeZone: 'Europe/London', language: { locale: 'en' } }],
  });
  await step('booked', { status: 'Booked', mails: 0 });
  await sleep(4_500);
  await marked(true);
  await step('Cal.com: did not come', { status: 'No-Show', mails: 0 });
  await press('came');
  await step('operator: came', { status: 'Completed', mails: 0 });
  await press('no_show');
  await step('operator: did not come', { status: 'No-Show', mails: 0 });
  await sleep(62_000);
  await step('a minute later', { status: 'No-Show', mails: 1 });
  await marked(false);
  await step('Cal.com: came', { status: 'Completed', mails: 1 });
  await marked(true);
  await step('Cal.com: did not come', { status: 'No-Show', mails: 1 });
  await sleep(65_000);
  await step('a minute later', { status: 'No-Show', mails: 1 });
} finally {
  await host.end('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = wrong > 0 ? 1 : 0;

function now(): Temporal.Instant {
  return Temporal.Now.instant();
}

async function say(name: string, payload: object): Promise<void> {
  const { status } = await postBooking(host.baseUrl, secret, {
    ...readSample(name),
    createdAt: now().toString({ smallestUnit: 'millisecond' }),
    payload: { ...Object(readSample(name).payload), ...payload },
  });
  if (status !== 202) throw new Error(`${name} was answered ${status}`);
}

async function marked(noShow: boolean): Promise<void> {
  await say('BOOKING_NO_SHOW_UPDATED', { bookingUid: uid, attendees: [{ email, noShow }] });
}

/** As the button on the booking's page does. */
async function press(act: 'came' | 'no_show'): Promise<void> {
  const response = await fetch(`${host.baseUrl}/operator/bookings/calcom%3A${uid}`, {
    method: 'POST',
    redirect: 'manual',
    headers: {
      authorization: `Basic ${Buffer.from(`operator:${password}`).toString('base64')}`,
      origin: host.baseUrl,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams({ act, email }),
  });
  if (response.status !== 303) throw new Error(`the button was answered ${response.status}`);
}

interface Seen {
  readonly status: unknown;
  readonly mails: number;
}

/** The CRM is written in the background: it has three seconds. */
async function step(words: string, wanted: Seen): Promise<void> {
  const untilMs = performance.now() + 3_000;
  let seen = await look();
  while (JSON.stringify(seen) !== JSON.stringify(wanted) && performance.now() < untilMs) {
    await sleep(100);
    seen = await look();
  }
  const isRight = JSON.stringify(seen) === JSON.stringify(wanted);
  if (!isRight) wrong += 1;
  const line = `${words}: Booking Status ${seen.status}, mails to find another time: ${seen.mails}`;
  console.log(isRight ? line : `${line}  WRONG, it should be ${wanted.status} and ${wanted.mails}`);
}

async function look(): Promise<Seen> {
  const { body } = await askOperator(host.baseUrl, password, `bookings/calcom%3A${uid}`);
  const mailbox = await askOperator(host.baseUrl, password, 'mailbox');
  const { crm } = body as {
    readonly crm?: { readonly contact: { readonly fields: Record<string, unknown> } };
  };
  const { items } = mailbox.body as { readonly items: readonly unknown[] };
  return { status: crm?.contact.fields['Booking Status'] ?? null, mails: items.length };
}
