// Text messages at the real host in test mode, with SendGrid and Twilio on this machine: one booking with a number and
// consent gets mail at 72 h and 24 h and a text at 2 h; another, whose booker says STOP in between, the mails and no
// text. Prints pass or fail for each; ends with 1 if one fails. Takes six and a half minutes.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Temporal } from '@precall/core';
import { startSendgridStandIn, startTwilioStandIn } from '@precall/testing/stand-ins';
import { askOperator, postBooking, startHost } from './host-process.ts';
import { readSample } from './sample-webhooks.ts';

const secret = 'a-secret-of-the-texts';
const password = 'twelve-characters';
const consentField = 'may-we-text';
const account = {
  accountSid: `AC${'1'.repeat(32)}`,
  authToken: 'a-token-of-the-texts',
  messagingServiceSid: `MG${'2'.repeat(32)}`,
};
const ada = { uid: 'texts-1', email: 'ada@example.com', phone: '+14155550101' };
const grace = { uid: 'texts-2', email: 'grace@example.com', phone: '+14155550102' };

const port = await freePort();
const publicUrl = `http://127.0.0.1:${port}`;
const sendgrid = await startSendgridStandIn({ apiKey: 'SG.key.of-the-texts' });
const twilio = await startTwilioStandIn(account);
const folder = mkdtempSync(join(tmpdir(), 'precall-texts-'));
const host = await startHost({
  folder,
  env: {
    CALCOM_WEBHOOK_SECRET: secret,
    OPERATOR_PASSWORD: password,
    TESTING_MODE: 'true',
    PORT: `${port}`,
    PUBLIC_URL: publicUrl,
    LOG_LEVEL: 'error',
    SENDGRID_API_KEY: 'SG.key.of-the-texts',
    SENDGRID_FROM: 'calls@example.com',
    SENDGRID_BASE_URL: sendgrid.url,
    TWILIO_ACCOUNT_SID: account.accountSid,
    TWILIO_AUTH_TOKEN: account.authToken,
    TWILIO_MESSAGING_SERVICE_SID: account.messagingServiceSid,
    TWILIO_BASE_URL: twilio.url,
    SMS_CONSENT_FIELD: consentField,
  },
});
let failed = 0;

try {
  const startAt = Temporal.Now.instant().add({ minutes: 6, seconds: 8 });
  for (const booker of [ada, grace]) await book(booker, startAt);
  await sleep(60_000);
  const stopped = await twilio.incoming(`${publicUrl}/webhook/twilio`, { from: grace.phone, body: 'STOP' });
  check('STOP is taken', stopped === 200);
  const forged = await fetch(`${publicUrl}/webhook/twilio`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': 'forged' },
    body: new URLSearchParams({ From: ada.phone, Body: 'STOP', SmsStatus: 'received' }),
  });
  check('a forged STOP is not', forged.status === 401);
  await sleep(until(startAt.subtract({ seconds: 50 })));

  check('who may be texted: mail at 72 h and 24 h', mailsTo(ada.email) === 2);
  const texts = twilio.accepted.filter(({ to }) => to === ada.phone);
  check('who may be texted: a text at 2 h', texts.length === 1 && twilio.accepted.length === 1);
  check('after STOP: mail at 72 h and 24 h', mailsTo(grace.email) === 2);
  check(
    'after STOP: no text',
    twilio.accepted.every(({ to }) => to !== grace.phone),
  );
  check('after STOP: the record says so', (await last(grace.uid)).reason === 'suppressed');
  for (const text of texts) check('the report is taken', (await twilio.report(text, 'delivered')) === 200);
  check('the record says that it arrived', (await last(ada.uid)).attempts[0]?.delivery === 'delivered');
} finally {
  await host.end('SIGTERM');
  await Promise.all([sendgrid.stop(), twilio.stop()]);
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failed > 0 ? 1 : 0;

function check(words: string, isRight: boolean): void {
  if (!isRight) failed += 1;
  console.log(`${isRight ? 'pass' : 'FAIL'}  ${words}`);
}

async function book(booker: typeof ada, startAt: Temporal.Instant): Promise<void> {
  const sample = readSample('BOOKING_CREATED');
  const { status } = await postBooking(host.baseUrl, secret, {
    ...sample,
    createdAt: Temporal.Now.instant().toString({ smallestUnit: 'millisecond' }),
    payload: {
      ...Object(sample.payload),
      uid: booker.uid,
      startTime: startAt.toString(),
      endTime: startAt.add({ minutes: 15 }).toString(),
      attendees: [
        {
          email: booker.email,
          name: 'Ada Lovelace',
          timeZone: 'America/New_York',
          language: { locale: 'en' },
          phoneNumber: booker.phone,
        },
      ],
      responses: { [consentField]: { label: 'May we text you about this call?', value: true } },
    },
  });
  if (status !== 202) throw new Error(`the booking was answered ${status}`);
}

function mailsTo(email: string): number {
  return sendgrid.accepted.filter(({ to }) => to === email).length;
}

interface Shown {
  readonly rule: string;
  readonly reason: string | null;
  readonly attempts: readonly { readonly delivery: string | null }[];
}

/** The reminder just before the call, as an operator sees it. */
async function last(uid: string): Promise<Shown> {
  const { body } = await askOperator(host.baseUrl, password, `bookings/calcom%3A${uid}`);
  const found = (body as { readonly reminders: readonly Shown[] }).reminders.find(
    ({ rule }) => rule === '2h',
  );
  if (!found) throw new Error('a reminder just before the call is shown');
  return found;
}

function until(moment: Temporal.Instant): number {
  return Math.max(0, moment.epochMilliseconds - Date.now());
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}
