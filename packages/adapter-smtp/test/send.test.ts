import { type PortError, Temporal } from '@precall/core';
import { describe, expect, it, vi } from 'vitest';
import { call, errorOf, from, mailerTo, message, noon, onScript } from './sending.ts';
import { certificate, type SmtpInbox, startSmtpInbox } from './smtp-inbox.ts';

async function onInbox(
  options: Parameters<typeof startSmtpInbox>[0],
  run: (inbox: SmtpInbox) => Promise<void>,
): Promise<void> {
  const inbox = await startSmtpInbox(options);
  try {
    await run(inbox);
  } finally {
    await inbox.stop();
  }
}

describe('send', () => {
  it('hands over the message as given, with the attempt in a header and no word of the program', async () => {
    await onInbox({}, async (inbox) => {
      const { mailer } = mailerTo(inbox.port);
      const given = {
        ...message,
        subject: 'Grüße, "Zoë" 👋',
        toName: 'Hopper, Grace "G"',
        text: '.\n.two\nGrüße\n',
        html: '<p>Grüße</p>',
      };
      expect((await mailer.send(given, call)).isOk()).toBe(true);
      const [mail] = inbox.mails;
      expect(mail).toMatchObject({
        envelopeFrom: from.email,
        envelopeTo: [message.to],
        headers: {
          from: 'Zoë at Example <calls@example.com>',
          to: '"Hopper, Grace \\"G\\"" <grace@example.org>',
          subject: given.subject,
          date: 'Mon, 02 Mar 2026 12:00:00 +0000',
          'x-precall-attempt': call.attemptId,
        },
      });
      expect([mail?.text.trimEnd(), mail?.html.trimEnd()]).toEqual([given.text.trimEnd(), given.html]);
      const headers = 'content-type date from message-id mime-version subject to x-precall-attempt';
      expect(new Set(Object.keys(mail?.headers ?? {}))).toEqual(new Set(headers.split(' ')));
      await mailer.close();
    });
  });

  it('says where one request ends these mails (RFC 8058)', async () => {
    await onInbox({}, async (inbox) => {
      const { mailer } = mailerTo(inbox.port);
      const unsubscribe =
        'https://calls.example.com/link/s.0123456789abcdef.0123456789abcdef0123456789abcdef';
      await mailer.send({ ...message, unsubscribe }, call);
      expect(inbox.mails[0]?.headers).toMatchObject({
        'list-unsubscribe': `<${unsubscribe}>`,
        'list-unsubscribe-post': 'List-Unsubscribe=One-Click',
      });
      await mailer.close();
    });
  });

  it('makes the message id of the once-key: the same for a second attempt, another for another reminder', async () => {
    await onInbox({}, async (inbox) => {
      const { mailer } = mailerTo(inbox.port);
      const ids: unknown[] = [];
      for (const onceKey of ['one <>\r\n', 'one <>\r\n', 'two']) {
        ids.push((await mailer.send(message, { ...call, onceKey })).unwrap().messageId);
      }
      expect(inbox.mails.map(({ headers }) => headers['message-id'])).toEqual(ids);
      expect(ids[0]).toMatch(/^<[0-9a-f]{32}@example\.com>$/);
      expect([ids[0] === ids[1], ids[0] === ids[2]]).toEqual([true, false]);
      await mailer.close();
    });
  });

  it('uses a connection again, and no more at once than it may', async () => {
    await onInbox({}, async (inbox) => {
      const { mailer } = mailerTo(inbox.port, { maxConnections: 2 });
      for (let count = 0; count < 3; count++) (await mailer.send(message, call)).unwrap();
      expect([inbox.mails.length, inbox.connections]).toEqual([3, 1]);
      await Promise.all([1, 2, 3, 4, 5, 6].map(() => mailer.send(message, call)));
      expect([inbox.mails.length, inbox.connections]).toEqual([9, 2]);
      await mailer.close();
    });
  });

  it('logs in as the URL says', async () => {
    const onAuth: NonNullable<Parameters<typeof startSmtpInbox>[0]>['onAuth'] = (auth, _session, done) =>
      done(null, auth.password === 'p@ss/word' ? { user: auth.username } : {});
    await onInbox({ onAuth, allowInsecureAuth: true }, async (inbox) => {
      const right = mailerTo(inbox.port, { url: `smtp://ada:p%40ss%2Fword@127.0.0.1:${inbox.port}` });
      (await right.mailer.send(message, call)).unwrap();
      expect(inbox.mails).toMatchObject([{ user: 'ada' }]);
      const wrong = mailerTo(inbox.port, { url: `smtp://ada:wrong@127.0.0.1:${inbox.port}` });
      const error = await errorOf(wrong.mailer.send(message, call));
      expect(error).toMatchObject({ kind: 'unavailable', reason: expect.stringContaining('answered 535') });
      await Promise.all([right.mailer.close(), wrong.mailer.close()]);
    });
  });

  it.each([
    'a,b@c.example',
    '<a@b.example>',
    'Ada <a@b.example>',
    'a@b.example, c@d.example',
    'a@b.example\r\nRCPT TO:<c@d.example>',
    '"a b"@c.example',
    'no address',
    '',
  ])('to %j reaches nobody: an address is never taken apart', async (to) => {
    await onScript([{}], async ({ mailer, server }) => {
      expect(await errorOf(mailer.send({ ...message, to }, call))).toMatchObject({ kind: 'rejected' });
      expect(server.heard).toEqual([]);
    });
  });

  it('never lets a name, a subject or an id make a line of its own', async () => {
    await onInbox({}, async (inbox) => {
      const { mailer } = mailerTo(inbox.port);
      const toName = 'Grace\r\nBcc: eve@example.net\u2028\u0085\u0000';
      const subject = 'Soon\r\nBcc: eve@example.net';
      const answer = await mailer.send({ ...message, toName, subject }, call);
      expect(answer.isOk()).toBe(true);
      expect(inbox.mails[0]?.envelopeTo).toEqual([message.to]);
      expect(inbox.mails[0]?.headers.to).toBe('"Grace Bcc: eve@example.net" <grace@example.org>');
      expect(inbox.mails[0]?.headers).not.toHaveProperty('bcc');
      await mailer.close();
    });
  });
});

