// The host with the real parts' adapters against stand-ins: Notion and SendGrid over HTTP, and MongoDB where MONGODB_URI
// names a server. Prints pass or fail for each thing seen, and how long it took.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Temporal } from '@precall/core';
import {
  campaignDatabases,
  type NotionStandIn,
  type SendgridStandIn,
  startNotionStandIn,
  startSendgridStandIn,
} from '@precall/testing/stand-ins';
import { type HostProcess, postBooking, startHost } from './host-process.ts';
import { ownDatabase } from './own-database.ts';
import { readSample, redated } from './sample-webhooks.ts';

const secret = 'a-secret-of-the-scripts';
const token = 'ntn_a-token-of-the-scripts';
const apiKey = 'SG.a-key.of-the-scripts';
const { contacts, sequence } = campaignDatabases({
  contacts: [{ Name: 'Guest', email: 'Guest@Example.com', 'Booking Status': 'Not Booked' }],
  sequence: [{ Name: 'Guest', Email: 'guest@example.com', Campaign: 'Christmas 2025' }],
});
const aheadSeconds = 70;
/** In test mode the last reminder goes a minute before the call. */
const reminderBefore = Temporal.Duration.from({ minutes: 1 });
/** How late a reminder may be on a machine that does other things, too. */
const latestMs = 2_000;
const outageMs = 60_000;

let failures = 0;

await story('Notion and SendGrid, embedded store', {}, async (stage) => {
  await bookAndSee(stage);
});
await story('Notion answers 500 for a minute', {}, async (stage) => {
  stage.notion.failAll({ status: 500 });
  const over = sleep(outageMs).then(() => stage.notion.failAll(null));
  await bookAndSee(stage, over);
});
const database = process.env.MONGODB_URI ? ownDatabase(process.env.MONGODB_URI, 'precall-parts') : null;
if (database) {
  await story('Notion and SendGrid, MongoDB and Agenda', { MONGODB_URI: database.uri }, async (stage) => {
    await bookAndSee(stage);
  });
  await database.drop();
} else {
  console.log('skipped: MongoDB and Agenda, since MONGODB_URI is not set (scripts/with-mongod.sh gives one)');
}
console.log(failures === 0 ? 'All as promised.' : `${failures} not as promised: see above.`);
process.exitCode = failures === 0 ? 0 : 1;

interface Stage {
  readonly host: HostProcess;
  readonly notion: NotionStandIn;
  readonly sendgrid: SendgridStandIn;
}

async function story(
  title: string,
  more: { readonly [name: string]: string },
  run: (stage: Stage) => Promise<void>,
): Promise<void> {
  console.log(title);
  const folder = mkdtempSync(join(tmpdir(), 'precall-parts-'));
  const notion = await startNotionStandIn({ token, databases: [contacts, sequence] });
  const sendgrid = await startSendgridStandIn({ apiKey });
  const host = await startHost({
    folder,
    env: {
      CALCOM_WEBHOOK_SECRET: secret,
      TESTING_MODE: 'true',
      PORT: '0',
      LOG_LEVEL: 'error',
      NOTION_TOKEN: token,
      NOTION_BASE_URL: notion.url,
      NOTION_BUSINESSX_DB_ID: contacts.id,
      NOTION_EMAIL_SEQUENCE_DB_ID: sequence.id,
      NOTION_SENT_PROPERTIES: '2h=Email 3 Sent',
      SENDGRID_API_KEY: apiKey,
      SENDGRID_FROM: 'Precall <calls@example.com>',
      SENDGRID_BASE_URL: sendgrid.url,
      ...more,
    },
  });
  console.log(`  ${host.readyLine.replace(/.*pid=\d+ /, '').replace(/"}$/, '')}`);
  try {
    await run({ host, notion, sendgrid });
  } finally {
    await host.end('SIGTERM');
    await notion.stop();
    await sendgrid.stop();
    rmSync(folder, { recursive: true });
  }
}

/** `notionIsBack`: the contact cannot be right before that. */
async function bookAndSee({ host, notion, sendgrid }: Stage, notionIsBack?: Promise<void>): Promise<void> {
  const now = Temporal.Now.instant();
  const startTime = now.add({ seconds: aheadSeconds });
  const { payload, ...sample } = redated(readSample('BOOKING_CREATED'), now);
  const booking = {
    ...sample,
    payload: { ...Object(payload), startTime, endTime: startTime.add({ minutes: 15 }) },
  };
  const sentAt = performance.now();
  const answer = await postBooking(host.baseUrl, secret, booking);
  check(answer.status === 202, `202 after ${Math.round(performance.now() - sentAt)} ms`);

  const dueAt = startTime.subtract(reminderBefore);
  const mailAt = await when(() => sendgrid.accepted.length > 0, 30_000);
  const lateMs = mailAt === null ? Number.NaN : mailAt.since(dueAt).total('milliseconds');
  check(lateMs >= 0 && lateMs <= latestMs, `the mail ${Math.round(lateMs)} ms after its moment`);

  await notionIsBack;
  const wanted = {
    'Booking Status': 'Booked',
    'Diagnostic Call Date': startTime.toZonedDateTimeISO('UTC').toPlainDate().toString(),
    'Christmas Campaign Status': 'Pre-Call Prep',
  };
  const backAt = performance.now();
  const isWritten = () =>
    Object.entries(wanted).every(([name, value]) => notion.rows(contacts.id)[0]?.values[name] === value);
  const writtenAt = await when(isWritten, 120_000);
  const after =
    notionIsBack !== undefined
      ? ` ${Math.round((performance.now() - backAt) / 1_000)} s after Notion was back`
      : '';
  check(writtenAt !== null, `the contact's three fields${after}`);
  const isMarked = () => typeof notion.rows(sequence.id)[0]?.values['Email 3 Sent'] === 'string';
  check((await when(isMarked, 120_000)) !== null, "the member's mark");
  if (notionIsBack === undefined)
    check(notion.count('patch') === 2, 'one PATCH for the contact, one for the mark');
  check(sendgrid.accepted.length === 1, 'one mail, and no other');
}

function check(holds: boolean, what: string): void {
  if (!holds) failures += 1;
  console.log(`  ${holds ? 'pass' : 'FAIL'}  ${what}`);
}

/** When it came true; null: not within that time. */
async function when(holds: () => boolean, withinMs: number): Promise<Temporal.Instant | null> {
  const giveUpAt = performance.now() + withinMs;
  while (performance.now() < giveUpAt) {
    if (holds()) return Temporal.Now.instant();
    await sleep(5);
  }
  return null;
}
