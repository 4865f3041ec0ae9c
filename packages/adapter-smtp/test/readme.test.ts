import { readFileSync } from 'node:fs';
import { Temporal } from '@precall/core';
import { describe, expect, it } from 'vitest';
import { smtp } from './readme-example.ts';
import { call, message } from './sending.ts';
import { startSmtpInbox } from './smtp-inbox.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');

describe('the example of the README', () => {
  it('is the one that is compiled here', () => {
    expect(/```ts\n(.*?)```/s.exec(read('../README.md'))?.[1]).toBe(read('readme-example.ts'));
  });

  it('sends, with the clock of the machine', async () => {
    const inbox = await startSmtpInbox();
    const mailer = smtp(`smtp://127.0.0.1:${inbox.port}`);
    try {
      const deadline = Temporal.Now.instant().add({ seconds: 10 });
      expect((await mailer.send(message, { ...call, deadline })).isOk()).toBe(true);
      expect((await mailer.describe()).unwrap()).toEqual([]);
    } finally {
      await mailer.close();
      await inbox.stop();
    }
  });
});