function kindOf(error: PortError): string {
  return error.kind === 'unavailable' && error.refusesUs ? 'refuses us' : error.kind;
}

describe('a reply', () => {
  it.each([
    ['greeting', '554 no service', 'refuses us'],
    ['greeting', '421 busy', 'unavailable'],
    ['EHLO', '421 busy', 'unavailable'],
    ['MAIL', '451 later', 'unavailable'],
    ['MAIL', '550 not in this name', 'refuses us'],
    ['MAIL', '530 5.7.0 log in first', 'refuses us'],
    ['MAIL', '552 5.3.4 too large', 'rejected'],
    ['RCPT', '450 4.2.1 mailbox busy', 'unavailable'],
    ['RCPT', '421 closing', 'unavailable'],
    ['RCPT', '550 5.1.1 nobody of that name', 'rejected'],
    ['RCPT', '553 no such name', 'rejected'],
    ['RCPT', '503 bad sequence', 'unavailable'],
    ['DATA', '451 later', 'unavailable'],
    ['DATA', '554 no valid recipients', 'rejected'],
    ['dot', '250 2.0.0 taken as 7', 'Ok'],
    ['dot', '421 closing', 'unavailable'],
    ['dot', '451 later', 'unavailable'],
    ['dot', '452 no room', 'unavailable'],
    ['dot', '550 5.7.1 spam', 'rejected'],
    ['dot', '554-two\r\n554 lines', 'rejected'],
    ['dot', '354 what', 'unknown'],
    ['dot', 'nonsense', 'unknown'],
  ] as const)('to %s of %j: %s', async (step, reply, kind) => {
    await onScript([{ [step]: reply }], async ({ mailer, server }) => {
      const answer = await mailer.send(message, call);
      expect(answer.isErr() ? kindOf(answer.error) : 'Ok').toBe(kind);
      expect(server.heard.filter((line) => line === '.')).toHaveLength(step === 'dot' ? 1 : 0);
    });
  });

  it.each([
    ['RCPT', '550 5.1.1 grace@example.org is unknown', 'The mail server answered 550 5.1.1 to RCPT TO.'],
    ['dot', '451 <grace@example.org> later', 'The mail server answered 451 to DATA.'],
    ['greeting', '554 we know you, 192.0.2.7', 'The mail server answered 554.'],
  ] as const)('is told by its numbers, without its words: %s of %j', async (step, reply, reason) => {
    await onScript([{ [step]: reply }], async ({ mailer }) => {
      expect((await errorOf(mailer.send(message, call))).reason).toBe(reason);
    });
  });

  it('of a refusal leaves the connection for the next message', async () => {
    await onScript([{ RCPT: '550 no' }, { greeting: 'cut' }], async ({ mailer, server }) => {
      for (let count = 0; count < 2; count++) {
        expect(await errorOf(mailer.send(message, call))).toMatchObject({ kind: 'rejected' });
      }
      expect(server.heard.filter((line) => line.startsWith('EHLO'))).toHaveLength(1);
    });
  });
});

