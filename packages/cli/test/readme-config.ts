import { createSmtpMailer } from '@precall/adapter-smtp';
import { createAddressBook, createCalcomSource, createSystemClock } from 'precall';

const { CALCOM_WEBHOOK_SECRET = '', SMTP_URL = '' } = process.env;

export const parts = {
  source: createCalcomSource({ secrets: [CALCOM_WEBHOOK_SECRET] }),
  crm: createAddressBook({ folder: 'precall-data' }),
  mailer: createSmtpMailer({
    url: SMTP_URL,
    from: { email: 'calls@example.com', name: 'Ada' },
    clock: createSystemClock(),
  }),
};
