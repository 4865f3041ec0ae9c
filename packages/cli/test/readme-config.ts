import { createAddressBook } from '@precall/adapter-embedded';
import { createSmtpMailer } from '@precall/adapter-smtp';
import { createSystemClock } from '@precall/node';
import { createCalcomSource } from '@precall/source-calcom';

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
