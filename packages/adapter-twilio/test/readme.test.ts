import { readFileSync } from 'node:fs';
import { attemptId, Temporal } from '@precall/core';
import { startTwilioStandIn } from '@precall/testing/stand-ins';
import { describe, expect, it } from 'vitest';
import { twilio } from './readme-example.ts';
import { account, message } from './texting.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');

describe('the example of the README', () => {
  it('is the one that is compiled here', () => {
    expect(/```ts\n(.*?)```/s.exec(read('../README.md'))?.[1]).toBe(read('readme-example.ts'));
  });

  it('sends, with the clock of the machine', async () => {
    const standIn = await startTwilioStandIn(account);
    const texter = twilio({ ...account, baseUrl: standIn.url });
    try {
      const deadline = Temporal.Now.instant().add({ seconds: 10 });
      const call = { attemptId: attemptId('a1'), onceKey: 'once', deadline };
      expect((await texter.send(message, call)).isOk()).toBe(true);
      expect((await texter.describe()).unwrap()).toEqual([]);
    } finally {
      await texter.close();
      await standIn.stop();
    }
  });
});
