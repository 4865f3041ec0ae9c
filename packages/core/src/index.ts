// @precall/core: everything public, by hand.
export type { EventsAnswer, IntakeAnswer, Taken } from './answer.ts';
export type { CallsAhead } from './calendar-feed.ts';
export {
  type Answers,
  type Content,
  content,
  type MailFacts,
  missingFacts,
  type NeededFact,
  type TextContent,
  textContent,
} from './content.ts';
export { counted } from './counted.ts';
export { eventsLimitBytes } from './deliveries.ts';
export type {
  Act,
  ActAnswer,
  AttendanceAct,
  CountedOutcomes,
  Desk,
  Health,
  InspectedReminder,
  Inspection,
  Refusal,
  ReminderAct,
  Search,
  SearchPage,
  Tried,
  TriedCall,
} from './desk.ts';
export {
  type Details,
  type Facts,
  type KnownHost,
  nothingKnown,
  type PersonFacts,
  type Phone,
  type Register,
  type Replacement,
  type Stamp,
} from './facts.ts';
export type { LinkSeen } from './follow-link.ts';
export {
  type Html,
  html,
  htmlText,
  type Insert,
  type OwnUrl,
  oneLine,
  ownUrl,
  ownUrlText,
  safeUrl,
  unlinked,
} from './html.ts';
export {
  type AttemptId,
  attemptId,
  attemptKey,
  type BookingId,
  bookingId,
  bookingRecord,
  deliveryRecord,
  metaRecord,
  personRecord,
  type RecipientId,
  type RecordId,
  type RecordKey,
  type ReminderKey,
  type RuleName,
  recipientId,
  recipientKey,
  statusKey,
} from './ids.ts';
export { invariant } from './invariant.ts';
export type { Attempt, Delivery, Final, Ledger, LedgerEntry, Outcome } from './ledger-types.ts';
export type { Measures } from './measure.ts';
export type { Observation, Observe } from './observation.ts';
export { orThrow } from './or-throw.ts';
export {
  type Comparison,
  compareTexts,
  type LeadBand,
  type Outcome as CallOutcome,
  type OutcomeRow,
  outcomesCsv,
  type Share,
  shareOf,
} from './outcomes.ts';
export { type PlannedReminder, planReminders, reminderKey } from './plan.ts';
export {
  type CallForFile,
  defaultPolicy,
  inTestMode,
  type Policy,
  type QuietHours,
  type Rule,
  type When,
} from './policy.ts';
export type {
  AddressEvent,
  BookingSource,
  BookingSourceApi,
  Calendar,
  CalendarEvent,
  CalendarFile,
  Cancel,
  Channel,
  Clock,
  ContactRef,
  Crm,
  DeliveryEvent,
  DeliveryEvents,
  Entropy,
  Fields,
  FieldValue,
  Found,
  Headers,
  HistoryEntry,
  Lane,
  Lanes,
  Mailer,
  MemberRef,
  Message,
  Page,
  Parsed,
  PortError,
  PortResult,
  RecordKind,
  Scheduler,
  SchemaFault,
  SchemaIssue,
  SendCall,
  Sender,
  Slice,
  Store,
  Stored,
  Texter,
  TextMessage,
  Write,
} from './ports.ts';
export { createPrecall, type Precall, type PrecallOptions, type WebhookDelivery } from './precall.ts';
export { textOf } from './projection.ts';
export { defaultProjection, type Projection } from './projection-settings.ts';
export { askWhoCame, threeFollowUps, threeRebooks } from './ready-rules.ts';
export {
  type DropReason,
  explain,
  type IgnoreReason,
  type MissReason,
  type Reason,
  type RefuseReason,
  type SkipReason,
  type UnknownReason,
  type WaitReason,
} from './reasons.ts';
export { rebookMail } from './rebook-mail.ts';
export type { ReconcileOptions } from './reconcile.ts';
export { remembered } from './remembered.ts';
export { defaultReminder, isTrustedMeetingLink } from './reminder-mail.ts';
export { defaultText } from './reminder-text.ts';
export { wordsIn } from './reminder-words.ts';
export { type Doubted, doubtRestored, isPlannedOtherwise, type Restoring } from './restored.ts';
export { Err, Ok, Result } from './result.ts';
export { retryAfterIn } from './retry-after.ts';
export type { AttendanceWord, WhoCame } from './say-who-came.ts';
export { bySegment, forSegment, leadTimeBands, responsesOf, segmentOf } from './segments.ts';
export { isAddress, isToken, knownZone, nothingSaid, plainText } from './source-words.ts';
export { remaining, spokenClock, spokenTime } from './spoken-time.ts';
export { attending, type BookingStatus, statusOf } from './standing.ts';
export { type JsonLimits, jsonLimits, readStrictJson } from './strict-json.ts';
export {
  type Duration,
  type Instant,
  instantAt,
  milliseconds,
  Temporal,
  wholeMilliseconds,
} from './temporal.ts';
export { inGsm7, type Segments, segmentsInWords, segmentsOf } from './text-segments.ts';
export { mayBeTexted } from './texting.ts';
export type { TextName } from './texts.ts';
export type { Trouble } from './trouble.ts';
export type { TriedReminder } from './try-policy.ts';
export { NoAnswerInTime, unanswered } from './unanswered.ts';
export type {
  About,
  BookingUpdate,
  Consent,
  Fetched,
  Host,
  Links,
  Place,
  Responses,
  UpdateAttendee,
  UpdateHost,
  UpdateKind,
} from './update.ts';
export type {
  BookingDetail,
  BookingView,
  CalendarView,
  CrmView,
  QuarantinedDelivery,
  ReminderState,
  ReminderView,
  UpcomingReminder,
} from './views.ts';
export { whoCameMail } from './who-came-mail.ts';
