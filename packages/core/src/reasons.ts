// Every reason Precall gives, as a word in a closed union, and the sentence for each.

/** Why a planned reminder will never be sent. */
export type SkipReason =
  | 'meeting_passed'
  | 'meeting_too_soon'
  | 'moment_passed'
  | 'quiet_hours'
  | 'overtaken'
  | 'no_address'
  | 'no_phone'
  | 'no_consent'
  | 'no_zone'
  | 'too_many_recipients';
/** Why a reminder that was planned is not wanted any more. */
export type DropReason =
  | 'cancelled'
  | 'declined'
  | 'superseded'
  | 'awaiting'
  | 'recipient_left'
  | 'suppressed'
  | 'erased'
  | 'no_show'
  | 'attended'
  | 'host_absent'
  | 'attendance_known'
  | 'rebooked'
  | 'daily_cap'
  | 'monthly_cap'
  | 'operator_dropped';
/** Why a reminder was due and wanted, and yet lost its use before it could go. */
export type MissReason = 'no_link' | 'fact_missing' | 'too_late' | 'mailer_unavailable' | 'texting_hours';
/** Why a due reminder is held back for now. */
export type WaitReason = 'no_link' | 'fact_missing' | 'mailer_unavailable' | 'outcome_unknown';
/** Why no send will be tried again. */
export type RefuseReason = 'mailer_rejected' | 'content_failed';
/** Why nobody can tell whether a reminder went out. */
export type UnknownReason = 'no_answer' | 'restored';
/** Why a webhook changed nothing. */
export type IgnoreReason =
  | 'test_ping'
  | 'trigger_not_used'
  | 'too_old'
  | 'unknown_booking'
  | 'older_than_known'
  | 'already_known';
/** Every reason there is. `explain` has a sentence for each. */
export type Reason =
  | SkipReason
  | DropReason
  | MissReason
  | WaitReason
  | RefuseReason
  | UnknownReason
  | IgnoreReason;

const sentences: { readonly [R in Reason]: string } = {
  meeting_passed: 'The call had already begun when it was agreed.',
  meeting_too_soon: 'The call was agreed too shortly before its start for reminders.',
  moment_passed:
    'The moment of this reminder had passed, or it had lost its use, when the call became known.',
  quiet_hours:
    'The reminder falls into quiet hours, and there was no earlier moment after the call was agreed.',
  overtaken: 'Another reminder for the same person falls due at the same moment and is nearer to the call.',
  no_address: 'There is no mail address for this person.',
  no_phone: 'There is no phone number with its country for this person.',
  no_consent: 'This person has not said that they may be texted.',
  no_zone: 'The time zone of this person is not known, so no hour is known at which they may be texted.',
  too_many_recipients: 'The booking has more recipients than the policy allows.',
  cancelled: 'The call was cancelled.',
  declined: 'The call was declined.',
  superseded: 'The call was moved to another time.',
  awaiting: 'The call is not confirmed.',
  recipient_left: 'This person no longer takes part in the call.',
  suppressed:
    'Messages to this person were stopped, by themselves, by an operator or because their address does not take them.',
  erased: 'What was known about this person was erased.',
  no_show: 'This person did not come to the call.',
  attended: 'It was said that this person came to the call after all.',
  host_absent: 'The host did not come to the call.',
  attendance_known: 'It is known who came to the call.',
  rebooked: 'This person has a later call, or asked for one.',
  daily_cap: 'This person already got as many messages in 24 hours as the policy allows.',
  monthly_cap: 'This person already got as many messages after a no-show in 30 days as the policy allows.',
  operator_dropped: 'An operator dropped this reminder.',
  no_link: 'The link to the call is not known.',
  fact_missing: 'The text needs something that is not known.',
  too_late: 'The reminder had lost its use before it could be sent.',
  mailer_unavailable: 'The provider could not take the message.',
  texting_hours: 'It was not an hour at which this person may be texted.',
  outcome_unknown: 'The provider gave no answer; what became of the message may still turn out.',
  mailer_rejected: 'The provider refused the message for good.',
  content_failed: 'The text of the message could not be made.',
  no_answer: 'The provider gave no answer, and nothing told later whether the message went out.',
  restored:
    'An older state of the store was put back after this reminder fell due; whether it had been sent is not known.',
  test_ping: 'A test of the webhook; nothing to do.',
  trigger_not_used: 'A kind of webhook that Precall does not need.',
  too_old: 'The call ended so long ago that nothing is kept about it.',
  unknown_booking: 'The booking is not known; what was said about it is kept in case it comes.',
  older_than_known: 'Something newer is already known.',
  already_known: 'All of this is already known.',
};

/** The sentence for a reason, for people. */
export function explain(reason: Reason): string {
  return sentences[reason];
}
