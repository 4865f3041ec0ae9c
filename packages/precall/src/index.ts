// precall: the usual set under one name, by hand. Everything else is a package of its own, paid for by who imports it.
export {
  createAddressBook,
  createMailbox,
  type EmbeddedStore,
  openEmbeddedStore,
} from '@precall/adapter-embedded';
export {
  askWhoCame,
  bySegment,
  type Content,
  content,
  defaultPolicy,
  defaultReminder,
  Err,
  type Facts,
  html,
  inTestMode,
  leadTimeBands,
  type MailFacts,
  Ok,
  orThrow,
  type Policy,
  type Precall,
  type Projection,
  type QuietHours,
  Result,
  type Rule,
  responsesOf,
  Temporal,
  type Trouble,
  threeFollowUps,
  threeRebooks,
} from '@precall/core';
export {
  type Authorize,
  basicAuth,
  createPrecallRouter,
  type HttpOptions,
  keepRawBody,
} from '@precall/http-express';
export { createOwnerAlerts, createPrecall, createSystemClock, type NodePrecallOptions } from '@precall/node';
export { createCalcomApi, createCalcomSource } from '@precall/source-calcom';
