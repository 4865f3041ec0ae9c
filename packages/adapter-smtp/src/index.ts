// @precall/adapter-smtp: everything public, by hand.
export type { Sender } from './mail.ts';
export { createSmtpMailer, type SmtpMailer, type SmtpMailerOptions } from './smtp-mailer.ts';
