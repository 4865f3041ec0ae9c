// A host under steady traffic for as long as one likes (--minutes, 3 unless said; --rate bookings a second, 4 unless
// said): bookings, cancellations and moves, with reminders seconds ahead. Every twenty seconds it says how much memory is
// in use and what is behind; at the end whether all of it came right. With MONGODB_URI the store is a new database there.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { memoryReader, memoryVariables } from './host-memory.ts';
import { type Ended, postBooking, startHost } from './host-process.ts';
import { ownDatabase } from './own-database.ts';
import { aCall, aCancellation, type Call, type Fate, fateOf, type Watched } from './soak-bookings.ts';

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '3' }, rate: { type: 'string', default: '4' } },
});
const lengthMs = positive('minutes', values.minutes) * 60_000;
const everyMs = 1_000 / positive('rate', values.rate);

const secret = 'a-secret-of-the-soak';
const password = 'twelve-characters';
/** Guests come again: the local address book holds as many as this and no more. */
const guests = 2_000;
const sayEveryMs = 20_000;
/** What is due may take so long to be sent, and to reach the CRM, before it counts as behind. */
const graceMs = 5_000;
const drainMs = 60_000;
/** Growth over the memory in use after the first minute (or half the time), garbage collected. Whatever the length. */
const bounds = { heapMiB: 16, rssMiB: 64 };

const folder = mkdtempSync(join(tmpdir(), 'precall-soak-'));
const memoryFile = join(folder, 'memory.json');
const database = process.env.MONGODB_URI ? ownDatabase(process.env.MONGODB_URI, 'precall-soak') : null;
const host = await startHost({
  folder,
  env: {
    CALCOM_WEBHOOK_SECRET: secret,
    OPERATOR_PASSWORD: password,
    TESTING_MODE: 'true',
    PORT: '0',
    LOG_LEVEL: 'error',
    ...memoryVariables(memoryFile),
    ...(database && { MONGODB_URI: database.uri }),
  },
});
process.on('exit', () => host.send('SIGKILL'));
const memory = memoryReader(host, memoryFile);
const ending = new AbortController();
void host.ended.then(endedByItself);
console.log(host.readyLine);

const beganAtMs = Date.now();
const endAtMs = beganAtMs + lengthMs;
const count = { booked: 0, cancelled: 0, moved: 0, 'not answered 202': 0 };
const fates = new Map<Fate, number>();
let open: readonly Watched[] = [];
let behind = { due: 0, crm: 0 };

const traffic = keepBooking();
const looking = keepLooking();
await sleep(Math.min(60_000, lengthMs / 2));
const base = await memory();
await traffic;
await looking;
const last = await memory();
ending.abort();
const { code } = await host.end('SIGTERM');
process.exitCode = report(code);
await database?.drop();
rmSync(folder, { recursive: true });

/** Nothing more can be learnt; its folder is left for whoever looks. */
async function endedByItself({ code, signal, stderr }: Ended): Promise<void> {
  if (ending.signal.aborted) return;
  console.log(`FAULT: the host ended by itself (${code ?? signal}). Its data: ${folder}\n${stderr}`);
  await database?.drop();
  process.exit(1);
}

async function keepBooking(): Promise<void> {
  const lives: Promise<void>[] = [];
  for (let number = 0; Date.now() < endAtMs; number += 1) {
    lives.push(live(`guest-${number % guests}@example.com`));
    if (lives.length > 1_000) await Promise.all(lives.splice(0, 900));
    await sleep(Math.max(0, beganAtMs + (number + 1) * everyMs - Date.now()));
  }
  await Promise.all(lives);
}

/** A booking; of five one is cancelled and one moved within fifteen seconds, before or after its reminder is due. */
async function live(email: string): Promise<void> {
  const call = aCall(email, null);
  const fate = Math.random();
  const callOffInMs = fate < 0.6 ? null : Math.random() * 15_000;
  const watched = await book(call, callOffInMs);
  if (!watched || callOffInMs === null) return;
  await sleep(callOffInMs);
  if (fate < 0.8) {
    if (!(await post(aCancellation(call, email)))) return;
    count.cancelled += 1;
  } else {
    if (!(await book(aCall(email, call), null))) return;
    count.moved += 1;
  }
  watched.calledOffAtMs = Date.now();
}

