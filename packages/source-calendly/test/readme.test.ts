import { readFileSync } from 'node:fs';
import { createMemoryClock, createMemoryMailer, createMemoryStore } from '@precall/adapter-memory';
import { Temporal } from '@precall/core';
import { createSystemClock } from '@precall/node';
import { describe, expect, it } from 'vitest';
import { signCalendly } from '../src/index.ts';
import { callsOnCalendly } from './readme-example.ts';
import { sampleWith, secret } from './samples.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');

describe('the example of the README', () => {
  it('is the one that is compiled here', () => {
    expect(/```ts\n(.*?)```/s.exec(read('../README.md'))?.[1]).toBe(read('readme-example.ts'));
  });

  it('takes what Calendly signed just now, and nothing older', async () => {
    const now = createSystemClock().now();
    const inHours = (hours: number) => now.add({ hours }).toString();
    const precall = callsOnCalendly(secret, {
      store: createMemoryStore(),
      mailer: createMemoryMailer({ clock: createMemoryClock(now) }),
    });
    const booked = sampleWith('created', {
      webhook: { created_at: now.toString() },
      event: { start_time: inHours(120), end_time: inHours(121) },
    });
    const body = Buffer.from(JSON.stringify(booked));
    const post = (at: Temporal.Instant) =>
      precall.receive({
        headers: {
          'content-type': ['application/json'],
          'calendly-webhook-signature': [signCalendly(secret, body, at)],
        },
        body,
      });
    expect(await post(now.subtract(Temporal.Duration.from({ minutes: 4 })))).toEqual({ kind: 'forged' });
    const taken = await post(now);
    expect(taken.kind === 'taken' && taken.reminders.map(({ rule }) => rule)).toEqual(['72h', '24h', '2h']);
  });
});
