import { Err, type Measures, type Observation, Ok, type Precall } from '@precall/core';
import { createMetrics, type Metrics } from '@precall/metrics';
import prometheus from 'prom-client';
import { describe, expect, it } from 'vitest';
import { calendarWrite, crmWrite, events, page, sent, startedAt, webhook } from './observed.ts';

const idle: Measures = {
  at: startedAt,
  nextMailAt: null,
  plans: 0,
  crmWaiting: 0,
  quarantined: 0,
  heardAt: startedAt,
  sending: 0,
  unsaved: 0,
};
const measuring = (measures: Partial<Measures>): Pick<Precall, 'ready' | 'measure'> => ({
  ready: async () => true,
  measure: async () => Ok({ ...idle, ...measures }),
});

/** The lines after these observations that are not 0 and are no buckets. */
async function told(...seen: readonly Observation[]): Promise<readonly string[]> {
  const metrics = createMetrics();
  for (const one of seen) metrics.observe(one);
  const lines = (await metrics.text(measuring({}))).split('\n');
  return lines.filter(
    (line) => /^[^#]/.test(line) && !line.endsWith(' 0') && !/_bucket|^ready|^messaging/.test(line),
  );
}

async function readingOf(metrics: Metrics, precall: Pick<Precall, 'ready' | 'measure'>, name: string) {
  const line = (await metrics.text(precall)).split('\n').find((one) => one.startsWith(`${name} `));
  return line && Number(line.slice(name.length + 1));
}

describe('what is counted', () => {
  it('is each webhook by its answer, and how long it took', async () => {
    expect(await told(webhook('taken'), webhook('taken'))).toEqual([
      'intake_ack_seconds_sum{answer="taken"} 0.6',
      'intake_ack_seconds_count{answer="taken"} 2',
    ]);
  });

  it('is a wrong signature, by the route it came in at', async () => {
    expect(await told(webhook('forged'), events('forged'), events('taken'))).toEqual(
      expect.arrayContaining([
        'bad_signatures_total{route="bookings"} 1',
        'bad_signatures_total{route="delivery_events"} 1',
        'delivery_event_posts_total{answer="taken"} 1',
      ]),
    );
  });

  it('is a send by its outcome, and how late it was once it was accepted', async () => {
    expect(await told(sent)).toEqual([
      'reminder_lateness_seconds_sum 20.3',
      'reminder_lateness_seconds_count 1',
      'sends_total{outcome="sent"} 1',
    ]);
    expect(await told({ ...sent, outcome: 'refused', error: 'rejected' })).toEqual([
      'sends_total{outcome="refused"} 1',
    ]);
    expect(await told({ ...sent, outcome: 'unknown', error: 'unknown' })).toEqual([
      'sends_total{outcome="unknown"} 1',
    ]);
  });

  it('is a send after an unknown outcome as sent again', async () => {
    expect(await told({ ...sent, again: true })).toContain('sends_total{outcome="resent"} 1');
  });

  it('is not a send that was given back, nor the lateness of one before its moment', async () => {
    expect(await told({ ...sent, outcome: 'released' })).toEqual([]);
    const early = { ...sent, dueAt: sent.endedAt.add({ hours: 1 }) };
    expect(await told(early)).toEqual(['sends_total{outcome="sent"} 1']);
  });

  it('is a send whose process died, without its times', async () => {
    const abandoned = { kind: 'send_abandoned', outcome: 'unknown', error: 'unknown', again: false } as const;
    expect(await told(abandoned)).toEqual(['sends_total{outcome="unknown"} 1']);
  });

  it('is every reminder that dropped', async () => {
    expect(await told({ kind: 'reminders_dropped', count: 3 })).toEqual(['sends_total{outcome="void"} 3']);
  });

  it('is a trouble by its kind, and a reminder that was not sent by its state', async () => {
    expect(await told({ kind: 'trouble', trouble: 'reminder_missed' })).toEqual([
      'reminders_unsent_total{state="missed"} 1',
      'troubles_total{kind="reminder_missed"} 1',
    ]);
    expect(await told({ kind: 'trouble', trouble: 'source_away' })).toEqual([
      'troubles_total{kind="source_away"} 1',
    ]);
  });

  it('is what became of writes to the CRM and the calendar, and zones that are not agreed upon', async () => {
    const writes = [crmWrite(null), crmWrite('rejected'), calendarWrite(null), calendarWrite('unknown')];
    expect(await told(...writes, { kind: 'zone_mismatch' })).toEqual([
      'crm_writes_total{outcome="written"} 1',
      'crm_writes_total{outcome="rejected"} 1',
      'calendar_writes_total{outcome="written"} 1',
      'calendar_writes_total{outcome="unknown"} 1',
      'tz_mismatch_total 1',
    ]);
  });

  it('is how long each operation took, by the names of the conventions of OpenTelemetry', async () => {
    const metrics = createMetrics();
    for (const one of [webhook('away'), page, sent, crmWrite('rejected'), calendarWrite(null)])
      metrics.observe(one);
    const text = await metrics.text(measuring({}));
    const counts = text.split('\n').filter((line) => /^messaging\w+_count.* [1-9]/.test(line));
    const series = (operation: string, destination: string, error: string) =>
      `{messaging_operation_name="${operation}",messaging_destination_name="${destination}",error_type="${error}"} 1`;
    expect(counts).toEqual([
      `messaging_client_operation_duration_seconds_count${series('receive', 'reminders', '')}`,
      `messaging_client_operation_duration_seconds_count${series('send', 'reminders', '')}`,
      `messaging_client_operation_duration_seconds_count${series('send', 'events', '')}`,
      `messaging_client_operation_duration_seconds_count${series('send', 'contacts', 'rejected')}`,
      `messaging_process_duration_seconds_count${series('process', 'bookings', 'unavailable')}`,
    ]);
  });

  it('is there from the beginning, at 0, so that the first time is an increase', async () => {
    const text = await createMetrics().text(measuring({}));
    for (const series of [
      'sends_total{outcome="unknown"} 0',
      'troubles_total{kind="webhooks_silent"} 0',
      'reminders_unsent_total{state="refused"} 0',
      'intake_ack_seconds_count{answer="taken"} 0',
      'reminder_lateness_seconds_count 0',
    ])
      expect(text).toContain(`\n${series}\n`);
  });

  it('takes no time at all where a clock was set back', async () => {
    expect(await told({ ...sent, endedAt: startedAt.subtract({ hours: 1 }) })).toContain(
      'sends_total{outcome="sent"} 1',
    );
  });
});

describe('what is measured', () => {
  it.each([
    ['plan_live', { plans: 7 }, 7],
    ['crm_backlog', { crmWaiting: 3 }, 3],
    ['quarantined_deliveries', { quarantined: 2 }, 2],
    ['sends_running', { sending: 4 }, 4],
    ['outcomes_unsaved', { unsaved: 5 }, 5],
    ['oldest_due_seconds', {}, 0],
    ['oldest_due_seconds', { nextMailAt: startedAt.add({ hours: 1 }) }, 0],
    ['oldest_due_seconds', { nextMailAt: startedAt.subtract({ minutes: 2 }) }, 120],
    ['webhook_silence_seconds', { heardAt: startedAt.subtract({ hours: 1 }) }, 3_600],
    ['ready', {}, 1],
  ] as const)('gives %s of %o', async (name, measures, value) => {
    expect(await readingOf(createMetrics(), measuring(measures), name)).toBe(value);
  });

  it('is left out while the store does not answer, and comes back', async () => {
    const metrics = createMetrics();
    const away = {
      ready: async () => false,
      measure: async () => Err({ kind: 'unavailable', reason: 'away' } as const),
    };
    expect(await readingOf(metrics, measuring({ plans: 7 }), 'plan_live')).toBe(7);
    expect(await readingOf(metrics, away, 'plan_live')).toBeUndefined();
    expect(await readingOf(metrics, away, 'ready')).toBe(0);
    expect(await readingOf(metrics, measuring({ plans: 7 }), 'plan_live')).toBe(7);
  });
});

describe('createMetrics', () => {
  it('keeps to a registry of its own', async () => {
    const [one, other] = [createMetrics(), createMetrics()];
    one.observe({ kind: 'zone_mismatch' });
    expect(await readingOf(other, measuring({}), 'tz_mismatch_total')).toBe(0);
    expect(await prometheus.register.metrics()).toBe('\n');
    expect(one.contentType).toBe('text/plain; version=0.0.4; charset=utf-8');
  });

  it('tells of the process only when asked to', async () => {
    const names = async (metrics: Metrics) =>
      (await metrics.text(measuring({}))).includes('nodejs_eventloop_lag_seconds');
    expect(await names(createMetrics())).toBe(false);
    expect(await names(createMetrics({ processMetrics: true }))).toBe(true);
  });
});
