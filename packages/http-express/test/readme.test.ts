import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { givenPrecall } from '../../http/test/given-precall.ts';
import { createApp } from './readme-example.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');

describe('the example of the README', () => {
  it('is the one that is compiled here', () => {
    expect(/```ts\n(.*?)```/s.exec(read('../README.md'))?.[1]).toBe(read('readme-example.ts'));
  });

  it('takes a delivery, and asks for the password', async () => {
    const server = createApp(givenPrecall(), 'correct horse').listen(0, '127.0.0.1');
    await once(server, 'listening');
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect((await fetch(`${base}/webhook/calcom-booking`, { method: 'POST', body: '{}' })).status).toBe(202);
    expect((await fetch(`${base}/operator/api/bookings`)).status).toBe(401);
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
});