describe('a connection that breaks', () => {
  const large = { ...message, text: `${'x'.repeat(70)}\n`.repeat(200_000) };

  it.each(['greeting', 'EHLO', 'MAIL', 'RCPT', 'DATA'] as const)(
    'at %s, before the final dot, is unavailable',
    async (step) => {
      await onScript([{ [step]: 'cut' }], async ({ mailer, server }) => {
        expect(await errorOf(mailer.send(message, call))).toMatchObject({ kind: 'unavailable' });
        expect(server.heard).not.toContain('.');
      });
    },
  );

  it('in the middle of the message, before the final dot, is unavailable', async () => {
    await onScript([{ cutAfterBytes: 100_000 }], async ({ mailer, server }) => {
      expect(await errorOf(mailer.send(large, call))).toMatchObject({ kind: 'unavailable' });
      expect(server.heard).not.toContain('.');
    });
  });

  it('after the final dot is unknown, and nothing is sent again', async () => {
    await onScript([{ dot: 'cut' }, {}], async ({ mailer, server }) => {
      expect(await errorOf(mailer.send(message, call))).toEqual({
        kind: 'unknown',
        reason: 'The mail server did not answer: ECONNECTION.',
      });
      expect(server.heard.filter((line) => line === '.')).toHaveLength(1);
    });
  });

  it('after the final dot is unknown also where the connection was used before', async () => {
    await onScript([{ dot: ['250 taken', 'cut'] }, {}], async ({ mailer, server }) => {
      (await mailer.send(message, call)).unwrap();
      expect(await errorOf(mailer.send(message, call))).toMatchObject({ kind: 'unknown' });
      expect(server.heard.filter((line) => line === '.')).toHaveLength(2);
    });
  });

  it.each(['MAIL', 'RCPT', 'DATA'] as const)(
    'at %s where it was used before, costs no message: this one goes by a new connection',
    async (step) => {
      const fine = { MAIL: '250 ok', RCPT: '250 ok', DATA: '354 go on' }[step];
      await onScript([{ [step]: [fine, 'cut'] }, {}], async ({ mailer, server }) => {
        (await mailer.send(message, call)).unwrap();
        (await mailer.send(message, call)).unwrap();
        expect(server.heard.filter((line) => line === '.')).toHaveLength(2);
        expect(server.heard.filter((line) => line.startsWith('EHLO'))).toHaveLength(2);
      });
    },
  );

  it('with nobody listening is unavailable', async () => {
    await onScript([{}], async ({ mailer, server }) => {
      await server.stop();
      expect(await errorOf(mailer.send(message, call))).toEqual({
        kind: 'unavailable',
        reason: 'Talking to the mail server failed: ECONNREFUSED.',
      });
    });
  });

  it('with a server of no known name is unavailable', async () => {
    const { mailer } = mailerTo(25, { url: 'smtps://mail.invalid' });
    expect(await errorOf(mailer.send(message, call))).toMatchObject({ kind: 'unavailable' });
    await mailer.close();
  });
});

describe('the deadline', () => {
  it.each([
    ['greeting', 'unavailable'],
    ['EHLO', 'unavailable'],
    ['RCPT', 'unavailable'],
    ['DATA', 'unavailable'],
    ['dot', 'unknown'],
  ] as const)('ends a send that waits for the answer to %s, and not before: %s', async (step, kind) => {
    await onScript([{ [step]: 'silence' }], async ({ mailer, clock, server }) => {
      let found = 'waiting';
      const over = errorOf(mailer.send(message, call)).then((error) => {
        found = `${error.kind}: ${error.reason}`;
      });
      const last = { greeting: null, EHLO: /^EHLO/, RCPT: /^RCPT/, DATA: /^DATA/, dot: /^\.$/ }[step];
      await vi.waitFor(() =>
        expect(last === null || server.heard.some((line) => last.test(line))).toBe(true),
      );
      await clock.advance(Temporal.Duration.from({ milliseconds: 9_999 }));
      expect(found).toBe('waiting');
      await clock.advance(Temporal.Duration.from({ milliseconds: 1 }));
      await over;
      expect(found).toMatch(new RegExp(`^${kind}: .*no answer by the deadline\\.$`));
      expect(clock.pending()).toEqual([]);
    });
  });

  it('ends a send that waits for a connection, with unavailable', async () => {
    await onScript([{ dot: 'silence' }], async ({ server }) => {
      const { mailer, clock } = mailerTo(server.port, { maxConnections: 1 });
      const first = errorOf(mailer.send(message, { ...call, deadline: noon.add({ seconds: 20 }) }));
      await vi.waitFor(() => expect(server.heard).toContain('.'));
      const second = errorOf(mailer.send(message, call));
      await clock.advance(Temporal.Duration.from({ seconds: 10 }));
      expect(await second).toMatchObject({ kind: 'unavailable' });
      await clock.advance(Temporal.Duration.from({ seconds: 10 }));
      expect(await first).toMatchObject({ kind: 'unknown' });
      await mailer.close();
    });
  });

  it('lets the next message go', async () => {
    await onScript([{ dot: 'silence' }, {}], async ({ mailer, clock, server }) => {
      const first = errorOf(mailer.send(message, call));
      await vi.waitFor(() => expect(server.heard).toContain('.'));
      await clock.advance(Temporal.Duration.from({ seconds: 10 }));
      await first;
      expect((await mailer.send(message, { ...call, deadline: noon.add({ seconds: 20 }) })).isOk()).toBe(
        true,
      );
    });
  });

  it('has to be ahead: at it and after it nothing is started', async () => {
    await onScript([{}], async ({ mailer, server }) => {
      for (const deadline of [noon, noon.subtract({ seconds: 1 })]) {
        expect(await errorOf(mailer.send(message, { ...call, deadline }))).toMatchObject({
          kind: 'unavailable',
        });
      }
      expect(server.heard).toEqual([]);
    });
  });
});

