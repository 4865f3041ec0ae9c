// Kills a host with -9 again and again (--cycles, 50 unless said) while bookings and cancellations come in, then lets
// everything due go out and counts: whatever was answered 202 is known, every due reminder went out, and went out once.
// With MONGODB_URI the store is a new database on that server, and --workers (1 unless said) hosts share it. With
// --mailer sendgrid a stand-in takes the mail: unlike the local mailbox it does not notice a mail sent twice.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Temporal } from '@precall/core';
import { startSendgridStandIn } from '@precall/testing/stand-ins';
import { type HostProcess, postBooking, startHost } from './host-process.ts';
import { type Promised, report, settled } from './kill-report.ts';
import { ownDatabase } from './own-database.ts';
import { readSample, redated } from './sample-webhooks.ts';

const secret = 'a-secret-of-the-killer';
const password = 'twelve-characters';
const apiKey = 'SG.a-key.of-the-killer';
const senders = 4;
/** Webhooks, after some number of which it dies, in the midst of the next ones; or after this time. */
const longestLife = { webhooks: 40, ms: 5_000 };
/** How far the webhooks under way may have come by then. */
const latestMs = 20;
/** The first reminder of three: it stays of use however long the dying takes. */
const watched = { rule: '72h', before: { hours: 72 } } as const;

const { values } = parseArgs({
  options: {
    cycles: { type: 'string', default: '50' },
    workers: { type: 'string', default: '1' },
    mailer: { type: 'string', default: 'mailbox' },
  },
});
const cycles = wholeNumber('cycles', values.cycles);
const workers = wholeNumber('workers', values.workers);
const mailer = oneOf('mailer', values.mailer, ['mailbox', 'sendgrid'] as const);
const { MONGODB_URI } = process.env;
if (workers > 1 && !MONGODB_URI)
  throw new Error('--workers above 1 needs a store that can be shared: set MONGODB_URI.');

const startedMs = performance.now();
const folder = mkdtempSync(join(tmpdir(), 'precall-kill-'));
const database = MONGODB_URI ? ownDatabase(MONGODB_URI, 'precall-kill') : null;
const sendgrid = mailer === 'sendgrid' ? await startSendgridStandIn({ apiKey }) : null;
const env = {
  CALCOM_WEBHOOK_SECRET: secret,
  OPERATOR_PASSWORD: password,
  PORT: '0',
  LOG_LEVEL: 'error',
  ...(database && { MONGODB_URI: database.uri }),
  ...(sendgrid && {
    SENDGRID_API_KEY: apiKey,
    SENDGRID_FROM: 'calls@example.com',
    SENDGRID_BASE_URL: sendgrid.url,
  }),
};
const start = (): Promise<HostProcess> => startHost({ folder, env });
const promised: Promised[] = [];
let booked = 0;
const hosts: HostProcess[] = [];
try {
  process.exitCode = await killAndCount();
} finally {
  await Promise.all(hosts.map((host) => host.end('SIGKILL')));
  await sendgrid?.stop();
  await database?.drop();
  rmSync(folder, { recursive: true });
}

async function killAndCount(): Promise<number> {
  hosts.push(...(await Promise.all(Array.from({ length: workers }, start))));
  for (let cycle = 1; cycle <= cycles; cycle += 1) {
    const victim = cycle % workers;
    const life = lifeOf(Math.ceil(Math.random() * longestLife.webhooks));
    const killed = life.over.then(() => hosts[victim]?.end('SIGKILL'));
    await Promise.all([killed, ...Array.from({ length: senders }, () => sendUntilOver(life, pick(hosts)))]);
    hosts[victim] = await start();
    if (cycle % 10 === 0)
      console.log(`killed ${cycle} of ${cycles} times; ${promised.length} bookings answered 202`);
  }
  const seen = await settled(promised, { baseUrl: pick(hosts).baseUrl, password, rule: watched.rule });
  await Promise.all(hosts.map((host) => host.end('SIGTERM')));
  const onStore = `${MONGODB_URI ? 'MongoDB' : 'the embedded store'}, ${workers} at a time`;
  const seconds = Math.round((performance.now() - startedMs) / 1_000);
  console.log(`${cycles} hosts killed on ${onStore}, within ${seconds} s`);
  return report(seen, { mailed: attemptsMailed(), mayStayInDoubt: mailer === 'sendgrid' });
}

interface Life {
  readonly over: Promise<void>;
  /** Called before each webhook; false once it is over. */
  goesOn(): boolean;
}

function lifeOf(webhooks: number): Life {
  let left = webhooks;
  let end: () => void = () => undefined;
  const isSpent = new Promise<void>((resolve) => {
    end = resolve;
  });
  const over = Promise.race([isSpent, sleep(longestLife.ms)]).then(() => sleep(Math.random() * latestMs));
  return {
    over,
    goesOn() {
      left -= 1;
      if (left === 0) end();
      return left > -senders;
    },
  };
}

/** To one that is not killed, too: what it was told last has been answered when the next life begins. */
async function sendUntilOver(life: Life, to: HostProcess): Promise<void> {
  while (life.goesOn()) {
    const webhook = soon();
    const answer = await postBooking(to.baseUrl, secret, webhook).catch(() => null);
    if (answer?.status !== 202) return;
    const cancelled = Math.random() < 0.2 ? await cancel(to, webhook) : 'no';
    promised.push({ id: String(answer.body.booking), cancelled });
  }
}

async function cancel(to: HostProcess, webhook: object): Promise<Promised['cancelled']> {
  const cancellation = { ...webhook, triggerEvent: 'BOOKING_CANCELLED' };
  const answer = await postBooking(to.baseUrl, secret, cancellation).catch(() => null);
  return answer?.status === 202 ? { byMs: Date.now() } : 'unknown';
}

/** A call whose watched reminder is due in 1 to 10 seconds. */
function soon() {
  const now = Temporal.Now.instant();
  const dueInMs = Math.round(1_000 + Math.random() * 9_000);
  const startTime = now.add(watched.before).add({ milliseconds: dueInMs });
  const { payload, ...sample } = redated(readSample('BOOKING_CREATED'), now);
  booked += 1;
  // One booking a guest: claims whose process died count among the 8 messages that a person gets in a day.
  const email = `guest-${booked}@example.com`;
  const attendees = [{ email, name: 'Guest User', timeZone: 'UTC' }];
  const endTime = startTime.add({ minutes: 15 });
  return { ...sample, payload: { ...Object(payload), attendees, startTime, endTime } };
}

/** The attempt of each mail that arrived. */
function attemptsMailed(): readonly string[] {
  if (sendgrid) return sendgrid.accepted.map(({ customArgs }) => customArgs.attempt ?? '');
  const mailbox = join(folder, '.precall/mailbox');
  return readdirSync(mailbox)
    .filter((name) => name.endsWith('.json'))
    .map((name): string => JSON.parse(readFileSync(join(mailbox, name), 'utf8')).attemptId);
}

function pick<T>(items: readonly T[]): T {
  const item = items[Math.floor(Math.random() * items.length)];
  if (item === undefined) throw new Error('there is nothing to pick from');
  return item;
}

function wholeNumber(option: string, text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new Error(`--${option} takes a whole number from 1 up.`);
  return number;
}

function oneOf<T extends string>(option: string, text: string, words: readonly T[]): T {
  const found = words.find((word) => word === text);
  if (found === undefined) throw new Error(`--${option} takes ${words.join(' or ')}.`);
  return found;
}