async function book(call: Call, callOffInMs: number | null): Promise<Watched | null> {
  const id = await post(call.webhook);
  if (id === null) return null;
  count.booked += 1;
  const { rule, dueAtMs } = call;
  const lookAtMs = Math.max(dueAtMs, Date.now() + (callOffInMs ?? 0)) + graceMs;
  const watched: Watched = { id, rule, dueAtMs, lookAtMs, calledOffAtMs: null };
  open = [...open, watched];
  return watched;
}

/** The booking's id; null, and counted: any other answer than 202. */
async function post(webhook: object): Promise<string | null> {
  const answer = await postBooking(host.baseUrl, secret, webhook).catch(() => null);
  if (answer?.status === 202) return String(answer.body.booking);
  count['not answered 202'] += 1;
  return null;
}

/** Looks at every booking when it should have come to its end, and until then or until there is no hope. */
async function keepLooking(): Promise<void> {
  for (let sayAtMs = beganAtMs + sayEveryMs; ; ) {
    const overdue = open.filter(({ lookAtMs }) => lookAtMs <= Date.now());
    const now = { due: 0, crm: 0 };
    for (const watched of overdue) {
      const fate = await fateOf(watched, { baseUrl: host.baseUrl, password }).catch(() => 'due' as const);
      if (fate === 'due' || fate === 'crm') now[fate] += 1;
      else {
        fates.set(fate, (fates.get(fate) ?? 0) + 1);
        open = open.filter((one) => one !== watched);
      }
    }
    behind = now;
    if (Date.now() >= sayAtMs) {
      await say();
      sayAtMs = Date.now() + sayEveryMs;
    }
    const isOver = Date.now() > endAtMs + 15_000;
    if ((isOver && open.length === 0) || Date.now() > endAtMs + drainMs) return;
    await sleep(500);
  }
}

async function say(): Promise<void> {
  const { rss, heapUsed } = await memory();
  const seconds = Math.round((Date.now() - beganAtMs) / 1_000);
  console.log(
    `${String(seconds).padStart(6)} s  rss ${mib(rss)}  heap ${mib(heapUsed)}  booked ${count.booked}  came right ${fates.get('right') ?? 0}  behind: due ${behind.due}, CRM ${behind.crm}`,
  );
}

function report(exitCode: number | null): number {
  const grown = {
    heap: last.heapUsed - base.heapUsed,
    rss: last.rss - base.rss,
  };
  const counted = { ...count, 'came right': fates.get('right') ?? 0 };
  for (const [what, times] of Object.entries(counted)) console.log(`${what.padEnd(24)} ${times}`);
  console.log(`rss  ${mib(base.rss)} then ${mib(last.rss)}: ${mib(grown.rss)} (bound ${bounds.rssMiB} MiB)`);
  console.log(
    `heap ${mib(base.heapUsed)} then ${mib(last.heapUsed)}: ${mib(grown.heap)} (bound ${bounds.heapMiB} MiB)`,
  );
  const wrong = [...fates].filter(([fate]) => fate !== 'right');
  const faults = [
    ...wrong.map(([fate, times]) => `${times} ${fate}`),
    ...(open.length > 0
      ? [`${open.length} never came to their end (due ${behind.due}, CRM ${behind.crm})`]
      : []),
    ...(count['not answered 202'] > 0 ? [`${count['not answered 202']} not answered 202`] : []),
    ...(grown.heap > bounds.heapMiB * 2 ** 20 ? ['the heap grew beyond its bound'] : []),
    ...(grown.rss > bounds.rssMiB * 2 ** 20 ? ['the resident memory grew beyond its bound'] : []),
    ...(exitCode === 0 ? [] : [`the host ended with ${exitCode}`]),
  ];
  for (const fault of faults) console.log(`FAULT: ${fault}.`);
  if (faults.length === 0) console.log('Nothing lost, nothing behind, no memory kept.');
  return faults.length === 0 ? 0 : 1;
}

function mib(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}

function positive(option: string, text: string): number {
  const number = Number(text);
  if (!(Number.isFinite(number) && number > 0)) throw new Error(`--${option} takes a number above 0.`);
  return number;
}
