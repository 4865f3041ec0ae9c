import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { givenPrecall } from './given-precall.ts';
import { createFetchHandler } from './readme-example.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');

describe('the example of the README', () => {
  it('is the one that is compiled here', () => {
    expect(/```ts\n(.*?)```/s.exec(read('../README.md'))?.[1]).toBe(read('readme-example.ts'));
  });

  it('takes a delivery', async () => {
    const handle = createFetchHandler(givenPrecall());
    const url = 'http://precall.example/webhook/calcom-booking';
    expect((await handle(new Request(url, { method: 'POST', body: '{}' }))).status).toBe(202);
    const large = 'x'.repeat(64 * 1024 + 1);
    expect((await handle(new Request(url, { method: 'POST', body: large }))).status).toBe(413);
    expect((await handle(new Request('http://precall.example/'))).status).toBe(404);
  });
});
