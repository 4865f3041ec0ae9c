import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { BookingUpdate } from '@precall/core';
import { signCalcom } from '@precall/source-calcom';
import { describe, expect, it } from 'vitest';
import { bookingServer } from './readme-example.ts';
import { sample, sampleWith, secret } from './samples.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');

describe('the example of the README', () => {
  it('is the one that is compiled here', () => {
    expect(/```ts\n(.*?)```/s.exec(read('../README.md'))?.[1]).toBe(read('readme-example.ts'));
  });

  it('takes what is signed and understood, and nothing else', async () => {
    const kept: BookingUpdate[] = [];
    const server = bookingServer(secret, async (update) => {
      if (update.uid === 'disk full') throw new Error('disk full');
      kept.push(update);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const post = async (body: string, key = secret) => {
      const headers = { 'content-type': 'application/json', 'x-cal-signature-256': signCalcom(key, body) };
      return (await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body, headers })).status;
    };
    try {
      expect(await post(JSON.stringify(sample('BOOKING_CREATED')))).toBe(202);
      expect(await post(JSON.stringify(sample('PING.constructed')))).toBe(200);
      expect(await post(JSON.stringify(sampleWith('BOOKING_CREATED', { uid: 7 })))).toBe(400);
      expect(await post('{"a":1')).toBe(400);
      expect(await post(JSON.stringify(sample('BOOKING_CREATED')), 'another secret, older')).toBe(401);
      expect(kept.map(({ kind, uid }) => [kind, uid])).toEqual([['agreed', 'unique-booking-id']]);
    } finally {
      server.close();
    }
  });
});
