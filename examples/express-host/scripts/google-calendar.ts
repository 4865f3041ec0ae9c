// A booking's event at the real host, with Google Calendar on this machine: booked, moved twice (once to a new uid, once in
// place), cancelled. After each step Google holds exactly one event, at the right time; after the last, none. Then the same
// while Google answers 500 for a while at each step. Prints pass or fail for each; ends with 1 if one fails. Takes a minute or two.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Temporal } from '@precall/core';
import { startGoogleCalendarStandIn } from '@precall/testing/stand-ins';
import { postBooking, startHost } from './host-process.ts';
import { readSample } from './sample-webhooks.ts';

const secret = 'a-secret-of-the-calendar';
const calendarId = 'calls@group.calendar.google.com';
const folder = mkdtempSync(join(tmpdir(), 'precall-google-calendar-'));
const google = await startGoogleCalendarStandIn({ calendarId });
const file = join(folder, 'key.json');
writeFileSync(file, google.key);
const host = await startHost({
  folder,
  env: {
    CALCOM_WEBHOOK_SECRET: secret,
    PORT: '0',
    LOG_LEVEL: 'error',
    GOOGLE_CALENDAR_ID: calendarId,
    GOOGLE_SERVICE_ACCOUNT_FILE: file,
    GOOGLE_CALENDAR_BASE_URL: google.url,
  },
});
const startAt = Temporal.Now.instant().round('second').add({ hours: 100 });
let failed = 0;

try {
  for (const round of ['well', 'with an outage'] as const) {
    const first = `${round === 'well' ? 'a' : 'b'}-1`;
    const second = `${first}-moved`;
    await step(`${round}: booked`, round, { say: say('BOOKING_CREATED', first, 0), at: [0] });
    await step(`${round}: moved to a new booking`, round, {
      say: say('BOOKING_RESCHEDULED', second, 24, first),
      at: [24],
    });
    await step(`${round}: moved in place`, round, {
      say: say('BOOKING_RESCHEDULED', second, 48, second),
      at: [48],
    });
    await step(`${round}: cancelled`, round, { say: say('BOOKING_CANCELLED', second, 48), at: [] });
  }
} finally {
  await host.end('SIGTERM');
  await google.stop();
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failed > 0 ? 1 : 0;

/** What Cal.com would post. */
function say(trigger: string, uid: string, hours: number, from?: string): () => Promise<void> {
  return async () => {
    const sample = readSample(trigger);
    const at = startAt.add({ hours });
    const { status } = await postBooking(host.baseUrl, secret, {
      ...sample,
      createdAt: Temporal.Now.instant().toString({ smallestUnit: 'millisecond' }),
      payload: {
        ...Object(sample.payload),
        uid,
        startTime: at.toString(),
        endTime: at.add({ minutes: 15 }).toString(),
        ...(from && { rescheduleUid: from }),
      },
    });
    if (status !== 202) throw new Error(`${trigger} was answered ${status}`);
  };
}

/** The calendar is written in the background: it has forty seconds. `at`: the hours at which there is an event. */
async function step(
  words: string,
  round: 'well' | 'with an outage',
  { say: speak, at }: { readonly say: () => Promise<void>; readonly at: readonly number[] },
): Promise<void> {
  if (round === 'with an outage') google.failNext({ status: 500 }, { times: 2 });
  const asked = google.requests.length;
  await speak();
  const wanted = at.map((hours) => `${startAt.add({ hours })}`).join();
  const untilMs = performance.now() + 40_000;
  while (seen() !== wanted && performance.now() < untilMs) await sleep(50);
  // Whatever else is written would show by now.
  await sleep(1_000);
  const isRight = seen() === wanted;
  if (!isRight) failed += 1;
  const requests = google.requests.length - asked;
  console.log(
    `${isRight ? 'pass' : 'FAIL'}  ${words}: events ${google.events().length}, requests ${requests}`,
  );
}

function seen(): string {
  return google
    .events()
    .map(({ start }) => `${Temporal.Instant.from(start.dateTime)}`)
    .join();
}
