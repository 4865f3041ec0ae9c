import { once } from 'node:events';
import { createServer } from 'node:http';
import { createMemoryClock } from '@precall/adapter-memory';
import { createSendgridMailer, type SendgridMailer } from '@precall/adapter-sendgrid';
import { Temporal } from '@precall/core';
import { describe, expect, it } from 'vitest';
import { type SendgridStandIn, type SendgridStandInOptions, startSendgridStandIn } from '../src/stand-ins.ts';

const apiKey = 'SG.test-key.of-nobody';
const mail = {
  personalizations: [{ to: [{ email: 'grace@example.org', name: 'Grace' }] }],
  from: { email: 'calls@example.com', name: 'Ada' },
  subject: 'Soon',
  content: [
    { type: 'text/plain', value: 'Soon.' },
    { type: 'text/html', value: '<p>Soon.</p>' },
  ],
  custom_args: { attempt: 'a1' },
};

async function onStandIn(
  run: (standIn: SendgridStandIn) => Promise<void>,
  options: Partial<SendgridStandInOptions> = {},
): Promise<void> {
  const standIn = await startSendgridStandIn({ apiKey, ...options });
  try {
    await run(standIn);
  } finally {
    await standIn.stop();
  }
}

/** What reads the events that are signed under this key. */
function readerOf(eventsPublicKey: string): NonNullable<SendgridMailer['events']> {
  const clock = createMemoryClock(Temporal.Instant.from('2026-03-02T12:00:00Z'));
  const { events } = createSendgridMailer({
    apiKey,
    from: { email: 'calls@example.com' },
    clock,
    eventsPublicKey,
  });
  return events ?? expect.fail('the mailer has no events');
}

interface Asking {
  readonly key?: string;
  readonly type?: string;
  readonly body?: string;
}

async function post(standIn: SendgridStandIn, changed: object = {}, asking: Asking = {}) {
  const { key = apiKey, type = 'application/json', body = JSON.stringify({ ...mail, ...changed }) } = asking;
  const headers = { authorization: `Bearer ${key}`, 'content-type': type };
  const answer = await fetch(`${standIn.url}/v3/mail/send`, { method: 'POST', headers, body });
  const text = await answer.text();
  const fields = [...text.matchAll(/"field":"([^"]*)"/g)].map((match) => match[1]);
  return { status: answer.status, headers: answer.headers, text, fields };
}

const get = (standIn: SendgridStandIn, path: string, key = apiKey) =>
  fetch(`${standIn.url}${path}`, { headers: { authorization: `Bearer ${key}` } });

