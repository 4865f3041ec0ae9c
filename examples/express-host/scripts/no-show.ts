// A no-show marked, taken back and marked again, at the real host in test mode: by Cal.com's update and by the button on
// the operator's page; then one that the host says by the link in the mail that asks them. Prints `Booking Status` at each
// step and the mails; ends with 1 if a step is wrong. Takes four minutes: a message waits a minute after each mark.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Temporal } from '@precall/core';
import { askOperator, postBooking, startHost } from './host-process.ts';
import { readSample } from './sample-webhooks.ts';

const secret = 'a-secret-of-the-no-show';
const password = 'twelve-characters';
const organizer = { name: 'Jane Doe', email: 'jane@example.com', timeZone: 'Europe/London' };
let email = 'ada@example.com';
let uid = 'no-show-1';
const folder = mkdtempSync(join(tmpdir(), 'precall-no-show-'));
const env = {
  CALCOM_WEBHOOK_SECRET: secret,
  OPERATOR_PASSWORD: password,
  TESTING_MODE: 'true',
  ASK_WHO_CAME: 'true',
  PORT: '0',
  LOG_LEVEL: 'error',
};
const host = await startHost({ folder, env });
let wrong = 0;

try {
  await book();
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

  email = 'grace@example.com';
  uid = 'no-show-2';
  await book();
  await step('another call', { status: 'Booked', mails: 0 });
  await sleep(66_000);
  await step('a minute after its end', { status: 'Completed', mails: 0 });
  await sayByLink('absent');
  await step('the host, by the link in their mail: did not come', { status: 'No-Show', mails: 0 });
  await sayByLink('came');
  await step('the host, by the same link: came', { status: 'Completed', mails: 0 });
} finally {
  await host.end('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = wrong > 0 ? 1 : 0;

function now(): Temporal.Instant {
  return Temporal.Now.instant();
}

/** Of two seconds, in two seconds. */
async function book(): Promise<void> {
  const startAt = now().add({ seconds: 2 });
  await say('BOOKING_CREATED', {
    uid,
    organizer,
    startTime: startAt.toString(),
    endTime: startAt.add({ seconds: 2 }).toString(),
    attendees: [{ email, name: 'Ada Lovelace', timeZone: 'Europe/London', language: { locale: 'en' } }],
  });
}

/** As the host does who opens the link, and presses the button for the one who took part. */
async function sayByLink(word: 'came' | 'absent'): Promise<void> {
  const mails = (await mailbox()).filter(({ to }) => to === organizer.email);
  if (mails.length !== 1) throw new Error(`the host got ${mails.length} mails`);
  const link = /http\S+\/link\/w\S+/.exec(mails[0]?.text ?? '')?.[0] ?? '';
  const page = await (await fetch(link)).text();
  const person = new RegExp(`name="${word}" value="(\\w+)"`).exec(page)?.[1] ?? '';
  const response = await fetch(link, { method: 'POST', body: new URLSearchParams({ [word]: person }) });
  if (response.status !== 200) throw new Error(`the link was answered ${response.status}`);
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
  const { crm } = body as {
    readonly crm?: { readonly contact: { readonly fields: Record<string, unknown> } };
  };
  const mails = (await mailbox()).filter(({ to }) => to === email);
  return { status: crm?.contact.fields['Booking Status'] ?? null, mails: mails.length };
}

async function mailbox(): Promise<readonly { readonly to: string; readonly text: string }[]> {
  const { body } = await askOperator(host.baseUrl, password, 'mailbox');
  const { items } = body as { readonly items: readonly { readonly to: string; readonly text: string }[] };
  return items;
}
