import { createSmtpMailer, type SmtpMailer } from '@precall/adapter-smtp';
import { createSystemClock } from '@precall/node';

/** `url`: such as smtps://user:password@mail.example.com */
export function smtp(url: string): SmtpMailer {
  return createSmtpMailer({
    url,
    from: { email: 'calls@example.com', name: 'Ada at Example' },
    clock: createSystemClock(),
  });
}
