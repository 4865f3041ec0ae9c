// @precall/testing/stand-ins: everything public, by hand.
export type { SendgridEvent, SendgridEvents } from './sendgrid-events.ts';
export type { SendgridMail } from './sendgrid-mail.ts';
export {
  type SendgridFault,
  type SendgridStandIn,
  type SendgridStandInOptions,
  startSendgridStandIn,
} from './sendgrid-stand-in.ts';
