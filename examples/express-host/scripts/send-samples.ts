// Sends every sample of Cal.com's documentation, signed, to a running host (BASE_URL, CALCOM_WEBHOOK_SECRET) or to one of
// its own: as it lies, and re-dated as if said now. Prints what was answered; ends with 1 if anything is not as promised.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Temporal } from '@precall/core';
import { type Answer, postBooking, startHost } from './host-process.ts';
import { readSample, redated, sampleNames, type Webhook } from './sample-webhooks.ts';

/** INTERFACE.md section 2, for a booking that the host has not heard of. */
const promises: { readonly [trigger: string]: string } = {
  BOOKING_CREATED: '202 scheduled',
  BOOKING_RESCHEDULED: '202 scheduled',
  BOOKING_REQUESTED: '202 awaiting',
  BOOKING_PAYMENT_INITIATED: '202 awaiting',
  BOOKING_REASSIGNED: '202 updated',
  BOOKING_CANCELLED: '200 unknown_booking',
  BOOKING_REJECTED: '200 unknown_booking',
  BOOKING_PAID: '200 unknown_booking',
  MEETING_ENDED: '200 unknown_booking',
  BOOKING_NO_SHOW_UPDATED: '200 unknown_booking',
  AFTER_GUESTS_CAL_VIDEO_NO_SHOW: '200 unknown_booking',
  AFTER_HOSTS_CAL_VIDEO_NO_SHOW: '200 unknown_booking',
};

const { BASE_URL, CALCOM_WEBHOOK_SECRET } = process.env;
if (BASE_URL) {
  const secret = CALCOM_WEBHOOK_SECRET?.split(',')[0]?.trim();
  if (!secret) throw new Error('CALCOM_WEBHOOK_SECRET is not set: give the secret of the host at BASE_URL.');
  process.exitCode = await sendAll(BASE_URL, secret);
} else process.exitCode = await toHostOfOwn();

async function toHostOfOwn(): Promise<number> {
  const secret = 'a-secret-of-the-samples';
  const folder = mkdtempSync(join(tmpdir(), 'precall-samples-'));
  const host = await startHost({ folder, env: { CALCOM_WEBHOOK_SECRET: secret, PORT: '0' } });
  try {
    return await sendAll(host.baseUrl, secret);
  } finally {
    await host.end('SIGTERM');
    rmSync(folder, { recursive: true });
  }
}

async function sendAll(baseUrl: string, secret: string): Promise<number> {
  let wrong = 0;
  for (const name of sampleNames()) {
    const now = Temporal.Now.instant();
    const sample = readSample(name);
    const sendings = [
      {
        how: 'as it lies',
        webhook: sample,
        expected: isTooOld(sample, now) ? '200 too_old' : promised(sample),
      },
      { how: 're-dated', webhook: redated(sample, now), expected: promised(sample) },
    ];
    for (const { how, webhook, expected } of sendings) {
      const answer = inWords(await postBooking(baseUrl, secret, webhook));
      const isRight = answer === expected;
      if (!isRight) wrong += 1;
      const verdict = isRight ? 'ok' : `WRONG, promised: ${expected}`;
      console.log(`${name.padEnd(52)} ${how.padEnd(11)} ${answer.padEnd(22)} ${verdict}`);
    }
  }
  console.log(wrong === 0 ? 'All as promised.' : `${wrong} not as promised.`);
  return wrong === 0 ? 0 : 1;
}

function inWords({ status, body }: Answer): string {
  const said = body.reason ?? body.status;
  return typeof said === 'string' ? `${status} ${said}` : String(status);
}

function promised({ triggerEvent }: Webhook): string {
  if (typeof triggerEvent !== 'string') return '400';
  if (triggerEvent === 'PING') return '200 test_ping';
  return promises[triggerEvent] ?? '200 trigger_not_used';
}

/** Asked only about a trigger that is used: the other reasons come first. */
function isTooOld(webhook: Webhook, now: Temporal.Instant): boolean {
  if (!Object.hasOwn(promises, String(webhook.triggerEvent))) return false;
  const { endTime } = { ...webhook, ...Object(webhook.payload) };
  const said = Temporal.Instant.from(endTime ?? webhook.createdAt);
  return Temporal.Instant.compare(said, now.subtract({ hours: 400 * 24 })) < 0;
}
