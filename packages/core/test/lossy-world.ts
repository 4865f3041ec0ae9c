// A Cal.com in memory that loses some of its webhooks, and a Precall that may ask it what it missed: one virtual clock.
import {
  createMemoryClock,
  createMemoryCrm,
  createMemoryEntropy,
  createMemoryMailer,
  createMemoryScheduler,
  createMemoryStore,
} from '@precall/adapter-memory';
import {
  type BookingId,
  createPrecall,
  defaultPolicy,
  type Instant,
  type Policy,
  type ReconcileOptions,
  type Store,
  Temporal,
  type Trouble,
} from '@precall/core';
import { createCalcomApi, createCalcomSource, signCalcom } from '@precall/source-calcom';
import { type CalcomWebhook, createCalcomModel } from '@precall/testing/stand-ins';

const secret = 'a-secret-of-the-tests';
const apiKey = 'cal_live_0123456789';
export const beginning = Temporal.Instant.from('2026-11-23T12:00:00Z');

export interface LossyOptions {
  readonly loses?: (webhook: CalcomWebhook, index: number) => boolean;
  readonly api?: 'none';
  readonly reconcile?: ReconcileOptions;
  readonly scheduler?: 'none';
  readonly store?: (store: Store) => Store;
  readonly policy?: Partial<Policy>;
  /** Instead of the answer of Cal.com's API. */
  readonly fault?: (path: string) => Response | Error | Promise<Response> | null;
}

export function createLossyWorld({ loses = () => false, ...options }: LossyOptions = {}) {
  const clock = createMemoryClock(beginning);
  const memory = createMemoryStore();
  const store = options.store?.(memory) ?? memory;
  const mailer = createMemoryMailer({ clock });
  const crm = createMemoryCrm({ unknown: 'add' });
  const troubles: Trouble[] = [];
  const lost: CalcomWebhook[] = [];
  const asked: string[] = [];
  let said = 0;
  let arriving: Promise<unknown> = Promise.resolve();

  const calcom = createCalcomModel({
    apiKey,
    now: clock.now,
    onWebhook(webhook) {
      const isLost = loses(webhook, said);
      said += 1;
      if (isLost) lost.push(webhook);
      else arriving = arriving.then(() => precall.receive(signed(webhook.body)));
    },
  });

  const api = createCalcomApi({
    apiKey,
    clock,
    async fetch(url, init) {
      const { pathname, search } = new URL(`${url}`);
      const path = pathname + search;
      asked.push(path);
      const fault = await options.fault?.(path);
      if (fault instanceof Error) throw fault;
      if (fault) return fault;
      const headers = Object.fromEntries(new Headers(init?.headers));
      const answer = calcom.answer({ method: 'GET', path, headers });
      return new Response(answer.body, { status: answer.status, headers: answer.headers });
    },
  });

  const start = (without: 'api' | null = options.api === 'none' ? 'api' : null) =>
    createPrecall({
      source: createCalcomSource({ secrets: [secret], api: without === 'api' ? null : api }),
      store,
      mailer,
      crm,
      clock,
      entropy: createMemoryEntropy('lossy'),
      policy: { ...defaultPolicy, ...options.policy },
      ...(options.scheduler !== 'none' && { scheduler: createMemoryScheduler({ clock }) }),
      ...(options.reconcile && { reconcile: options.reconcile }),
      onTrouble: (trouble) => troubles.push(trouble),
    });
  let precall = start();

  return {
    clock,
    store,
    mailer,
    calcom,
    lost,
    asked,
    troubles,
    get precall() {
      return precall;
    },
    start: () => precall.start(),
    /** Another process on the same store. */
    second: start,
    /** The process is gone; another one starts on the same store, perhaps without a key of the API. */
    async restart(without?: 'api') {
      await precall.stop();
      precall = start(without);
      await precall.start();
    },
    arrived: () => arriving,
    async pass(length: Temporal.DurationLike) {
      await arriving;
      await clock.advance(Temporal.Duration.from(length));
    },
    async booking(uid: string) {
      const found = await precall.booking(`calcom:${uid}` as BookingId);
      return found.isOk() ? found.value : null;
    },
    book(email: string, startAt: Instant, more: object = {}): string {
      const [uid] = calcom.book({ email, startAt, ...more });
      if (uid === undefined) throw new Error('nothing was booked');
      return uid;
    },
    sent: () => mailer.sent.map(({ message, at }) => `${message.to} ${at.toString()}`),
    contact: (email: string) => {
      const found = crm.contacts().find((one) => one.email === email);
      return Object.fromEntries(
        Object.entries(found?.fields ?? {}).map(([name, { value }]) => [name, value?.toString() ?? null]),
      );
    },
  };
}
export type LossyWorld = ReturnType<typeof createLossyWorld>;

function signed(text: string) {
  const body = new TextEncoder().encode(text);
  const headers = { 'content-type': ['application/json'], 'x-cal-signature-256': [signCalcom(secret, body)] };
  return { headers, body };
}

/** What is wrong with our view of the calls that are to come, by what Cal.com itself has; a line for each. */
export async function damage(world: LossyWorld): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const real of world.calcom.bookings) {
    const ours = await world.booking(real.uid);
    const now = world.clock.now().epochMilliseconds;
    if (real.endAt.epochMilliseconds <= now) continue;
    const isOn = real.status === 'accepted';
    const planned = new Set(
      (ours?.reminders ?? []).filter(({ state }) => state === 'planned').map(({ recipient }) => recipient),
    );
    if (!isOn) {
      if (planned.size > 0) lines.push(`${real.uid}: is ${real.status}, and reminders would be sent`);
      continue;
    }
    if (ours?.status !== 'agreed')
      lines.push(`${real.uid}: is on, and here it is ${ours?.status ?? 'not known'}`);
    else if (!ours.startAt?.equals(real.startAt))
      lines.push(`${real.uid}: is at ${real.startAt}, here at ${ours.startAt}`);
    else {
      const wanted = real.seats === null ? real.people.slice(0, 1) : real.people;
      const attending = ours.attendees
        .filter(({ status }) => status === 'attending')
        .map(({ email }) => email);
      for (const { email } of wanted)
        if (!attending.includes(email)) lines.push(`${real.uid}: ${email} comes, and is not known to`);
      for (const email of attending) {
        if (!real.people.some((one) => one.email === email))
          lines.push(`${real.uid}: ${email} has gone, and is not known to`);
      }
    }
  }
  return lines;
}