describe('mail/send', () => {
  it('takes a mail with 202 and an id, and shows it as it came', async () => {
    await onStandIn(async (standIn) => {
      const { status, headers, text } = await post(standIn);
      expect([status, text]).toEqual([202, '']);
      expect(standIn.accepted).toMatchObject([
        {
          messageId: headers.get('x-message-id'),
          from: 'calls@example.com',
          to: 'grace@example.org',
          toName: 'Grace',
          subject: 'Soon',
          text: 'Soon.',
          html: '<p>Soon.</p>',
          customArgs: { attempt: 'a1' },
        },
      ]);
      expect(standIn.requests).toEqual([{ method: 'POST', path: '/v3/mail/send' }]);
    });
  });

  it('answers 200 without an id in sandbox mode, and sends nothing', async () => {
    await onStandIn(async (standIn) => {
      const { status, headers } = await post(standIn, { mail_settings: { sandbox_mode: { enable: true } } });
      expect([status, headers.get('x-message-id')]).toEqual([200, null]);
      expect([standIn.accepted.length, standIn.sandboxed.length]).toEqual([0, 1]);
    });
  });

  const attached = (file: object) => ({
    attachments: [{ content: 'SGk=', filename: 'call.ics', type: 'text/calendar; method=REQUEST', ...file }],
  });
  const to = (...list: object[]) => ({ personalizations: [{ to: list }] });
  it.each([
    ['an unknown field', { colour: 'red' }, 'colour'],
    [
      'an unknown field of a personalization',
      { personalizations: [{ to: [{ email: 'a@b.example' }], tone: 1 }] },
      'personalizations.0.tone',
    ],
    ['no sender', { from: undefined }, 'from'],
    ['a sender that is no address', { from: { email: 'calls' } }, 'from.email'],
    ['a sender with a name in Unicode', { from: { email: 'calls@example.com', name: 'Zoë' } }, 'from.name'],
    ['nobody to send to', { personalizations: [] }, 'personalizations'],
    ['no address', to(), 'personalizations.0.to'],
    ['an address that is none', to({ email: 'a,b@c.example' }), 'personalizations.0.to.0.email'],
    ['a name with a comma', to({ email: 'a@b.example', name: 'B, A' }), 'personalizations.0.to.0.name'],
    ['a name with a semicolon', to({ email: 'a@b.example', name: 'B;A' }), 'personalizations.0.to.0.name'],
    ['an address twice', to({ email: 'a@b.example' }, { email: 'A@b.example' }), 'personalizations.0.to.1'],
    ['no subject', { subject: '' }, 'subject'],
    ['no content', { content: [] }, 'content'],
    ['an empty part', { content: [{ type: 'text/plain', value: '' }] }, 'content.0.value'],
    ['HTML before text', { content: [...mail.content].reverse() }, 'content'],
    ['an argument that is no text', { custom_args: { attempt: 7 } }, 'custom_args.attempt'],
    ['arguments that are a text', { custom_args: 'a1' }, 'custom_args'],
    ['10,000 bytes of arguments', { custom_args: { attempt: 'x'.repeat(9_986) } }, 'custom_args'],
    ['a category twice', { categories: ['a', 'a'] }, 'categories'],
    ['eleven categories', { categories: [...'abcdefghijk'] }, 'categories'],
    ['a header of its own', { headers: { 'Reply-To': 'a@b.example' } }, 'headers.Reply-To'],
    ['an attachment that is none', { attachments: [null] }, 'attachments.0.content'],
    ['an attachment that is not base64', attached({ content: 'BEGIN:VCALENDAR' }), 'attachments.0.content'],
    ['an attachment without a name', attached({ filename: '' }), 'attachments.0.filename'],
    [
      'a charset in the type of an attachment',
      attached({ type: 'text/calendar; charset=utf-8; method=REQUEST' }),
      'attachments.0.type',
    ],
    ['a setting that is none', { mail_settings: { sandbox_mode: true } }, 'mail_settings.sandbox_mode'],
    ['a moment that is none', { send_at: '2026-03-02' }, 'send_at'],
  ])('refuses %s with 400, and names the field', async (_case, changed, field) => {
    await onStandIn(async (standIn) => {
      const { status, fields } = await post(standIn, changed);
      expect([status, fields]).toEqual([400, expect.arrayContaining([field])]);
      expect(standIn.accepted).toEqual([]);
    });
  });

  it('takes 9,999 bytes of arguments', async () => {
    await onStandIn(async (standIn) => {
      expect((await post(standIn, { custom_args: { attempt: 'x'.repeat(9_985) } })).status).toBe(202);
    });
  });

  it.each([
    ['another key', 401, { key: 'SG.other' }, {}],
    ['what is no JSON', 400, { body: '{"a":1' }, {}],
    ['another content type', 415, { type: 'text/plain' }, {}],
    ['a body over the limit', 413, {}, { limitBytes: 100 }],
    ['a key that may not send', 403, {}, { scopes: ['whitelabel.read'] }],
    ['a sender nobody knows', 403, {}, { domains: { 'example.net': true } }],
    ['a sender whose domain is not valid', 403, {}, { domains: { 'example.com': false } }],
    ['a sender who has not confirmed', 403, {}, { domains: {}, senders: { 'calls@example.com': false } }],
  ])('refuses %s with %i', async (_case, status, asking, options) => {
    await onStandIn(async (standIn) => {
      expect((await post(standIn, {}, asking)).status).toBe(status);
      expect(standIn.accepted).toEqual([]);
    }, options);
  });
});

