import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';
import { describe, expect, it } from 'vitest';
import { givenPrecall } from '../../http/test/given-precall.ts';
import { createApp as createOwnLoginApp } from './own-login-example.ts';
import { createApp } from './readme-example.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');

async function listening(app: Express, use: (base: string) => Promise<void>): Promise<void> {
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
}

describe('the examples of the README', () => {
  it('are those that are compiled here', () => {
    const blocks = [...read('../README.md').matchAll(/```ts\n(.*?)```/gs)].map(([, block]) => block);
    expect(blocks).toEqual([read('readme-example.ts'), read('own-login-example.ts')]);
  });

  it('takes a delivery, and asks for the password', () =>
    listening(createApp(givenPrecall(), 'correct horse'), async (base) => {
      const delivery = { method: 'POST', body: '{}' };
      expect((await fetch(`${base}/webhook/calcom-booking`, delivery)).status).toBe(202);
      expect((await fetch(`${base}/operator/api/bookings`)).status).toBe(401);
    }));

  it('leads to the login of the server, and lets in who is logged in there', () => {
    const nameIn = (cookies: string) => (cookies.includes('session=ada') ? 'ada' : null);
    return listening(createOwnLoginApp(givenPrecall(), nameIn), async (base) => {
      const nobody = await fetch(`${base}/operator/bookings`, { redirect: 'manual' });
      expect([nobody.status, nobody.headers.get('location')]).toEqual([303, '/login']);
      expect((await fetch(`${base}/operator`, { method: 'POST', redirect: 'manual' })).status).toBe(403);
      const headers = { cookie: 'theme=dark; session=ada' };
      expect((await fetch(`${base}/operator/bookings`, { headers })).status).toBe(200);
      const elsewhere = { ...headers, origin: 'https://elsewhere.example' };
      expect((await fetch(`${base}/operator`, { method: 'POST', headers: elsewhere })).status).toBe(403);
    });
  });
});
