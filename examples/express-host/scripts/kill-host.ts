// Kills the host with -9 again and again (--cycles, 50 unless said) while bookings and cancellations come in, then lets
// everything due go out and counts: whatever was answered 202 is known, every due reminder went out, and went out once.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Temporal } from '@precall/core';
import { askOperator, type HostProcess, postBooking, startHost } from './host-process.ts';
import { readSample, redated } from './sample-webhooks.ts';

/** What the host said it had taken in. */
interface Promised {
  readonly id: string;
  readonly email: string;
  /** `unknown`: the host died before it answered. */
  readonly cancelled: 'no' | 'yes' | 'unknown';
}

interface Seen {
  readonly known: boolean;
  readonly state: string | null;
  readonly outcomes: readonly unknown[];
}

const secret = 'a-secret-of-the-killer';
const password = 'twelve-characters';
const senders = 4;
const bookingsPerLife = 40;
const longestLifeMs = 900;
/** Two leases of 20 s, the last due moment, and time to look. */
const settlingMs = 75_000;

const { values } = parseArgs({ options: { cycles: { type: 'string', default: '50' } } });
const cycles = Number(values.cycles);
if (!Number.isInteger(cycles) || cycles < 1) throw new Error('--cycles takes a whole number from 1 up.');
const folder = mkdtempSync(join(tmpdir(), 'precall-kill-'));
const env = {
  CALCOM_WEBHOOK_SECRET: secret,
  OPERATOR_PASSWORD: password,
  TESTING_MODE: 'true',
  PORT: '0',
  LOG_LEVEL: 'error',
};
const promised: Promised[] = [];

for (let cycle = 1; cycle <= cycles; cycle += 1) {
  const host = await startHost({ folder, env });
  const killed = sleep(Math.random() ** 2 * longestLifeMs).then(() => host.end('SIGKILL'));
  await Promise.all([killed, ...Array.from({ length: senders }, () => sendUntilKilled(host))]);
  if (cycle % 5 === 0)
    console.log(`killed ${cycle} of ${cycles} times; ${promised.length} bookings answered 202`);
}
const host = await startHost({ folder, env });
const seen = await settled(host);
await host.end('SIGTERM');
process.exitCode = report(seen, mailsPerRecipient());
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

/** A call whose last reminder, a minute before it, is due in 2 to 15 seconds; the others are skipped. */
function soon() {
  const now = Temporal.Now.instant();
  const startTime = now.add({ milliseconds: Math.round(62_000 + Math.random() * 13_000) });
  const { payload, ...sample } = redated(readSample('BOOKING_CREATED'), now);
  const { uid }: { uid: string } = Object(payload);
  const attendees = [{ email: `${uid}@example.com`, name: 'Guest User', timeZone: 'UTC' }];
  const endTime = startTime.add({ minutes: 15 });
  return { ...sample, payload: { ...Object(payload), uid, attendees, startTime, endTime } };
}

/** Looks until the last reminder of every booking has come to its end. */
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
  const { status, body } = await askOperator(from.baseUrl, password, `bookings/${encodeURIComponent(id)}`);
  const reminders: readonly { rule: string; state: string; attempts: readonly { outcome: unknown }[] }[] =
    Array.isArray(body.reminders) ? body.reminders : [];
  const last = reminders.find(({ rule }) => rule === '2h');
  const outcomes = (last?.attempts ?? []).map(({ outcome }) => outcome);
  return { known: status === 200, state: last?.state ?? null, outcomes };
}

function isOver(one: Seen | undefined): boolean {
  return one !== undefined && one.state !== 'planned' && one.state !== 'sending';
}

function mailsPerRecipient(): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const mailbox = join(folder, '.precall/mailbox');
  for (const name of readdirSync(mailbox).filter((one) => one.endsWith('.json'))) {
    const { to }: { to: string } = JSON.parse(readFileSync(join(mailbox, name), 'utf8'));
    counts.set(to, (counts.get(to) ?? 0) + 1);
  }
  return counts;
}

function report(found: ReadonlyMap<string, Seen>, mails: ReadonlyMap<string, number>): number {
  const all = promised.map((one) => ({ ...one, seen: found.get(one.id), mails: mails.get(one.email) ?? 0 }));
  const count = (holds: (one: (typeof all)[number]) => boolean) => all.filter(holds).length;
  const unsure = (one: (typeof all)[number]) =>
    one.seen?.outcomes.filter((outcome) => outcome === 'unknown').length ?? 0;
  const wanted = (one: (typeof all)[number]) => one.cancelled === 'no';

  console.log(`answered 202              ${all.length}`);
  console.log(`reminders wanted          ${count(wanted)}`);
  console.log(`  sent                    ${count((one) => wanted(one) && one.seen?.state === 'sent')}`);
  console.log(`  outcome unknown at last ${count((one) => wanted(one) && one.seen?.state === 'unknown')}`);
  console.log(`  tried again in doubt    ${count((one) => unsure(one) > 0)}`);
  const faults = {
    'answered 202 and lost': count(({ seen: one }) => !one?.known),
    'wanted, not sent': count((one) => wanted(one) && one.mails === 0 && unsure(one) < 2),
    'neither sent nor unknown': count(
      (one) => wanted(one) && !['sent', 'unknown'].includes(one.seen?.state ?? ''),
    ),
    'sent twice': count((one) => one.mails > 1),
    'sent after cancellation': count((one) => one.cancelled === 'yes' && one.mails > 0),
  };
  for (const [what, times] of Object.entries(faults)) console.log(`${what.padEnd(25)} ${times}`);
  const isSound = Object.values(faults).every((times) => times === 0);
  console.log(isSound ? 'Nothing lost, nothing twice.' : 'FAULTS: see above.');
  return isSound ? 0 : 1;
}