describe('the account', () => {
  it('shows scopes, senders and domains to a key that may see them', async () => {
    await onStandIn(
      async (standIn) => {
        const json = async (path: string) => (await get(standIn, path)).json();
        expect(await json('/v3/scopes')).toMatchObject({ scopes: expect.arrayContaining(['mail.send']) });
        expect(await json('/v3/verified_senders?limit=5')).toMatchObject({
          results: [{ from_email: 'ada@example.net', verified: false }],
        });
        expect(await json('/v3/whitelabel/domains')).toMatchObject([{ domain: 'example.com', valid: true }]);
      },
      { senders: { 'ada@example.net': false } },
    );
  });

  it('shows them to no other', async () => {
    await onStandIn(
      async (standIn) => {
        const status = async (path: string, key?: string) => (await get(standIn, path, key)).status;
        expect(await status('/v3/scopes')).toBe(200);
        expect(await status('/v3/verified_senders')).toBe(403);
        expect(await status('/v3/whitelabel/domains')).toBe(403);
        expect(await status('/v3/scopes', 'SG.other')).toBe(401);
        expect(await status('/v3/templates')).toBe(404);
      },
      { scopes: ['mail.send'] },
    );
  });
});

describe('failNext', () => {
  it('answers as told, as often as told, in the order of asking', async () => {
    await onStandIn(async (standIn) => {
      standIn.failNext({ status: 429, headers: { 'X-RateLimit-Reset': '1772452812' } }, { times: 2 });
      standIn.failNext({ status: 500, body: 'down' });
      const answers = [await post(standIn), await post(standIn), await post(standIn), await post(standIn)];
      expect(answers.map(({ status }) => status)).toEqual([429, 429, 500, 202]);
      expect(answers[1]?.headers.get('x-ratelimit-reset')).toBe('1772452812');
      expect(answers[1]?.text).toContain('too many requests');
      expect(answers[2]?.text).toBe('down');
      expect(standIn.accepted).toHaveLength(1);
    });
  });

  it.each([
    ['cut_before_reading', 0],
    ['cut_after_reading', 0],
    ['cut_after_accepting', 1],
  ] as const)('%s: no answer, and %i mails taken', async (fault, taken) => {
    await onStandIn(async (standIn) => {
      standIn.failNext(fault);
      await expect(post(standIn)).rejects.toThrow('fetch failed');
      expect([standIn.accepted.length, standIn.requests.length]).toEqual([taken, 1]);
    });
  });

  it('silence lasts until the stop', async () => {
    await onStandIn(async (standIn) => {
      standIn.failNext('silence');
      const answer = post(standIn);
      const failed = expect(answer).rejects.toThrow('fetch failed');
      expect((await post(standIn)).status).toBe(202);
      await standIn.stop();
      await failed;
    });
  });
});

describe('postEvents', () => {
  it('posts what its public key proves, and tells the status of the answer', async () => {
    const seen: { readonly verdict: string; readonly said: unknown }[] = [];
    await onStandIn(async (standIn) => {
      const events = readerOf(standIn.publicKey);
      const host = createServer(async (request, response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk);
        const body = Buffer.concat(chunks);
        const verdict = events.verify(
          { ...request.headersDistinct } as Parameters<typeof events.verify>[0],
          body,
        );
        const said = events
          .parse(JSON.parse(body.toString()))
          .unwrap()
          .map((one) => one.said);
        seen.push({ verdict, said });
        response.writeHead(204).end();
      }).listen(0, '127.0.0.1');
      await once(host, 'listening');
      const address = host.address();
      try {
        await post(standIn);
        const about = standIn.accepted.flatMap((one) => [
          standIn.eventAbout(one, 'delivered'),
          standIn.eventAbout(one, 'bounce', { type: 'blocked' }),
        ]);
        const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`;
        expect(await standIn.postEvents(url, about)).toBe(204);
        expect(seen).toEqual([{ verdict: 'authentic', said: ['delivered', 'blocked'] }]);
      } finally {
        host.close();
        host.closeAllConnections();
      }
    });
  });

  it('signs with a key of its own', async () => {
    await onStandIn(async (one) => {
      await onStandIn(async (other) => {
        const headers = Object.entries(one.sign('[]', '1600112502')).map(([name, value]) => [
          name.toLowerCase(),
          [value],
        ]);
        const verify = (publicKey: string) =>
          readerOf(publicKey).verify(Object.fromEntries(headers), Buffer.from('[]'));
        expect([verify(one.publicKey), verify(other.publicKey)]).toEqual(['authentic', 'forged']);
      });
    });
  });
});