describe('TLS', () => {
  const secure = { ca: certificate };

  it('is there from the first byte with smtps://', async () => {
    await onInbox({ secure: true }, async (inbox) => {
      const { mailer } = mailerTo(0, { ...secure, url: `smtps://localhost:${inbox.port}` });
      (await mailer.send(message, call)).unwrap();
      expect(inbox.mails).toMatchObject([{ isSecure: true }]);
      await mailer.close();
    });
  });

  it('is turned to by STARTTLS with smtp://', async () => {
    await onInbox({}, async (inbox) => {
      const { mailer } = mailerTo(0, { ...secure, url: `smtp://localhost:${inbox.port}?tls=required` });
      (await mailer.send(message, call)).unwrap();
      expect(inbox.mails).toMatchObject([{ isSecure: true }]);
      await mailer.close();
    });
  });

  it('tells where the final dot was written under it, too', async () => {
    for (const url of ['smtps://localhost', 'smtp://localhost']) {
      const isImplicit = url.startsWith('smtps');
      await onInbox({ secure: isImplicit, accept: () => new Promise(() => {}) }, async (inbox) => {
        const query = isImplicit ? '' : '?tls=required';
        const { mailer, clock } = mailerTo(0, { ...secure, url: `${url}:${inbox.port}${query}` });
        const answer = errorOf(mailer.send(message, call));
        await vi.waitFor(() => expect(inbox.received).toBe(1));
        await clock.advance(Temporal.Duration.from({ seconds: 10 }));
        expect(await answer).toMatchObject({ kind: 'unknown' });
        await mailer.close();
      });
    }
  });

  it.each([
    ['a certificate nobody vouches for', {}, 'smtps://localhost', { secure: true }],
    ['a certificate nobody vouches for, after STARTTLS', {}, 'smtp://localhost?', {}],
    ['a server without STARTTLS', secure, 'smtp://localhost?', { disabledCommands: ['STARTTLS'] }],
  ])(
    'is never gone without: %s is unavailable, and nothing was sent',
    async (_case, options, url, server) => {
      await onInbox(server, async (inbox) => {
        const [base, query] = url.split('?');
        const full = `${base}:${inbox.port}${query === undefined ? '' : '?tls=required'}`;
        const { mailer } = mailerTo(0, { ...options, url: full });
        expect(await errorOf(mailer.send(message, call))).toMatchObject({ kind: 'unavailable' });
        expect(inbox.mails).toEqual([]);
        await mailer.close();
      });
    },
  );

  it('tells neither name nor password to a server that has none', async () => {
    await onScript([{ EHLO: '250-script\r\n250 AUTH PLAIN LOGIN' }], async ({ server }) => {
      const url = `smtp://ada:secret@127.0.0.1:${server.port}?tls=required`;
      const { mailer } = mailerTo(0, { url });
      expect(await errorOf(mailer.send(message, call))).toMatchObject({ kind: 'unavailable' });
      expect(server.heard.map((line) => line.split(' ')[0])).toEqual(['EHLO', 'STARTTLS']);
      await mailer.close();
    });
  });
});

describe('close', () => {
  it('refuses what comes after, lets what is under way end, and ends the connections', async () => {
    await onInbox({}, async (inbox) => {
      const { mailer } = mailerTo(inbox.port);
      const running = mailer.send(message, call);
      const closed = mailer.close();
      expect((await running).isOk()).toBe(true);
      await closed;
      expect(await errorOf(mailer.send(message, call))).toMatchObject({ kind: 'unavailable' });
      expect(inbox.mails).toHaveLength(1);
      await vi.waitFor(() => expect(inbox.open).toBe(0));
    });
  });
});
