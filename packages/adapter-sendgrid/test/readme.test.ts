import { readFileSync } from 'node:fs';
import { Temporal } from '@precall/core';
import { startSendgridStandIn } from '@precall/testing/stand-ins';
import { describe, expect, it } from 'vitest';
import { sendgrid } from './readme-example.ts';
import { apiKey, call, message } from './sending.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');

describe('the example of the README', () => {
  it('is the one that is compiled here', () => {
    expect(/```ts\n(.*?)```/s.exec(read('../README.md'))?.[1]).toBe(read('readme-example.ts'));
  });

  it('sends, with the clock of the machine', async () => {
    const standIn = await startSendgridStandIn({ apiKey });
    const mailer = sendgrid({ apiKey, baseUrl: standIn.url });
    try {
      const deadline = Temporal.Now.instant().add({ seconds: 10 });
      expect((await mailer.send(message, { ...call, deadline })).isOk()).toBe(true);
      expect((await mailer.describe()).unwrap()).toEqual([]);
    } finally {
      await mailer.close();
      await standIn.stop();
    }
  });
});
