import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import { createMemoryClock } from '@precall/adapter-memory';
import { describe, expect, it } from 'vitest';
import { createTransport, type Transport } from '../src/transport.ts';
import { apiKey, noon } from './sending.ts';

interface Line {
  readonly transport: Transport;
  readonly get: () => ReturnType<Transport['request']>;
  readonly sockets: readonly Socket[];
}

/** A server that never closes a connection by itself, and a transport to it. */
async function onLine(
  { serve, idleMs }: { readonly serve: RequestListener; readonly idleMs: number },
  run: (line: Line) => Promise<void>,
): Promise<void> {
  const sockets: Socket[] = [];
  const server = createServer(serve);
  server.keepAliveTimeout = 0;
  server.on('connection', (socket) => sockets.push(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const baseUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  const transport = createTransport({ baseUrl, apiKey, clock: createMemoryClock(noon), idleMs });
  const get = () => transport.request({ method: 'GET', path: '/', deadline: noon.add({ seconds: 10 }) });
  try {
    await run({ transport, get, sockets });
  } finally {
    transport.close();
    server.close();
    server.closeAllConnections();
  }
}

describe('request', () => {
  it('does not use a connection that has been idle for long: it may be closing on the other side', async () => {
    await onLine(
      { serve: (_request, response) => response.end('{}'), idleMs: 50 },
      async ({ get, sockets }) => {
        await get();
        await get();
        expect(sockets).toHaveLength(1);
        await Promise.all(sockets.map((socket) => once(socket, 'close')));
        await get();
        expect(sockets).toHaveLength(2);
      },
    );
  });

  it('keeps no more than the beginning of a long answer', async () => {
    const serve: RequestListener = (_request, response) => response.end('x'.repeat(1_000_000));
    await onLine({ serve, idleMs: 4_000 }, async ({ get }) => {
      const { status, body } = await get();
      expect([status, body.length]).toEqual([200, 65_536]);
    });
  });
});

describe('close', () => {
  it('ends the connections that wait to be used again', async () => {
    const serve: RequestListener = (_request, response) => response.end('{}');
    await onLine({ serve, idleMs: 3_600_000 }, async ({ get, sockets, transport }) => {
      await get();
      const closed = Promise.all(sockets.map((socket) => once(socket, 'close')));
      transport.close();
      await closed;
      expect(sockets).toHaveLength(1);
    });
  }, 2_000);
});
