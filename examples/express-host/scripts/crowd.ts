// A crowd (--senders, 15,000 unless said) that opens deliveries and never ends them, each sending a byte a second, while
// real bookings come in. Those must all be answered 202, and soon; everybody else must be turned away and forgotten.
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Temporal } from '@precall/core';
import { askOperator, postBooking, startHost } from './host-process.ts';
import { readSample, redated } from './sample-webhooks.ts';

const secret = 'a-secret-of-the-crowd';
const password = 'twelve-characters';
const bookEveryMs = 100;
/** A delivery gets 10 s; busy machines more. */
const patienceMs = 60_000;
const openedAtOnce = 200;

const { values } = parseArgs({ options: { senders: { type: 'string', default: '15000' } } });
const senders = Number(values.senders);
if (!Number.isInteger(senders) || senders < 1) throw new Error('--senders takes a whole number from 1 up.');

const folder = mkdtempSync(join(tmpdir(), 'precall-crowd-'));
const env = { CALCOM_WEBHOOK_SECRET: secret, OPERATOR_PASSWORD: password, PORT: '0', LOG_LEVEL: 'silent' };
const host = await startHost({ folder, env });
const port = Number(new URL(host.baseUrl).port);
const open = new Set<Socket>();
const ends = { 'answered 408': 0, 'answered otherwise': 0, 'cut without an answer': 0 };
const booked: { readonly id: string; readonly status: number; readonly ms: number }[] = [];
try {
  process.exitCode = await crowdIn();
} finally {
  for (const socket of open) socket.destroy();
  await host.end('SIGKILL');
  rmSync(folder, { recursive: true });
}

async function crowdIn(): Promise<number> {
  const memory = { before: residentMb(), atMost: 0, after: 0 };
  const state: { isOver: boolean } = { isOver: false };
  const booking = book(() => state.isOver);
  const trickling = setInterval(() => {
    for (const socket of open) socket.write('x');
    memory.atMost = Math.max(memory.atMost, residentMb());
  }, 1_000);

  const opened = { most: 0 };
  for (let count = 0; count < senders; count += openedAtOnce) {
    await Promise.all(Array.from({ length: Math.min(openedAtOnce, senders - count) }, openOne));
    opened.most = Math.max(opened.most, open.size);
  }
  console.log(`${senders} deliveries begun, ${opened.most} of them open at the same time`);
  const giveUpAt = Date.now() + patienceMs;
  while (open.size > 0 && Date.now() < giveUpAt) await sleep(100);
  clearInterval(trickling);
  state.isOver = true;
  await booking;
  memory.after = residentMb();
  return await report(memory);
}

async function openOne(): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  let said = '';
  socket.on('data', (bytes) => {
    said += bytes;
  });
  socket.on('error', () => undefined);
  socket.on('close', () => {
    if (!open.delete(socket)) return;
    if (said.startsWith('HTTP/1.1 408 ')) ends['answered 408'] += 1;
    else if (said !== '') ends['answered otherwise'] += 1;
    else ends['cut without an answer'] += 1;
  });
  open.add(socket);
  socket.write(
    'POST /webhook/calcom-booking HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{',
  );
  await Promise.race([once(socket, 'connect'), once(socket, 'close')]).catch(() => undefined);
}

async function book(isOver: () => boolean): Promise<void> {
  const underWay: Promise<void>[] = [];
  while (!isOver()) {
    underWay.push(bookOne());
    await sleep(bookEveryMs);
  }
  await Promise.all(underWay);
}

async function bookOne(): Promise<void> {
  const now = Temporal.Now.instant();
  const { payload, ...webhook } = redated(readSample('BOOKING_CREATED'), now);
  const startTime = now.add({ hours: 24 });
  const times = { startTime, endTime: startTime.add({ minutes: 15 }) };
  const startedMs = performance.now();
  const answer = await postBooking(host.baseUrl, secret, {
    ...webhook,
    payload: { ...Object(payload), ...times },
  }).catch(() => null);
  const ms = performance.now() - startedMs;
  booked.push({ id: String(answer?.body.booking), status: answer?.status ?? 0, ms });
}

async function report(memory: { readonly [when: string]: number }): Promise<number> {
  const promised = booked.filter(({ status }) => status === 202);
  let lost = 0;
  for (const { id } of promised) {
    const { status } = await askOperator(host.baseUrl, password, `bookings/${encodeURIComponent(id)}`);
    if (status !== 200) lost += 1;
  }
  const times = booked.map(({ ms }) => ms).sort((a, b) => a - b);
  const at = (share: number) => Math.round(times[Math.floor(share * (times.length - 1))] ?? 0);
  for (const [how, count] of Object.entries(ends)) console.log(`${how.padEnd(28)} ${count}`);
  console.log(`real bookings meanwhile      ${booked.length}, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`);
  for (const [when, mb] of Object.entries(memory)) console.log(`MB resident ${when.padEnd(16)} ${mb}`);
  const faults = {
    'bookings not answered 202': booked.length - promised.length,
    'answered 202 and lost': lost,
    'deliveries still open': open.size,
    'answered otherwise': ends['answered otherwise'],
  };
  for (const [what, count] of Object.entries(faults)) console.log(`${what.padEnd(28)} ${count}`);
  const isSound = booked.length > 0 && Object.values(faults).every((count) => count === 0);
  console.log(isSound ? 'Nobody was kept waiting by them.' : 'FAULTS: see above.');
  return isSound ? 0 : 1;
}

function residentMb(): number {
  const pid = /pid=(\d+)/.exec(host.readyLine)?.[1];
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(kilobytes) / 1_024);
}
