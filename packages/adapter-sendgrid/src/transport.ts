// HTTP to SendGrid. Unlike fetch, node's own client tells whether a request can have left this machine, and that is
// the difference between "surely not accepted" and "perhaps accepted".
import * as http from 'node:http';
import * as https from 'node:https';
import type { Clock, Instant } from '@precall/core';

export interface Transport {
  /** The answer, whatever its status. Rejects with NoAnswer, and with nothing else. */
  request(call: Call): Promise<Answer>;
  /** Closes every connection. */
  close(): void;
}

export interface Call {
  readonly method: 'GET' | 'POST';
  /** With a leading slash. */
  readonly path: string;
  /** JSON text. */
  readonly body?: string;
  /** The call ends by then. */
  readonly deadline: Instant;
}

export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  /** At most its first 64 KiB, or what of it had come when the connection broke: the status is the answer. */
  readonly body: string;
}

/** Holds neither the request nor the key. */
export class NoAnswer extends Error {
  /** Whether SendGrid can have done what was asked. To be asked for something (GET) changes nothing. */
  readonly mayBeDone: boolean;

  constructor(what: string, mayBeDone: boolean) {
    super(what);
    this.mayBeDone = mayBeDone;
  }
}

/**
 * A connection that was idle for longer is not used again: SendGrid may be closing it at that very moment, and a request
 * written to it would have an unknown outcome. Shorter than any usual keep-alive of a server (5 s and up).
 */
const longestIdleMs = 4_000;
const bodyLimitBytes = 64 * 1024;

export function createTransport({
  baseUrl,
  apiKey,
  clock,
  idleMs = longestIdleMs,
}: {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly clock: Clock;
  readonly idleMs?: number;
}): Transport {
  const isSecure = baseUrl.startsWith('https:');
  const { Agent, request: open } = isSecure ? https : http;
  const agent = new Agent({ keepAlive: true, timeout: idleMs, scheduling: 'lifo' });

  function request({ method, path, body, deadline }: Call): Promise<Answer> {
    return new Promise((resolve, reject) => {
      let wasWritten = false;
      let isAnswered = false;
      let isOver = false;
      const headers = {
        accept: 'application/json',
        authorization: `Bearer ${apiKey}`,
        'user-agent': 'precall',
        ...(body !== undefined && {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
        }),
      };
      const call = open(`${baseUrl}${path}`, { method, agent, headers });
      const cancel = clock.at(deadline, () => {
        isOver = true;
        call.destroy();
      });

      // What is written to a socket waits there until it is connected, and with TLS until the handshake is done.
      call.once('socket', (socket) => {
        if (call.reusedSocket) wasWritten = true;
        else
          socket.once(isSecure ? 'secureConnect' : 'connect', () => {
            wasWritten = true;
          });
      });
      call.on('error', fail);
      call.once('close', () => fail());
      call.once('response', (response) => {
        isAnswered = true;
        const chunks: Buffer[] = [];
        let bytes = 0;
        response.on('data', (chunk: Buffer) => {
          if (bytes < bodyLimitBytes) chunks.push(chunk);
          bytes += chunk.length;
        });
        response.on('error', () => {}); // broken off: the status has said it all
        response.once('close', () => {
          cancel();
          const text = Buffer.concat(chunks).subarray(0, bodyLimitBytes).toString();
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
        });
      });
      call.end(body);

      function fail(cause?: NodeJS.ErrnoException): void {
        if (isAnswered) return;
        cancel();
        const what = isOver ? 'no answer by the deadline' : (cause?.code ?? 'the connection was closed');
        reject(new NoAnswer(what, wasWritten && method !== 'GET'));
      }
    });
  }

  return { request, close: () => agent.destroy() };
}
