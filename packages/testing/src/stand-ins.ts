// @precall/testing/stand-ins: everything public, by hand.

export type { CalcomAnswer, CalcomQuestion } from './calcom-answers.ts';
export type { CalcomBooking, CalcomPerson } from './calcom-booking.ts';
export {
  type CalcomBooked,
  type CalcomModel,
  type CalcomModelOptions,
  type CalcomWebhook,
  createCalcomModel,
} from './calcom-model.ts';
export {
  type CalcomFault,
  type CalcomStandIn,
  type CalcomStandInOptions,
  startCalcomStandIn,
} from './calcom-stand-in.ts';
export {
  type GoogleCalendarStandIn,
  type GoogleCalendarStandInOptions,
  type GoogleFault,
  type GoogleRequest,
  type GoogleRequestKind,
  startGoogleCalendarStandIn,
} from './google-calendar-stand-in.ts';
export type { GoogleEvent, GoogleRole } from './google-events.ts';
export type { HubspotRequestKind } from './hubspot-answers.ts';
export {
  type HubspotProperties,
  type HubspotProperty,
  type HubspotValues,
  hubspotCampaign,
} from './hubspot-data.ts';
export {
  type HubspotFault,
  type HubspotRequest,
  type HubspotStandIn,
  type HubspotStandInOptions,
  startHubspotStandIn,
} from './hubspot-stand-in.ts';
export type { NotionRequestKind } from './notion-answers.ts';
export { campaignDatabases, textsDatabase } from './notion-campaign.ts';
export type { NotionDatabase, NotionProperty, NotionRow, NotionValue } from './notion-data.ts';
export type { NotionLetters } from './notion-rules.ts';
export {
  type NotionFault,
  type NotionRequest,
  type NotionStandIn,
  type NotionStandInOptions,
  startNotionStandIn,
} from './notion-stand-in.ts';
export type { SendgridEvent, SendgridEvents } from './sendgrid-events.ts';
export type { SendgridMail } from './sendgrid-mail.ts';
export {
  type SendgridFault,
  type SendgridStandIn,
  type SendgridStandInOptions,
  startSendgridStandIn,
} from './sendgrid-stand-in.ts';
export {
  startTwilioStandIn,
  type TwilioFault,
  type TwilioStandIn,
  type TwilioStandInOptions,
  type TwilioText,
} from './twilio-stand-in.ts';
