// The servers of http-cpu.ts, each a process of its own: Precall's routes with a receive that answers from memory or on the
// embedded store, and what others would write in their place.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createMemoryStore } from '@precall/adapter-memory';
import {
  type IntakeAnswer,
  type Precall,
  readStrictJson,
  Temporal,
  type WebhookDelivery,
} from '@precall/core';
import { createHttp } from '@precall/http';
import { createPrecallRouter } from '@precall/http-express';
import { createCalcomSource } from '@precall/source-calcom';
import express from 'express';
import { z } from 'zod';
import { writesFor } from './captured-writes.ts';
import { opened } from './embedded-dispatch.ts';
import { openRawLibsql, type RawWrite, toRawWrite } from './raw-libsql.ts';
import { precallOn } from './rig.ts';
import { deliveries, secret } from './webhooks.ts';

const [, , kind = '', folder = ''] = process.argv;

const kinds = {
  hand: () => listening(handListener()),
  bare: () => listening(bareListener(precallFromMemory())),
  precall: () => listening(plainListener(precallFromMemory())),
  express: () => listening(express().use(createPrecallRouter({ precall: precallFromMemory() }))),
  embedded: () => listening(plainListener(precallOn(opened(folder)))),
  raw: rawServer,
};
export type Kind = keyof typeof kinds;

/** Asked for bookings numbered so, it makes itself ready for them; asked for nothing, it tells its CPU time so far. */
export type Question = { readonly from: number; readonly count: number } | 'cpu';

interface Serving {
  readonly listener: RequestListener;
  prepare(bookings: { readonly from: number; readonly count: number }): Promise<void>;
}

function listening(listener: RequestListener): Serving {
  return { listener, prepare: () => Promise.resolve() };
}

function serve({ listener, prepare }: Serving): void {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
  process.on('message', (question: Question) => {
    if (question !== 'cpu') return void prepare(question).then(() => process.send?.(0));
    const { user, system } = process.cpuUsage();
    return process.send?.((user + system) / 1e6);
  });
  process.on('disconnect', () => process.exit());
}

/** Signature and schema are looked at, as every webhook's are; the rest of the answer lies ready. */
function precallFromMemory(): Precall {
  const source = createCalcomSource({ secrets: [secret] });
  return {
    ...precallOn(createMemoryStore()),
    async receive({ headers, body }): Promise<IntakeAnswer> {
      if (source.verify(headers, body) !== 'authentic') return { kind: 'forged' };
      const json = readStrictJson(body);
      if (json.isErr()) return { kind: 'forged' };
      const parsed = source.parse(json.value, Temporal.Instant.fromEpochMilliseconds(Date.now()));
      return parsed.isOk() ? { kind: 'ignored', reason: 'already_known' } : { kind: 'forged' };
    },
  };
}

function plainListener(precall: Precall): RequestListener {
  const http = createHttp({ precall });
  return (incoming, response) => {
    const headers = Object.fromEntries(
      Object.entries(incoming.headersDistinct).map(([name, lines]) => [name, lines ?? []]),
    );
    const plain = {
      method: incoming.method ?? '',
      path: incoming.url ?? '',
      query: new URLSearchParams(),
      headers,
      body: () => bodyOf(incoming),
    };
    void http(plain).then((answer) => {
      if (!answer) return response.writeHead(404).end();
      response
        .writeHead(answer.status, { ...answer.headers, 'content-length': Buffer.byteLength(answer.body) })
        .end(answer.body);
    });
  };
}

/** The same signature and schema, and the answer, with nothing of routes, bounds or patience around them. */
function bareListener(precall: Pick<Precall, 'receive'>): RequestListener {
  return (incoming, response) => {
    void bodyOf(incoming).then(async (body) => {
      const signature = incoming.headersDistinct['x-cal-signature-256'] ?? [];
      const answer = await precall.receive({ headers: { 'x-cal-signature-256': signature }, body });
      const text = JSON.stringify({ status: answer.kind });
      response
        .writeHead(answer.kind === 'ignored' ? 200 : 400, {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(text),
        })
        .end(text);
    });
  };
}

/**
 * The bare server, which then saves the rows that Precall would save: those of requests that came before the loop turned in
 * one transaction, as any program should. They are made before they are asked for.
 */
function rawServer(): Serving {
  const store = openRawLibsql(folder);
  const { receive } = precallFromMemory();
  const rows: RawWrite[] = [];
  const waiting: (() => void)[] = [];

  function turn(): void {
    store.insert(rows.splice(0, waiting.length));
    for (const resolve of waiting.splice(0)) resolve();
  }

  const saving = {
    async receive(delivery: WebhookDelivery): Promise<IntakeAnswer> {
      const answer = await receive(delivery);
      if (waiting.length === 0) setImmediate(turn);
      await new Promise<void>((resolve) => waiting.push(resolve));
      return answer;
    },
  };
  return {
    listener: bareListener(saving),
    async prepare({ from, count }) {
      rows.push(...(await writesFor(deliveries(count, from))).map(toRawWrite));
    },
  };
}

/** What a hand in a hurry would write: HMAC in constant time, JSON as it comes, a schema of the fields that are used. */
function handListener(): RequestListener {
  const person = z.looseObject({
    email: z.string(),
    name: z.string(),
    timeZone: z.string(),
    language: z.looseObject({ locale: z.string() }),
  });
  const webhook = z.looseObject({
    triggerEvent: z.literal('BOOKING_CREATED'),
    createdAt: z.string(),
    payload: z.looseObject({
      uid: z.string(),
      title: z.string(),
      startTime: z.string(),
      endTime: z.string(),
      organizer: person,
      attendees: z.array(person),
      location: z.string(),
      status: z.string(),
      metadata: z.looseObject({ videoCallUrl: z.string() }),
    }),
  });
  return (incoming, response) => {
    void bodyOf(incoming).then((body) => {
      const tag = Buffer.from(`${incoming.headers['x-cal-signature-256']}`, 'hex');
      const isSigned = timingSafeEqual(createHmac('sha256', secret).update(body).digest(), tag);
      const parsed = isSigned ? webhook.safeParse(JSON.parse(body.toString('utf8'))) : null;
      const answer = JSON.stringify({ status: 'ignored', reason: 'already_known' });
      response
        .writeHead(parsed?.success ? 200 : 400, {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(answer),
        })
        .end(answer);
    });
  };
}

function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    incoming
      .on('data', (chunk: Buffer) => chunks.push(chunk))
      .on('end', () => resolve(Buffer.concat(chunks)));
  });
}

const found = Object.entries(kinds).find(([name]) => name === kind);
if (found) serve(found[1]());
