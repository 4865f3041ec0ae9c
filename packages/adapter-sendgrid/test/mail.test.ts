import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Message } from '@precall/core';
import { MailService } from '@sendgrid/mail';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { mailData, recipientName, senderName } from '../src/mail.ts';
import { call, errorOf, message, onBench } from './sending.ts';

async function accepted(changed: Partial<Message>) {
  const mails: unknown[] = [];
  await onBench({}, async ({ mailer, standIn }) => {
    (await mailer.send({ ...message, ...changed }, call)).unwrap();
    mails.push(...standIn.accepted);
  });
  return mails;
}

describe('names', () => {
  it.each([
    ['Lovelace, Ada', 'Lovelace Ada'],
    ['a;b,c', 'a b c'],
    ['Ada\r\nBcc: eve@example.com', 'Ada Bcc: eve@example.com'],
    ['Ada\u2028\u0085\u0000 Ö.', 'Ada Ö.'],
    [' , ; ', ''],
    ['Grüße 👋', 'Grüße 👋'],
  ])('of a recipient lose commas and semicolons (trap "names"): %j', (name, sent) => {
    expect(recipientName(name)).toBe(sent);
  });

  it.each([
    ['Zoë Müller', 'Zoe Muller'],
    ['Søren Łuß', 'Soren Luss'],
    ['Ada’s – team', "Ada's - team"],
    ['田中', ''],
    ['Ada 田中 👋', 'Ada'],
    ['Ada\r\nBcc: x', 'Ada Bcc: x'],
  ])('of a sender become ASCII (trap "names"): %j', (name, sent) => {
    expect(senderName(name)).toBe(sent);
  });

  it('of any letters always pass', async () => {
    await onBench({}, async ({ mailer, standIn }) => {
      await fc.assert(
        fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 40 }), async (name) => {
          const answer = await mailer.send({ ...message, toName: name }, call);
          expect(answer.isOk()).toBe(true);
          expect(senderName(name)).toMatch(/^[\x20-\x7e]*$/);
        }),
        { numRuns: 50 },
      );
      expect(standIn.connections).toBe(1);
    });
  });

  it('are left out where nothing remains', async () => {
    expect(await accepted({ toName: ',' })).toMatchObject([{ to: message.to, toName: null }]);
    expect(await accepted({ toName: null })).toMatchObject([{ to: message.to, toName: null }]);
  });
});

describe('a message', () => {
  it('arrives as given, whatever is in it (trap "case conversion")', async () => {
    const given = {
      subject: 'Grüße, "Zoë"; {{name}} %sub% 👋',
      text: '{"customArgs":1}\n.\n',
      html: '<p>toName, customArgs &amp; {{fromData}}</p>',
    };
    expect(await accepted(given)).toMatchObject([given]);
  });

  it('is taken although it is frozen (trap "mutation")', async () => {
    expect(await accepted(Object.freeze({ ...message }))).toHaveLength(1);
  });

  it('goes without a part that is empty, which SendGrid would refuse', async () => {
    expect(await accepted({ text: '' })).toMatchObject([{ text: '', html: message.html }]);
    expect(await accepted({ html: '' })).toMatchObject([{ text: message.text, html: '' }]);
  });

  it.each(['a,b@c.example', '<a@b.example>', 'Ada <a@b.example>', 'a@b.example, c@d.example', 'no address'])(
    'to %j goes to nobody else: SendGrid refuses it',
    async (to) => {
      await onBench({}, async ({ mailer, standIn }) => {
        expect(await errorOf(mailer.send({ ...message, to }, call))).toMatchObject({ kind: 'rejected' });
        expect(standIn.accepted).toEqual([]);
      });
    },
  );

  it('leaves its links alone, and watches nobody', async () => {
    const tracking_settings = {
      click_tracking: { enable: false, enable_text: false },
      open_tracking: { enable: false },
    };
    expect(await accepted({})).toMatchObject([{ body: { tracking_settings } }]);
  });
});

describe("SendGrid's own package", () => {
  it('is never asked to carry anything, nor given the key (traps "order", "timeout", "retry")', async () => {
    const setApiKey = vi.spyOn(MailService.prototype, 'setApiKey');
    const warn = vi.spyOn(console, 'warn');
    await onBench({ apiKey: 'no-prefix', standIn: { apiKey: 'no-prefix' } }, async ({ mailer }) => {
      expect((await mailer.send(message, call)).isOk()).toBe(true);
    });
    expect(setApiKey).not.toHaveBeenCalled();
    expect(warn).not.toHaveBeenCalled();
  });

  it.each(['c++', 'app[1', 'a(b'])(
    'does no harm in a folder named %s (trap "BUG in ResponseError")',
    async (name) => {
      const before = process.cwd();
      const folder = mkdtempSync(join(tmpdir(), `${name}-`));
      try {
        await onBench({}, async ({ mailer, standIn }) => {
          standIn.failNext({ status: 500 });
          process.chdir(folder);
          expect(await errorOf(mailer.send(message, call))).toMatchObject({ kind: 'unavailable' });
        });
      } finally {
        process.chdir(before);
        rmSync(folder, { recursive: true });
      }
    },
  );
});

describe('mailData', () => {
  const options = { attemptId: call.attemptId, from: { email: 'calls@example.com' }, sandbox: false };

  it('says where one request ends these mails (RFC 8058), and has no headers otherwise', () => {
    const unsubscribe = 'https://calls.example.com/link/s.1.2';
    expect(mailData({ ...message, unsubscribe }, options).headers).toEqual({
      'List-Unsubscribe': `<${unsubscribe}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    });
    expect(mailData(message, options).headers).toBeUndefined();
  });
});
