// What is observed and what is measured, as Prometheus reads it. In a registry of its own: nothing else of the process
// is in it, and two of them do not mix.
import type { Observe, Precall } from '@precall/core';
// By its default: with --disallow-code-generation-from-strings Node 20.19.0 finds no names in a CommonJS module.
import prometheus from 'prom-client';
import { countingIn } from './counters.ts';
import { gaugesIn } from './gauges.ts';

/** Everything may be left out. */
export interface MetricsOptions {
  /** Also what Node says of its process: memory, processor time, the lag of its event loop. Off unless given. */
  readonly processMetrics?: boolean;
}

/** Counts what it observes, and tells it with what is measured at the moment of asking. */
export interface Metrics {
  /** For `createPrecall`. */
  readonly observe: Observe;
  readonly contentType: string;
  /** All metrics in Prometheus' text format. Where the store does not answer, what is measured in it is left out. */
  text(precall: Pick<Precall, 'ready' | 'measure'>): Promise<string>;
}

/** No label holds an id or an address; what each can be is a closed set of words. */
export function createMetrics({ processMetrics = false }: MetricsOptions = {}): Metrics {
  const registry = new prometheus.Registry();
  const observe = countingIn(registry);
  const gauges = gaugesIn(registry);
  if (processMetrics) prometheus.collectDefaultMetrics({ register: registry });

  return {
    observe,
    contentType: registry.contentType,
    async text(precall) {
      const [isReady, measures] = await Promise.all([precall.ready(), precall.measure()]);
      gauges.ready.set(isReady ? 1 : 0);
      if (measures.isOk()) gauges.show(measures.value);
      else gauges.hide();
      return await registry.metrics();
    },
  };
}
