// A host on a free port of this machine, and connections to it that write raw bytes.
import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Clock, WebhookDelivery } from '@precall/core';
import { createPrecallRouter, type HttpOptions } from '@precall/http-express';
import express, { type RequestHandler } from 'express';
import { givenPrecall, noting, taken } from '../../http/test/given-precall.ts';

export const path = '/webhook/calcom-booking';
const servers: Server[] = [];

export interface Host {
  readonly base: string;
  readonly received: WebhookDelivery[];
  /** A connection of its own, to write raw bytes on. */
  connect(): Promise<Connection>;
  /** Writes raw bytes, and reads until the host hangs up. */
  raw(text: string): Promise<string>;
}

export interface Connection {
  readonly socket: Socket;
  /** What came in, once it matches. */
  until(pattern: RegExp): Promise<string>;
  /** What came in until the host hung up. */
  readonly ended: Promise<string>;
}

/** An app around the router: `before` runs first, and what the router passes on is answered 404. */
export async function host(
  given: Partial<HttpOptions> & { readonly before?: RequestHandler; readonly at?: string } = {},
): Promise<Host> {
  const { before, at = '/', ...options } = given;
  const received: WebhookDelivery[] = [];
  const app = express();
  if (before) app.use(before);
  app.use(
    at,
    createPrecallRouter({ precall: givenPrecall({ receive: noting(received, taken) }), ...options }),
  );
  app.use(express.text({ type: () => true }), (request, response) => {
    response.status(404).send(`the app saw ${request.method} ${request.url} ${request.body}`);
  });
  const server = app.listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  async function connected(): Promise<Connection> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return connection(socket);
  }
  return {
    base: `http://127.0.0.1:${port}`,
    received,
    connect: connected,
    async raw(text) {
      const { socket, ended } = await connected();
      socket.write(text, 'latin1');
      return await ended;
    },
  };
}

function connection(socket: Socket): Connection {
  let text = '';
  socket.on('data', (bytes) => {
    text += String(bytes);
  });
  socket.on('error', () => undefined); // a reset shows in what could be read until then
  return {
    socket,
    async until(pattern) {
      while (!pattern.test(text)) await once(socket, 'data');
      return text;
    },
    ended: once(socket, 'close').then(() => text),
  };
}

/** A delivery in raw bytes. */
export const post = (headers: readonly string[], body = '') =>
  [`POST ${path} HTTP/1.1`, 'host: precall.example', ...headers, '', body].join('\r\n');

export const chunk = (bytes: number) => `${bytes.toString(16)}\r\n${'x'.repeat(bytes)}\r\n`;

/** For `afterEach`. */
export async function closeHosts(): Promise<void> {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** A clock that tells when somebody begins to wait by it, and when somebody waits no longer. */
export function watched(clock: Clock): {
  readonly clock: Clock;
  readonly waiting: Promise<void>;
  readonly cancelled: Promise<void>;
} {
  const { promise: waiting, resolve: begin } = later<void>();
  const { promise: cancelled, resolve: end } = later<void>();
  return {
    waiting,
    cancelled,
    clock: {
      now: () => clock.now(),
      at(when, run) {
        begin();
        const cancel = clock.at(when, run);
        return () => {
          cancel();
          end();
        };
      },
    },
  };
}

export function later<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve = (_value: T): void => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
