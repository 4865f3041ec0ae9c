// What there is to count and to measure, in the words of whoever was given to tell it.
import { type Clock, Err, type Instant, type Precall, Temporal } from '@precall/core';
import { type PlainResponse, type Route, reading, textual, wrongMethod } from './plain.ts';
import { within } from './waiting.ts';

/** Such as `createMetrics` of `@precall/metrics` makes. */
export interface MetricsText {
  readonly contentType: string;
  text(precall: Pick<Precall, 'ready' | 'measure'>): Promise<string>;
}

/** Less than the 10 s for which Prometheus waits unless told otherwise. */
const patience = Temporal.Duration.from({ seconds: 5 });
/** Anybody may ask, and each asking reads the store: within this long the answer stays the same. */
const keptFor = Temporal.Duration.from({ seconds: 1 });
const silent = Err({ kind: 'unavailable', reason: 'the store does not answer' } as const);

export function createMetricsRoute({
  precall,
  metrics,
  clock,
}: {
  readonly precall: Pick<Precall, 'ready' | 'measure'>;
  readonly metrics: MetricsText;
  readonly clock: Clock;
}): Route {
  const bounded = {
    ready: () => within(clock, patience, precall.ready(), false),
    measure: () => within(clock, patience, precall.measure(), silent),
  };
  let kept: { readonly until: Instant; readonly text: Promise<string> } | null = null;

  return async (request): Promise<PlainResponse> => {
    const refused = wrongMethod(request, reading);
    if (refused) return refused;
    const now = clock.now();
    if (!kept || now.epochMilliseconds >= kept.until.epochMilliseconds)
      kept = { until: now.add(keptFor), text: metrics.text(bounded) };
    return textual(metrics.contentType, await kept.text);
  };
}
