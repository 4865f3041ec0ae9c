import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { givenPrecall } from './given-precall.ts';
import { createApp } from './readme-example.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');

describe('the example of the README', () => {
  it('is the one that is compiled here', () => {
    expect(/```ts\n(.*?)```/s.exec(read('../README.md'))?.[1]).toBe(read('readme-example.ts'));
  });

  it('takes a delivery, asks for the password, and leaves other paths to the app', async () => {
    const app = createApp(givenPrecall(), 'correct horse');
    const ask = (path: string, init?: RequestInit) =>
      app.fetch(new Request(`http://calls.example.com${path}`, init));
    expect((await ask('/webhook/calcom-booking', { method: 'POST', body: '{}' })).status).toBe(202);
    expect((await ask('/operator')).status).toBe(401);
    expect((await ask('/readyz')).status).toBe(200);
    const elsewhere = await ask('/');
    expect(elsewhere.status).toBe(404);
    expect(elsewhere.headers.get('content-type')).not.toBe('application/problem+json');
  });
});
