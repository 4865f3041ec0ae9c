// What labels can say: closed sets, typed so that a new word in core does not compile before it is here.
import type { EventsAnswer, IntakeAnswer, PortError, Trouble } from '@precall/core';

function words<Word extends string>(all: { readonly [W in Word]: true }): readonly Word[] {
  return Object.keys(all).filter((word): word is Word => word in all);
}

export const webhookAnswers = words<IntakeAnswer['kind']>({
  taken: true,
  ignored: true,
  too_large: true,
  forged: true,
  wrong_type: true,
  not_understood: true,
  away: true,
});

export const eventsAnswers = words<EventsAnswer['kind']>({
  taken: true,
  not_configured: true,
  too_large: true,
  forged: true,
  not_understood: true,
  away: true,
});

/** Of a call that did not fail the label is empty, which to Prometheus is none. */
export const errors: readonly ('' | PortError['kind'])[] = [
  '',
  ...words<PortError['kind']>({ unavailable: true, rejected: true, unknown: true }),
];

export const sendOutcomes = ['sent', 'resent', 'refused', 'unknown', 'void'] as const;

/** Of the CRM and the calendar. */
export const writeOutcomes = ['written', 'unavailable', 'rejected', 'unknown'] as const;

export const routes = ['bookings', 'delivery_events'] as const;

export const troubleKinds = words<Trouble['kind']>({
  reminder_missed: true,
  reminder_refused: true,
  reminder_unknown: true,
  mailer_refuses_us: true,
  crm_refused: true,
  calendar_refused: true,
  crm_away: true,
  calendar_away: true,
  contact_not_found: true,
  possible_duplicate: true,
  quarantined: true,
  record_failed: true,
  source_away: true,
  text_unusable: true,
  webhooks_silent: true,
  bad_signatures: true,
  reminders_late: true,
});

/** Reminders that were wanted and were not sent, by the trouble that tells of one. */
export const unsentStates: { readonly [K in Trouble['kind']]?: string } = {
  reminder_missed: 'missed',
  reminder_refused: 'refused',
  reminder_unknown: 'unknown',
};

/** What is asked of the outside, as the conventions of OpenTelemetry for messaging name it: operation and destination. */
export const clientOperations = [
  ['receive', 'reminders'],
  ['send', 'reminders'],
  ['send', 'contacts'],
  ['send', 'events'],
] as const;
