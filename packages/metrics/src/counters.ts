// What happened, counted. Every series is there from the beginning, at 0: an increase from nothing would not be seen.
import type { Observation, Observe } from '@precall/core';
import prometheus, { type Registry } from 'prom-client';
import {
  clientOperations,
  errors,
  eventsAnswers,
  routes,
  sendOutcomes,
  troubleKinds,
  unsentStates,
  webhookAnswers,
  writeOutcomes,
} from './words.ts';

/** Those that the conventions of OpenTelemetry for messaging recommend, in seconds. */
const durationBuckets = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
/** A reminder is late from a minute on. */
const latenessBuckets = [0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600];

type Sent = Extract<Observation, { readonly kind: 'send' | 'send_abandoned' }>;
type Timed = Extract<Observation, { readonly startedAt: unknown }>;

/** Makes the counters in `registry`; gives what adds to them. */
export function countingIn(registry: Registry): Observe {
  const { intake, lateness, client, processing } = histogramsIn(registry);
  const { sends, unsent, crm, calendar, forged, events, troubles, zones } = countersIn(registry);

  function answered(route: (typeof routes)[number], answer: string, seen: Timed): void {
    const error = answer === 'away' ? 'unavailable' : '';
    processing.labels('process', route, error).observe(lasting(seen));
    if (answer === 'forged') forged.inc({ route });
  }

  function sent({ outcome, again }: Sent): void {
    // What was given back is sent later.
    if (outcome === 'released') return;
    if (outcome === 'accepted') sends.inc({ outcome: again ? 'resent' : 'sent' });
    else sends.inc({ outcome });
  }

  return (seen) => {
    switch (seen.kind) {
      case 'webhook':
        intake.observe({ answer: seen.answer }, lasting(seen));
        return answered('bookings', seen.answer, seen);
      case 'delivery_events':
        events.inc({ answer: seen.answer });
        return answered('delivery_events', seen.answer, seen);
      case 'dispatch_page':
        return client.labels('receive', 'reminders', seen.error ?? '').observe(lasting(seen));
      case 'send': {
        sent(seen);
        if (seen.outcome === 'released') return;
        client.labels('send', 'reminders', seen.error ?? '').observe(lasting(seen));
        const lateMs = seen.endedAt.epochMilliseconds - seen.dueAt.epochMilliseconds;
        // One that an operator sends before its moment is not late.
        if (seen.outcome === 'accepted' && lateMs >= 0) lateness.observe(lateMs / 1_000);
        return;
      }
      case 'send_abandoned':
        return sent(seen);
      case 'reminders_dropped':
        return sends.inc({ outcome: 'void' }, seen.count);
      case 'crm_write':
        crm.inc({ outcome: seen.error ?? 'written' });
        return client.labels('send', 'contacts', seen.error ?? '').observe(lasting(seen));
      case 'calendar_write':
        calendar.inc({ outcome: seen.error ?? 'written' });
        return client.labels('send', 'events', seen.error ?? '').observe(lasting(seen));
      case 'zone_mismatch':
        return zones.inc();
      case 'trouble': {
        troubles.inc({ kind: seen.trouble });
        const state = unsentStates[seen.trouble];
        if (state) unsent.inc({ state });
        return;
      }
      default:
        seen satisfies never;
    }
  };
}

function countersIn(registry: Registry) {
  const counter = <const Label extends string>(
    name: string,
    help: string,
    { label, words }: { readonly label: Label; readonly words: readonly string[] },
  ) => {
    const made = new prometheus.Counter({ name, help, labelNames: [label], registers: [registry] });
    for (const word of words) made.labels(word).inc(0);
    return made;
  };
  return {
    sends: counter(
      'sends_total',
      'What became of reminders: sent, sent again after an unknown outcome, refused, unknown, or dropped unsent (void).',
      { label: 'outcome', words: sendOutcomes },
    ),
    unsent: counter('reminders_unsent_total', 'Reminders that were wanted and were not sent.', {
      label: 'state',
      words: Object.values(unsentStates),
    }),
    crm: counter('crm_writes_total', 'Times that a person was brought up to date in the CRM, or was not.', {
      label: 'outcome',
      words: writeOutcomes,
    }),
    calendar: counter(
      'calendar_writes_total',
      'Times that a call was brought up to date in the calendar, or was not.',
      { label: 'outcome', words: writeOutcomes },
    ),
    forged: counter('bad_signatures_total', 'Posts that were wrongly signed.', {
      label: 'route',
      words: routes,
    }),
    events: counter('delivery_event_posts_total', "Posts of the mailer's delivery events, as answered.", {
      label: 'answer',
      words: eventsAnswers,
    }),
    troubles: counter('troubles_total', 'Times that a person should look.', {
      label: 'kind',
      words: troubleKinds,
    }),
    zones: new prometheus.Counter({
      name: 'tz_mismatch_total',
      help: 'Webhooks whose source knows another offset from UTC for a zone than this process.',
      registers: [registry],
    }),
  };
}

function histogramsIn(registry: Registry) {
  const registers = [registry];
  const intake = new prometheus.Histogram({
    name: 'intake_ack_seconds',
    help: 'From the body of a booking webhook having come in to its answer.',
    labelNames: ['answer'],
    buckets: durationBuckets,
    registers,
  });
  const lateness = new prometheus.Histogram({
    name: 'reminder_lateness_seconds',
    help: 'From the due moment of a reminder to the mailer having taken it.',
    buckets: latenessBuckets,
    registers,
  });
  const durations = (name: string, help: string) =>
    new prometheus.Histogram({
      name,
      help,
      labelNames: ['messaging_operation_name', 'messaging_destination_name', 'error_type'],
      buckets: durationBuckets,
      registers,
    });
  const client = durations(
    'messaging_client_operation_duration_seconds',
    'How long it took to read what is due, to send a reminder, to write a contact.',
  );
  const processing = durations(
    'messaging_process_duration_seconds',
    'How long it took to take in what was posted.',
  );
  for (const answer of webhookAnswers) intake.zero({ answer });
  for (const error_type of errors) {
    for (const [messaging_operation_name, messaging_destination_name] of clientOperations)
      client.zero({ messaging_operation_name, messaging_destination_name, error_type });
  }
  for (const messaging_destination_name of routes) {
    for (const error_type of ['', 'unavailable'])
      processing.zero({ messaging_operation_name: 'process', messaging_destination_name, error_type });
  }
  return { intake, lateness, client, processing };
}

function lasting({ startedAt, endedAt }: Timed): number {
  // A clock that was set back while it lasted.
  return Math.max(0, endedAt.epochMilliseconds - startedAt.epochMilliseconds) / 1_000;
}
