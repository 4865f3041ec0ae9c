import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { context, ROOT_CONTEXT, SpanKind, SpanStatusCode, TraceFlags, trace } from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import type { Observation } from '@precall/core';
import { createTracing } from '@precall/metrics';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { crmWrite, events, page, sent, startedAt, webhook } from './observed.ts';

const exporter = new InMemorySpanExporter();
beforeEach(() => {
  trace.setGlobalTracerProvider(
    new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
  );
});
afterEach(() => {
  trace.disable();
  context.disable();
  exporter.reset();
});

async function spansOf(...seen: readonly Observation[]) {
  const observe = await createTracing();
  for (const one of seen) observe(one);
  return exporter.getFinishedSpans();
}

describe('createTracing', () => {
  it('makes a span of each intake, page, send and CRM write, named by operation and destination', async () => {
    const spans = await spansOf(webhook('taken'), events('taken'), page, sent, crmWrite(null));
    expect(spans.map(({ name, kind }) => [name, kind])).toEqual([
      ['process bookings', SpanKind.CONSUMER],
      ['process delivery_events', SpanKind.CONSUMER],
      ['receive reminders', SpanKind.CLIENT],
      ['send reminders', SpanKind.CLIENT],
      ['send contacts', SpanKind.CLIENT],
    ]);
    expect(spans.map(({ status }) => status.code)).toEqual(spans.map(() => SpanStatusCode.UNSET));
    expect(spans[2]?.attributes).toEqual({
      'messaging.system': 'precall',
      'messaging.operation.name': 'receive',
      'messaging.operation.type': 'receive',
      'messaging.destination.name': 'reminders',
      'messaging.batch.message_count': 3,
    });
  });

  it('gives it the moments at which it happened', async () => {
    const [span] = await spansOf(sent);
    expect([span?.startTime, span?.duration]).toEqual([
      [startedAt.epochMilliseconds / 1_000, 0],
      [0, 300_000_000],
    ]);
  });

  it('marks what failed with a word of a closed set', async () => {
    const spans = await spansOf(
      webhook('away'),
      { ...sent, outcome: 'unknown', error: 'unknown' },
      crmWrite('rejected'),
    );
    expect(spans.map(({ status }) => status)).toEqual(spans.map(() => ({ code: SpanStatusCode.ERROR })));
    expect(spans.map(({ attributes }) => attributes['error.type'])).toEqual([
      'unavailable',
      'unknown',
      'rejected',
    ]);
  });

  it('makes no span of what takes no time', async () => {
    expect(
      await spansOf(
        { kind: 'zone_mismatch' },
        { kind: 'reminders_dropped', count: 3 },
        { kind: 'trouble', trouble: 'reminder_missed' },
      ),
    ).toEqual([]);
  });

  it('makes an intake a part of the request around it, and a page, a send and a CRM write no part of the request that happened to wake them', async () => {
    const request = { traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: TraceFlags.SAMPLED };
    const around = trace.setSpanContext(ROOT_CONTEXT, request);
    const manager: Parameters<typeof context.setGlobalContextManager>[0] = {
      active: () => around,
      with: (_, run, self, ...given) => run.apply(self, given),
      bind: (_, target) => target,
      enable: () => manager,
      disable: () => manager,
    };
    context.setGlobalContextManager(manager);
    const parentOf = async (observation: Observation) => {
      const [span] = await spansOf(observation);
      exporter.reset();
      return span?.parentSpanContext?.spanId;
    };
    expect(await parentOf(webhook('taken'))).toBe(request.spanId);
    for (const one of [page, sent, crmWrite(null)]) expect(await parentOf(one)).toBeUndefined();
  });

  it('does nothing where the API of OpenTelemetry is not installed', () => {
    const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
    const without = `data:text/javascript,${encodeURIComponent(absent)}`;
    const url = JSON.stringify(new URL('../src/tracing.ts', import.meta.url).href);
    const script = `const { createTracing } = await import(${url});
      const observe = await createTracing();
      observe({ kind: 'zone_mismatch' });
      process.stdout.write('nothing failed');`;
    const said = execFileSync(
      process.execPath,
      [
        '--conditions=@precall/source',
        '--import',
        loader,
        '--import',
        without,
        '--input-type=module',
        '-e',
        script,
      ],
      { cwd: fileURLToPath(new URL('.', import.meta.url)), encoding: 'utf8' },
    );
    expect(said).toBe('nothing failed');
  });
});

/** Hooks of Node, by which the package is not found. */
const absent = `import { register } from 'node:module';
register('data:text/javascript,' + encodeURIComponent(\`export async function resolve(name, context, next) {
  if (name !== '@opentelemetry/api') return next(name, context);
  throw Object.assign(new Error('not found'), { code: 'ERR_MODULE_NOT_FOUND' });
}\`));`;
