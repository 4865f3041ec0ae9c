// Kills a host with -9 again and again (--cycles, 50 unless said) while bookings and cancellations come in, then lets
// everything due go out and counts: whatever was answered 202 is known, every due reminder went out, and went out once.
// With MONGODB_URI the store is a new database on that server, and --workers (1 unless said) hosts share it.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Temporal } from '@precall/core';
import { type Answer, askOperator, type HostProcess, postBooking, startHost } from './host-process.ts';
import { ownDatabase } from './own-database.ts';
import { readSample, redated } from './sample-webhooks.ts';

/** What a host said it had taken in. */
interface Promised {
  readonly id: string;
  readonly email: string;
  /** `unknown`: the host died before it answered. */
  readonly cancelled: 'no' | 'yes' | 'unknown';
}

interface Seen {
  readonly known: boolean;
  readonly state: string | null;
  readonly attempts: readonly { readonly id: string; readonly outcome: string | null }[];
}

const secret = 'a-secret-of-the-killer';
const password = 'twelve-characters';
const senders = 4;
const bookingsPerLife = 40;
const longestLifeMs = 900;
/** The first reminder of three, in test mode 6 minutes before the call: it stays useful for 3 minutes of dying. */
const watchedRule = '72h';
const watchedBeforeMs = 360_000;
/** Three leases of 20 s, the last due moment, and time to look. */
const settlingMs = 90_000;

const { values } = parseArgs({
  options: {
    cycles: { type: 'string', default: '50' },
    workers: { type: 'string', default: '1' },
  },
});
const cycles = wholeNumber('cycles', values.cycles);
const workers = wholeNumber('workers', values.workers);
const database = process.env.MONGODB_URI ? ownDatabase(process.env.MONGODB_URI, 'precall-kill') : null;
if (workers > 1 && !database)
  throw new Error('--workers above 1 needs a store that can be shared: set MONGODB_URI.');
const folder = mkdtempSync(join(tmpdir(), 'precall-kill-'));
const env = {
  CALCOM_WEBHOOK_SECRET: secret,
  OPERATOR_PASSWORD: password,
  TESTING_MODE: 'true',
  PORT: '0',
  LOG_LEVEL: 'error',
  ...(database && { MONGODB_URI: database.uri }),
};
const promised: Promised[] = [];

const hosts = await Promise.all(Array.from({ length: workers }, () => startHost({ folder, env })));
for (let cycle = 1; cycle <= cycles; cycle += 1) {
  const victim = cycle % workers;
  const killed = sleep(Math.random() ** 2 * longestLifeMs).then(() => hosts[victim]?.end('SIGKILL'));
  await Promise.all([killed, ...Array.from({ length: senders }, () => sendUntilKilled(pick(hosts)))]);
  hosts[victim] = await startHost({ folder, env });
  if (cycle % 5 === 0)
    console.log(`killed ${cycle} of ${cycles} times; ${promised.length} bookings answered 202`);
}
const seen = await settled(pick(hosts));
await Promise.all(hosts.map((host) => host.end('SIGTERM')));
process.exitCode = report(seen, attemptsMailed());
await database?.drop();
rmSync(folder, { recursive: true });

async function sendUntilKilled(to: HostProcess): Promise<void> {
  for (let count = 0; count < bookingsPerLife / senders; count += 1) {
    const webhook = soon();
    const email = `${webhook.payload.uid}@example.com`;
    const answer = await postBooking(to.baseUrl, secret, webhook).catch(() => null);
    if (answer?.status !== 202) return;
    const cancelled = Math.random() < 0.2 ? await cancel(to, webhook) : 'no';
    promised.push({ id: String(answer.body.booking), email, cancelled });
  }
}

async function cancel(to: HostProcess, webhook: object): Promise<'yes' | 'unknown'> {
  const cancellation = { ...webhook, triggerEvent: 'BOOKING_CANCELLED' };
  const answer = await postBooking(to.baseUrl, secret, cancellation).catch(() => null);
  return answer?.status === 202 ? 'yes' : 'unknown';
}

