import { Temporal } from '@precall/core';
import { describe, expect, it } from 'vitest';
import { createSmtpMailer } from '../src/index.ts';
import { from, mailerTo, onScript } from './sending.ts';
import { certificate, startSmtpInbox } from './smtp-inbox.ts';

describe('describe', () => {
  it('finds nothing with a server that takes the login, and sends nothing', async () => {
    const inbox = await startSmtpInbox({
      onAuth: (auth, _session, done) => done(null, auth.password === 'right' ? { user: auth.username } : {}),
      allowInsecureAuth: true,
    });
    try {
      const right = mailerTo(0, { url: `smtp://ada:right@127.0.0.1:${inbox.port}` });
      expect((await right.mailer.describe()).unwrap()).toEqual([]);
      const wrong = mailerTo(0, { url: `smtp://ada:hunter2@127.0.0.1:${inbox.port}` });
      const faults = (await wrong.mailer.describe()).unwrap();
      expect(faults).toMatchObject([{ where: 'SMTP_URL', fault: expect.stringMatching(/login.* 535/) }]);
      expect(JSON.stringify(faults)).not.toMatch(/hunter2|ada/);
      expect([right.clock.pending(), wrong.clock.pending(), inbox.mails]).toEqual([[], [], []]);
      await Promise.all([right.mailer.close(), wrong.mailer.close()]);
    } finally {
      await inbox.stop();
    }
  });

  it.each([
    ['a certificate nobody vouches for', '', {}],
    ['a server without STARTTLS', '?tls=required', { ca: certificate }],
  ])('finds %s', async (_case, query, options) => {
    const inbox = await startSmtpInbox({ secure: query === '', disabledCommands: ['STARTTLS'] });
    try {
      const url = `${query === '' ? 'smtps' : 'smtp'}://localhost:${inbox.port}${query}`;
      const { mailer } = mailerTo(0, { url, ...options });
      expect((await mailer.describe()).unwrap()).toMatchObject([
        {
          where: 'SMTP_URL',
          fault: expect.stringContaining('No secure connection'),
          cure: expect.stringMatching(/smtps/),
        },
      ]);
      await mailer.close();
    } finally {
      await inbox.stop();
    }
  });

  it.each([
    ['AUTH', '454 4.7.0 later', '454 4.7.0'],
    ['greeting', '421 busy', '421'],
    ['EHLO', 'cut', 'ECONNECTION'],
  ])('cannot tell with a server that is away for now: %s %s', async (step, reply, words) => {
    const script = { EHLO: '250-script\r\n250 AUTH PLAIN', [step]: reply };
    await onScript([script], async ({ server }) => {
      const { mailer } = mailerTo(0, { url: `smtp://ada:right@127.0.0.1:${server.port}` });
      expect((await mailer.describe()).unwrapErr()).toMatchObject({
        kind: 'unavailable',
        reason: expect.stringContaining(words),
      });
      await mailer.close();
    });
  });

  it('gives up after ten seconds', async () => {
    await onScript([{ greeting: 'silence' }], async ({ mailer, clock }) => {
      const answer = mailer.describe();
      await clock.advance(Temporal.Duration.from({ seconds: 10 }));
      expect((await answer).unwrapErr()).toMatchObject({ kind: 'unavailable' });
    });
  });

  it('finds a name that nobody knows', async () => {
    const { mailer } = mailerTo(0, { url: 'smtps://mail.invalid' });
    const answer = await mailer.describe();
    // where there is no name server at all, it cannot be told
    const told = answer.isOk() ? answer.value.map(({ where }) => where) : [answer.error.kind];
    expect([['SMTP_URL'], ['unavailable']]).toContainEqual(told);
    await mailer.close();
  });
});

describe('createSmtpMailer', () => {
  it.each(['', 'Ada <ada@example.com>', 'a@b.example,c@d.example', 'ada'])(
    'throws for the sender %j, naming the option and its cure',
    (email) => {
      const { clock } = mailerTo(25);
      expect(() => createSmtpMailer({ url: 'smtp://localhost', from: { ...from, email }, clock })).toThrow(
        /^from.email is no address; give one such as/,
      );
    },
  );
});
