// A TCP proxy before a server that cuts the line at the worst moment: when the work is done and nobody is told, or in the
// middle of what was asked.
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface CuttingProxy {
  readonly port: number;
  /** Connections that were cut so far. */
  readonly cut: number;
  /** Whether all that was to be cut is. */
  readonly isSpent: boolean;
  /** The answers to the next `count` requests that hold `word` are swallowed, each with its connection. */
  cutAnswersTo(word: string, count: number): void;
  /** Of the next `count` requests that hold `word` the server gets half, and then the end of the connection. */
  cutRequestsOf(word: string, count: number): void;
  stop(): Promise<void>;
}

export async function startCuttingProxy(target: {
  readonly host: string;
  readonly port: number;
}): Promise<CuttingProxy> {
  const sockets = new Set<Socket>();
  let order: { readonly what: 'answer' | 'request'; readonly word: Buffer; left: number } | null = null;
  let cut = 0;

  const server = createServer((client) => {
    const upstream = connect(target.port, target.host);
    let isDoomed = false;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => sockets.delete(socket));
    }
    client.on('data', (bytes) => {
      if (!order || order.left === 0 || !bytes.includes(order.word)) return void upstream.write(bytes);
      order.left -= 1;
      isDoomed = true;
      if (order.what === 'answer') return void upstream.write(bytes);
      cut += 1;
      upstream.end(bytes.subarray(0, bytes.length / 2));
      client.destroy();
    });
    upstream.on('data', (bytes) => {
      if (!isDoomed) return void client.write(bytes);
      cut += 1;
      client.destroy();
      upstream.destroy();
    });
    client.on('close', () => upstream.end());
    upstream.on('close', () => client.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port was given');

  return {
    port: address.port,
    get cut() {
      return cut;
    },
    get isSpent() {
      return order?.left === 0;
    },
    cutAnswersTo(word, left) {
      order = { what: 'answer', word: Buffer.from(word), left };
    },
    cutRequestsOf(word, left) {
      order = { what: 'request', word: Buffer.from(word), left };
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
