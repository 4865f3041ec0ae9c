// What is observed, as spans of OpenTelemetry, by its conventions for messaging (still experimental there).

import type { Attributes } from '@opentelemetry/api';
import type { Observation, Observe } from '@precall/core';

interface Told {
  readonly operation: 'process' | 'receive' | 'send';
  readonly destination: 'bookings' | 'delivery_events' | 'reminders' | 'contacts' | 'events';
  /** As in `error.type`; null: it went well. */
  readonly error: string | null;
  readonly more: Attributes;
}

/**
 * Spans of intakes, pages of what is due, sends and CRM writes, for the tracer provider of the process. Nothing personal is
 * in them. Without `@opentelemetry/api`, an optional peer, what it gives does nothing.
 */
export async function createTracing(): Promise<Observe> {
  const api = await loadApi();
  if (!api) return () => undefined;
  const { trace, SpanKind, SpanStatusCode } = api;
  const tracer = trace.getTracer('@precall/metrics');
  // A receive and a send are calls of ours; no trace context travels with a message.
  const kinds = { process: SpanKind.CONSUMER, receive: SpanKind.CLIENT, send: SpanKind.CLIENT } as const;

  return (seen) => {
    const told = toldBy(seen);
    if (!told || !('startedAt' in seen)) return;
    const { operation, destination, error, more } = told;
    const span = tracer.startSpan(`${operation} ${destination}`, {
      kind: kinds[operation],
      startTime: new Date(seen.startedAt.epochMilliseconds),
      // Only an intake belongs to the request around it: what follows runs for many, whoever woke it.
      root: operation !== 'process',
      attributes: {
        'messaging.system': 'precall',
        'messaging.operation.name': operation,
        'messaging.operation.type': operation,
        'messaging.destination.name': destination,
        ...(error && { 'error.type': error }),
        ...more,
      },
    });
    if (error) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end(new Date(seen.endedAt.epochMilliseconds));
  };
}

function toldBy(seen: Observation): Told | null {
  switch (seen.kind) {
    case 'webhook':
    case 'delivery_events': {
      const destination = seen.kind === 'webhook' ? 'bookings' : 'delivery_events';
      const error = seen.answer === 'away' ? 'unavailable' : null;
      return { operation: 'process', destination, error, more: { 'precall.answer': seen.answer } };
    }
    case 'dispatch_page': {
      const more = { 'messaging.batch.message_count': seen.bookings };
      return { operation: 'receive', destination: 'reminders', error: seen.error, more };
    }
    case 'send': {
      const more = { 'precall.outcome': seen.outcome };
      return { operation: 'send', destination: 'reminders', error: seen.error, more };
    }
    case 'crm_write':
      return { operation: 'send', destination: 'contacts', error: seen.error, more: {} };
    case 'calendar_write':
      return { operation: 'send', destination: 'events', error: seen.error, more: {} };
    default:
      return null;
  }
}

async function loadApi(): Promise<typeof import('@opentelemetry/api') | null> {
  try {
    return await import('@opentelemetry/api');
  } catch {
    return null;
  }
}
