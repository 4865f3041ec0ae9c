// @precall/adapter-sendgrid: everything public, by hand.
export type { Sender } from './mail.ts';
export { createSendgridMailer, type SendgridMailer, type SendgridMailerOptions } from './sendgrid-mailer.ts';
