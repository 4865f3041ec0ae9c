// A TCP proxy before a server that can swallow what the server answers and cut the line: the work is done, and nobody is told.
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface CuttingProxy {
  readonly port: number;
  /** Answers that were swallowed so far. */
  readonly cut: number;
  /** The next `count` answers after a request that holds `word` are swallowed, each with its connection. */
  cutAnswersTo(word: string, count: number): void;
  stop(): Promise<void>;
}

export async function startCuttingProxy(target: {
  readonly host: string;
  readonly port: number;
}): Promise<CuttingProxy> {
  const sockets = new Set<Socket>();
  let word: Buffer | null = null;
  let left = 0;
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
      if (word !== null && left > 0 && bytes.includes(word)) {
        isDoomed = true;
        left -= 1;
      }
      upstream.write(bytes);
    });
    upstream.on('data', (bytes) => {
      if (!isDoomed) return void client.write(bytes);
      cut += 1;
      client.destroy();
      upstream.destroy();
    });
    client.on('close', () => upstream.destroy());
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
    cutAnswersTo(text, count) {
      word = Buffer.from(text);
      left = count;
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
