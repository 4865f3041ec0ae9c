import { mailerContract } from '@precall/testing';
import { mailerTo } from './sending.ts';
import { refusal, type SmtpInbox, startSmtpInbox } from './smtp-inbox.ts';

const inboxes = new Map<unknown, SmtpInbox>();

mailerContract({
  async create() {
    let provider: 'fine' | 'silent' | 'refusing' = 'fine';
    const inbox = await startSmtpInbox({
      accept: () =>
        provider === 'silent'
          ? new Promise(() => {})
          : Promise.resolve(provider === 'refusing' ? refusal(550) : null),
    });
    const { mailer, clock } = mailerTo(inbox.port);
    inboxes.set(mailer, inbox);
    return {
      mailer,
      now: clock.now,
      pass: clock.advance,
      accepted: async () =>
        inbox.mails.map(({ envelopeTo, headers, text, html, calendar }) => ({
          to: envelopeTo.join(),
          subject: headers.subject ?? '',
          text,
          html,
          ...(calendar && { calendar }),
        })),
      make(how) {
        if (how === 'away') void inbox.stop();
        else provider = how;
      },
    };
  },
  async close({ mailer }) {
    const inbox = inboxes.get(mailer);
    inboxes.delete(mailer);
    await inbox?.stop();
  },
});
