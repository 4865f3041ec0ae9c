import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { createMemoryClock } from '@precall/adapter-memory';
import { describe, expect, it } from 'vitest';
import { createTransport } from '../src/transport.ts';
import { apiKey, noon } from './sending.ts';

describe('request', () => {
  it('does not use a connection that has been idle for long: it may be closing on the other side', async () => {
    const sockets: Socket[] = [];
    const server = createServer((_request, response) => response.end('{}'));
    server.keepAliveTimeout = 0; // it never closes a connection by itself
    server.on('connection', (socket) => sockets.push(socket));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const clock = createMemoryClock(noon);
    const transport = createTransport({ baseUrl: `http://127.0.0.1:${port}`, apiKey, clock, idleMs: 50 });
    const get = () => transport.request({ method: 'GET', path: '/', deadline: noon.add({ seconds: 10 }) });
    try {
      await get();
      await get();
      expect(sockets).toHaveLength(1);
      await Promise.all(sockets.map((socket) => once(socket, 'close')));
      await get();
      expect(sockets).toHaveLength(2);
    } finally {
      transport.close();
      server.close();
      server.closeAllConnections();
    }
  });

  it('keeps no more than the beginning of a long answer', async () => {
    const server = createServer((_request, response) => response.end('x'.repeat(1_000_000)));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const clock = createMemoryClock(noon);
    const transport = createTransport({ baseUrl: `http://127.0.0.1:${port}`, apiKey, clock });
    try {
      const { status, body } = await transport.request({
        method: 'GET',
        path: '/',
        deadline: noon.add({ seconds: 10 }),
      });
      expect([status, body.length]).toEqual([200, 65_536]);
    } finally {
      transport.close();
      server.close();
      server.closeAllConnections();
    }
  });
});
