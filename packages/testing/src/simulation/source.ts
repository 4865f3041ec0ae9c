// The sources of the simulation: their wire format is the update itself, as JSON with moments as ISO text.
import {
  type BookingSource,
  type BookingUpdate,
  Err,
  type Instant,
  Ok,
  Temporal,
  type WebhookDelivery,
} from '@precall/core';

/** One thing that the simulated Cal.com said; each subscription's copy is one of its own. */
export interface Emission {
  readonly id: number;
  readonly update: BookingUpdate;
}

/** What stands for Cal.com, and what for Calendly. */
export type SourceName = 'sim' | 'cly';

/** Which source a booking is of: Calendly's are numbered behind a `c`; a story's may be called so without a number. */
export function sourceOf(uid: string): SourceName {
  return /^c\d/.test(uid) ? 'cly' : 'sim';
}

/** As core names it. */
export function bookingIdOf(uid: string): string {
  return `${sourceOf(uid)}:${uid}`;
}

const encoder = new TextEncoder();

/** `attempt` numbers the delivery; the bytes are the same each time. */
export function deliveryOf(body: string, attempt: number, sign: 'authentic' | 'forged'): WebhookDelivery {
  return {
    headers: {
      'content-type': ['application/json'],
      'x-simulation-signature': [sign],
      'x-simulation-attempt': [String(attempt)],
    },
    body: encoder.encode(body),
  };
}

export function bodyOf({ id, update }: Emission): string {
  const { receivedAt: _, ...said } = update;
  return JSON.stringify({ emission: id, update: said });
}

/** `heard` is told of everything that was understood, with the number of its delivery. */
export function createSimulationSource(
  name: SourceName,
  heard: (attempt: number, emission: Emission) => void,
): BookingSource {
  let attempt = 0;
  return {
    name,
    verify(headers) {
      attempt = Number(headers['x-simulation-attempt']?.[0]);
      return headers['x-simulation-signature']?.[0] === 'authentic' ? 'authentic' : 'forged';
    },
    parse(json, receivedAt) {
      const emission = readEmission(json, receivedAt);
      if (!emission) return Err([{ path: '', message: 'is not of this simulation' }]);
      heard(attempt, emission);
      return Ok({ updates: [emission.update] });
    },
  };
}

function readEmission(json: unknown, receivedAt: Instant): Emission | null {
  if (typeof json !== 'object' || json === null || !('emission' in json) || !('update' in json)) return null;
  const said = withMoments(json.update, '') as Omit<BookingUpdate, 'receivedAt'>;
  return { id: Number(json.emission), update: { ...said, receivedAt } };
}

/** By the house rule that a moment's name ends in `At`. */
function withMoments(value: unknown, name: string): unknown {
  if (typeof value === 'string' && name.endsWith('At')) return Temporal.Instant.from(value);
  if (Array.isArray(value)) return value.map((inner) => withMoments(inner, ''));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withMoments(inner, key)]));
}
