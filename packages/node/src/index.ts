// @precall/node: what a Node process brings to Precall.

// A scheduler that lives in its process is the memory adapter's on the system's clock: one bell, not two alike.
export { createMemoryScheduler as createInProcessScheduler } from '@precall/adapter-memory';
// Of core, since a server's first lines need no other import from there.
export { orThrow } from '@precall/core';
export { createPrecall, type NodePrecallOptions } from './create-precall.ts';
export { createOwnerAlerts, type OwnerAlertsOptions } from './owner-alerts.ts';
export type { CalcomApiSettings, CalcomSettings } from './settings/calcom-settings.ts';
export { readEnvironment } from './settings/environment.ts';
export type { GoogleCalendarSettings } from './settings/google-settings.ts';
export type { MailSender, MailSettings } from './settings/mail-settings.ts';
export type { NotionSettings } from './settings/notion-settings.ts';
export {
  type PartSettings,
  partVariables,
  projectionOf,
  readPartSettings,
} from './settings/part-settings.ts';
export type { TextsSettings } from './settings/texts-settings.ts';
export type { TwilioSettings } from './settings/twilio-settings.ts';
export {
  isNothing,
  readingOf,
  shown,
  type TellFault,
  type VariableReading,
  type Variables,
  webAddress,
} from './settings/variable-reading.ts';
export { createMachineClock, createSystemClock, type Machine } from './system-clock.ts';
export { createSystemEntropy } from './system-entropy.ts';
