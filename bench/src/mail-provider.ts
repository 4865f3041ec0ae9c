// A local HTTP provider in a process of its own, so that its work is nobody's: takes a message, answers 202.
import { fork } from 'node:child_process';
import { Agent, createServer, request } from 'node:http';
import { type Mailer, type Message, Ok } from '@precall/core';

export interface Provider {
  readonly post: (message: Pick<Message, 'to' | 'subject'>) => Promise<void>;
  readonly mailer: Mailer;
  readonly port: number;
  readonly stop: () => void;
}

export async function startProvider(): Promise<Provider> {
  const child = fork(new URL(import.meta.url), ['serve'], { execArgv: process.execArgv });
  const port = await new Promise<number>((resolve) => child.once('message', (said) => resolve(Number(said))));
  const { post, mailer, close } = postingTo(port);
  return {
    port,
    post,
    mailer,
    stop: () => {
      close();
      child.kill();
    },
  };
}

/** Connections are kept; up to 50 at a time. */
export function postingTo(port: number): Pick<Provider, 'post' | 'mailer'> & { readonly close: () => void } {
  const agent = new Agent({ keepAlive: true, maxSockets: 50 });
  const post = (message: Pick<Message, 'to' | 'subject'>): Promise<void> =>
    new Promise((resolve, reject) => {
      const body = JSON.stringify(message);
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
      request({ agent, port, host: '127.0.0.1', method: 'POST', path: '/mail/send', headers }, (answer) => {
        answer.resume().on('end', () => resolve());
      })
        .on('error', reject)
        .end(body);
    });
  return {
    post,
    mailer: {
      doubt: 'silent',
      send: async ({ to, subject }) => {
        await post({ to, subject });
        return Ok({ messageId: null });
      },
    },
    close: () => agent.destroy(),
  };
}

if (process.argv[2] === 'serve') {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(202, { 'content-length': 0 }).end());
  });
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    process.send?.(typeof address === 'object' && address ? address.port : 0);
  });
  process.on('disconnect', () => process.exit());
}
