// Two hosts on one MongoDB (MONGODB_URI) and 1,000 reminders due at the same moment; one host is killed with -9 in the
// middle. Every reminder must go out; twice only where an outcome was unknown.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Temporal } from '@precall/core';
import { startSendgridStandIn } from '@precall/testing/stand-ins';
import { askOperator, type HostProcess, postBooking, startHost } from './host-process.ts';
import { ownDatabase } from './own-database.ts';
import { readSample, redated } from './sample-webhooks.ts';

const secret = 'a-secret-of-the-herd';
const password = 'twelve-characters';
const apiKey = 'SG.a-key.of-the-herd';
const { values } = parseArgs({ options: { reminders: { type: 'string', default: '1000' } } });
const count = Number(values.reminders);
const senders = 8;
/** Time to take the bookings in before the first reminder, six minutes before the calls in test mode, is due. */
const leadMs = 20_000 + count * 100;
const testOffset = Temporal.Duration.from({ minutes: 6 });
/** A lease of 20 s, the wait of a silent mailer in test mode, and time to look. */
const settlingMs = 60_000;

if (!process.env.MONGODB_URI) {
  console.error('MONGODB_URI is not set: run it with scripts/with-mongod.sh, or name a server.');
  process.exit(1);
}
const database = ownDatabase(process.env.MONGODB_URI, 'precall-herd');
const folder = mkdtempSync(join(tmpdir(), 'precall-herd-'));
const sendgrid = await startSendgridStandIn({ apiKey });
const env = {
  CALCOM_WEBHOOK_SECRET: secret,
  OPERATOR_PASSWORD: password,
  TESTING_MODE: 'true',
  PORT: '0',
  LOG_LEVEL: 'error',
  MONGODB_URI: database.uri,
  SENDGRID_API_KEY: apiKey,
  SENDGRID_FROM: 'calls@example.com',
  SENDGRID_BASE_URL: sendgrid.url,
};
const hosts = await Promise.all([startHost({ folder, env }), startHost({ folder, env })]);
try {
  process.exitCode = await killInTheMiddle(...hosts);
} finally {
  await Promise.all(hosts.map((host) => host.end('SIGKILL')));
  await sendgrid.stop();
  await database.drop();
  rmSync(folder, { recursive: true });
}

async function killInTheMiddle(survivor: HostProcess, victim: HostProcess): Promise<number> {
  const dueAt = Temporal.Now.instant().add({ milliseconds: leadMs });
  const bookings = await book([survivor, victim], dueAt);
  const spareMs = dueAt.since(Temporal.Now.instant()).total('milliseconds');
  console.log(`${count} bookings taken in, ${Math.round(spareMs / 1_000)} s before their reminders are due`);
  if (spareMs < 0)
    throw new Error('The reminders fell due before all bookings were in: nothing can be said.');

  while (sendgrid.accepted.length < count / 3) await sleep(5);
  await victim.end('SIGKILL');
  const atKill = sendgrid.accepted.length;
  const afterMs = Temporal.Now.instant().since(dueAt).total('milliseconds');
  console.log(`one host killed ${Math.round(afterMs)} ms after the moment, at ${atKill} mails`);
  return report(await settled(survivor, bookings));
}

/** The bookings' ids, in the order of the guests' numbers. */
async function book(hosts: readonly HostProcess[], dueAt: Temporal.Instant): Promise<readonly string[]> {
  const ids: string[] = [];
  let next = 0;
  const send = async (): Promise<void> => {
    while (next < count) {
      const number = next;
      next += 1;
      const host = hosts[number % hosts.length];
      if (!host) throw new Error('there is no host');
      const now = Temporal.Now.instant();
      const startTime = dueAt.add(testOffset);
      const { payload, ...sample } = redated(readSample('BOOKING_CREATED'), now);
      const attendees = [{ email: `guest-${number}@example.com`, name: 'Guest User', timeZone: 'UTC' }];
      const changed = { attendees, startTime, endTime: startTime.add({ minutes: 15 }) };
      const answer = await postBooking(host.baseUrl, secret, {
        ...sample,
        payload: { ...Object(payload), ...changed },
      });
      if (answer.status !== 202) throw new Error(`a booking was answered ${answer.status}`);
      ids[number] = String(answer.body.booking);
    }
  };
  await Promise.all(Array.from({ length: senders }, send));
  return ids;
}

interface Watched {
  readonly state: string;
  readonly attempts: readonly { readonly id: string; readonly outcome: string | null }[];
}

async function settled(host: HostProcess, bookings: readonly string[]): Promise<readonly (Watched | null)[]> {
  const giveUpAt = Date.now() + settlingMs;
  for (;;) {
    const seen = await Promise.all(bookings.map((id) => look(host, id)));
    const left = seen.filter((one) => !one || ['planned', 'sending'].includes(one.state)).length;
    const inDoubt = seen.filter((one) => one?.state === 'unknown').length;
    console.log(`${count - left - inDoubt} sent, ${left} under way, ${inDoubt} in doubt`);
    if ((left === 0 && inDoubt === 0) || Date.now() > giveUpAt) return seen;
    await sleep(3_000);
  }
}

async function look(host: HostProcess, id: string): Promise<Watched | null> {
  const { body } = await askOperator(host.baseUrl, password, `bookings/${encodeURIComponent(id)}`);
  const reminders: readonly (Watched & { readonly rule: string })[] = Array.isArray(body.reminders)
    ? body.reminders
    : [];
  return reminders.find(({ rule }) => rule === '72h') ?? null;
}

function report(seen: readonly (Watched | null)[]): number {
  const mails = new Map<string, number>();
  for (const { to } of sendgrid.accepted) mails.set(to, (mails.get(to) ?? 0) + 1);
  const all = seen.map((one, index) => ({
    state: one?.state ?? 'lost',
    unsure: one?.attempts.filter(({ outcome }) => outcome === 'unknown').length ?? 0,
    mails: mails.get(`guest-${index}@example.com`) ?? 0,
  }));
  const number = (holds: (one: (typeof all)[number]) => boolean) => all.filter(holds).length;
  const doubled = [...mails.values()].filter((times) => times > 1).length;
  const unsure = number((one) => one.unsure > 0);
  console.log(`sent                                  ${number(({ state }) => state === 'sent')}`);
  console.log(`of an outcome unknown at some time    ${unsure}`);
  console.log(`mailed twice                          ${doubled}`);
  const faults = {
    'not sent': number(({ state }) => state !== 'sent'),
    'without a mail': count - mails.size,
    'doubles beyond the unknown ones': Math.max(0, doubled - unsure),
    'more than two mails': [...mails.values()].filter((times) => times > 2).length,
  };
  for (const [what, times] of Object.entries(faults)) console.log(`${what.padEnd(37)} ${times}`);
  const isSound = Object.values(faults).every((times) => times === 0);
  console.log(isSound ? 'Everything sent, nothing twice without doubt.' : 'FAULTS: see above.');
  return isSound ? 0 : 1;
}
