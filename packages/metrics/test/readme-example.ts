import { createHttp, type Http } from '@precall/http';
import { createMetrics, createTracing } from '@precall/metrics';
import { createPrecall, type NodePrecallOptions } from '@precall/node';

/** `GET /metrics` beside the other routes. With Express, give `metrics` to `createPrecallRouter`. */
export async function observed(parts: NodePrecallOptions): Promise<Http> {
  const metrics = createMetrics({ processMetrics: true });
  const trace = await createTracing();
  const precall = createPrecall({
    ...parts,
    observe(observation) {
      metrics.observe(observation);
      trace(observation);
    },
  });
  return createHttp({ precall, metrics });
}
