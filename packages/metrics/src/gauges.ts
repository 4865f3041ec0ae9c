// How much there is to do, as read at each scrape.
import type { Measures } from '@precall/core';
import prometheus, { type Gauge, type Registry } from 'prom-client';

/** What there is one of for each measure. */
export interface Gauges {
  readonly ready: Gauge;
  show(measures: Measures): void;
  /** Nothing is known at the moment: a number from before would be a lie, and 0 another. */
  hide(): void;
}

/** Makes them in `registry`. */
export function gaugesIn(registry: Registry): Gauges {
  const gauge = (name: string, help: string): Gauge =>
    new prometheus.Gauge({ name, help, registers: [registry] });
  const ready = gauge('ready', 'Whether /readyz answers 200.');
  const measured: readonly (readonly [Gauge, (measures: Measures) => number])[] = [
    [gauge('plan_live', 'Bookings with a reminder to come, as far as 1000.'), ({ plans }) => plans],
    [
      gauge('crm_backlog', 'Records that the CRM lane should have looked at by now, as far as 1000.'),
      ({ crmWaiting }) => crmWaiting,
    ],
    [
      gauge('oldest_due_seconds', 'How long the oldest reminder that is due has been due; 0 when none is.'),
      ({ at, nextMailAt }) => Math.max(0, nextMailAt ? seconds(at) - seconds(nextMailAt) : 0),
    ],
    [
      gauge(
        'webhook_silence_seconds',
        'Since the last authentic webhook, or since the process began where none has come.',
      ),
      ({ at, heardAt }) => Math.max(0, seconds(at) - seconds(heardAt)),
    ],
    [
      gauge('quarantined_deliveries', 'Webhooks kept because they were not understood, as far as 100.'),
      ({ quarantined }) => quarantined,
    ],
    [gauge('sends_running', 'Sends that have begun and have not ended.'), ({ sending }) => sending],
    [
      gauge('outcomes_unsaved', 'Outcomes of sends that the store has not taken yet.'),
      ({ unsaved }) => unsaved,
    ],
  ];

  return {
    ready,
    show(measures) {
      for (const [one, value] of measured) one.set(value(measures));
    },
    hide() {
      for (const [one] of measured) one.remove();
    },
  };
}

function seconds({ epochMilliseconds }: Measures['at']): number {
  return epochMilliseconds / 1_000;
}
