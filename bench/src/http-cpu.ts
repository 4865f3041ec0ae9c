// CPU time of one webhook over HTTP: Precall's routes with a receive that answers from memory, against bare node:http with the
// same HMAC and a schema of the same fields. The server is a process of its own, which tells what it used.
import { fork } from 'node:child_process';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { Agent, createServer, type IncomingMessage, type RequestListener, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createMemoryStore } from '@precall/adapter-memory';
import { type IntakeAnswer, type Precall, readStrictJson, Temporal } from '@precall/core';
import { createHttp } from '@precall/http';
import { createPrecallRouter } from '@precall/http-express';
import { createCalcomSource, signCalcom } from '@precall/source-calcom';
import express from 'express';
import { z } from 'zod';
import { compare, type Measured, type Row } from './measure.ts';
import { precallOn, scaled, together } from './rig.ts';
import { bookedBody, secret } from './webhooks.ts';

type Kind = 'hand' | 'bare' | 'precall' | 'express';
const count = scaled(4_000);
const path = '/webhook/calcom-booking';

export async function httpCpu(name: string): Promise<readonly Row[]> {
  const served = await Promise.all([
    serving('hand'),
    serving('bare'),
    serving('precall'),
    serving('express'),
  ]);
  const [hand, bare, precall, withExpress] = served;
  const unit = 'µs of CPU/request';
  try {
    return [
      await compare(
        {
          name,
          what: 'a webhook by @precall/http on node:http, receive answering from memory',
          unit,
          target: { atMost: 1.5 },
        },
        {
          ours: () => cpuEach(precall),
          baseline: { name: 'node:http with the same HMAC and schema', run: () => cpuEach(bare) },
        },
      ),
      await compare(
        { name, what: 'the same', unit },
        {
          ours: () => cpuEach(precall),
          baseline: {
            name: 'node:http, JSON.parse and a schema of only the fields used',
            run: () => cpuEach(hand),
          },
        },
      ),
      await compare(
        { name, what: 'the same by @precall/http-express on Express 5', unit },
        {
          ours: () => cpuEach(withExpress),
          baseline: { name: '@precall/http on node:http', run: () => cpuEach(precall) },
        },
      ),
    ];
  } finally {
    for (const { stop } of served) stop();
  }
}

interface Served {
  readonly port: number;
  cpuSeconds(): Promise<number>;
  readonly stop: () => void;
}

function serving(kind: Kind): Promise<Served> {
  const child = fork(new URL(import.meta.url), ['serve', kind], { execArgv: process.execArgv });
  const said = (): Promise<number> =>
    new Promise((resolve) => child.once('message', (what) => resolve(Number(what))));
  return said().then((port) => ({
    port,
    cpuSeconds: () => {
      const answer = said();
      child.send('cpu');
      return answer;
    },
    stop: () => child.kill(),
  }));
}

async function cpuEach({ port, cpuSeconds }: Served): Promise<Measured> {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const body = bookedBody({ number: 1, startMs: Date.now() + 864_000_000 });
  const headers = {
    'content-type': 'application/json',
    'content-length': body.length,
    'x-cal-signature-256': signCalcom(secret, body),
  };
  const before = await cpuSeconds();
  await together([...Array(count).keys()], 16, async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      request({ agent, port, host: '127.0.0.1', method: 'POST', path, headers }, (answer) => {
        answer.resume().on('end', () => resolve(answer.statusCode));
      })
        .on('error', reject)
        .end(body);
    });
    if (status !== 200) throw new Error(`a webhook was answered ${status}`);
  });
  const used = (await cpuSeconds()) - before;
  agent.destroy();
  return { figure: (used / count) * 1e6, cpuSeconds: used };
}

function serve(kind: Kind): void {
  const listeners = {
    hand: handListener,
    bare: bareListener,
    precall: plainListener,
    express: expressListener,
  };
  const server = createServer(listeners[kind]());
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send?.((user + system) / 1e6);
  });
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

function plainListener(): RequestListener {
  const http = createHttp({ precall: precallFromMemory() });
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

function expressListener(): RequestListener {
  return express().use(createPrecallRouter({ precall: precallFromMemory() }));
}

/** The same signature and schema, and the answer, with nothing of routes, bounds or patience around them. */
function bareListener(): RequestListener {
  const precall = precallFromMemory();
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

const [, , task, kind] = process.argv;
if (task === 'serve' && (kind === 'hand' || kind === 'bare' || kind === 'precall' || kind === 'express'))
  serve(kind);