/** A call whose first reminder is due in 2 to 15 seconds. */
function soon() {
  const now = Temporal.Now.instant();
  const dueInMs = Math.round(2_000 + Math.random() * 13_000);
  const startTime = now.add({ milliseconds: watchedBeforeMs + dueInMs });
  const { payload, ...sample } = redated(readSample('BOOKING_CREATED'), now);
  const { uid }: { uid: string } = Object(payload);
  const attendees = [{ email: `${uid}@example.com`, name: 'Guest User', timeZone: 'UTC' }];
  const endTime = startTime.add({ minutes: 15 });
  return { ...sample, payload: { ...Object(payload), uid, attendees, startTime, endTime } };
}

/** Looks until the watched reminder of every booking has come to its end. */
async function settled(from: HostProcess): Promise<ReadonlyMap<string, Seen>> {
  const found = new Map<string, Seen>();
  const giveUpAt = Date.now() + settlingMs;
  for (;;) {
    const open = promised.filter(({ id }) => !isOver(found.get(id)));
    for (const { id } of open) found.set(id, await look(from, id));
    const left = open.filter(({ id }) => !isOver(found.get(id))).length;
    console.log(`${promised.length - left} of ${promised.length} bookings have come to their end`);
    if (left === 0 || Date.now() > giveUpAt) return found;
    await sleep(2_000);
  }
}

async function look(from: HostProcess, id: string): Promise<Seen> {
  const path = `bookings/${encodeURIComponent(id)}`;
  const { status, body }: Answer = await askOperator(from.baseUrl, password, path);
  const reminders: readonly (Seen & { readonly rule: string })[] = Array.isArray(body.reminders)
    ? body.reminders
    : [];
  const watched = reminders.find(({ rule }) => rule === watchedRule);
  return { known: status === 200, state: watched?.state ?? null, attempts: watched?.attempts ?? [] };
}

function isOver(one: Seen | undefined): boolean {
  return one !== undefined && one.state !== 'planned' && one.state !== 'sending';
}

/** The attempts whose message is in the mailbox, once for each. */
function attemptsMailed(): readonly string[] {
  const mailbox = join(folder, '.precall/mailbox');
  return readdirSync(mailbox)
    .filter((name) => name.endsWith('.json'))
    .map((name): string => JSON.parse(readFileSync(join(mailbox, name), 'utf8')).attemptId);
}

function report(found: ReadonlyMap<string, Seen>, mailed: readonly string[]): number {
  const all = promised.map((one) => {
    const { known = false, state = null, attempts = [] } = found.get(one.id) ?? {};
    const mails = mailed.filter((id) => attempts.some((attempt) => attempt.id === id)).length;
    const unsure = attempts.filter(({ outcome }) => outcome === 'unknown').length;
    return { ...one, known, state, mails, unsure, tried: attempts.length };
  });
  type One = (typeof all)[number];
  const count = (holds: (one: One) => boolean) => all.filter(holds).length;
  const wanted = ({ cancelled }: One) => cancelled === 'no';

  console.log(`answered 202              ${all.length}`);
  console.log(`reminders wanted          ${count(wanted)}`);
  console.log(`  sent                    ${count((one) => wanted(one) && one.state === 'sent')}`);
  console.log(`  tried more than once    ${count(({ tried }) => tried > 1)}`);
  console.log(`  of unknown outcome once ${count(({ unsure }) => unsure > 0)}`);
  const faults = {
    'answered 202 and lost': count(({ known }) => !known),
    'wanted, not sent': count((one) => wanted(one) && (one.mails === 0 || one.state !== 'sent')),
    'sent twice': count(({ mails, unsure }) => mails > 1 && unsure === 0),
    'sent after cancellation': count(({ cancelled, mails }) => cancelled === 'yes' && mails > 0),
  };
  for (const [what, times] of Object.entries(faults)) console.log(`${what.padEnd(25)} ${times}`);
  const isSound = Object.values(faults).every((times) => times === 0);
  console.log(isSound ? 'Nothing lost, nothing twice.' : 'FAULTS: see above.');
  return isSound ? 0 : 1;
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
