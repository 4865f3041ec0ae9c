// @precall/metrics: everything public, by hand.
export { createMetrics, type Metrics, type MetricsOptions } from './create-metrics.ts';
export { createTracing } from './tracing.ts';
