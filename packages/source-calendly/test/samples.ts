// The samples of Calendly's webhooks, and how the tests read them.
import { readdirSync, readFileSync } from 'node:fs';
import { type BookingUpdate, Temporal } from '@precall/core';
import { createCalendlySource } from '../src/index.ts';

export const receivedAt = Temporal.Instant.from('2026-10-16T00:00:00Z');
export const secret = 'a signing key of some length';
export const source = createCalendlySource({ secrets: [secret], clock: { now: () => receivedAt } });

type Fields = { readonly [name: string]: unknown };
export interface Webhook extends Fields {
  readonly event: string;
  readonly created_at: string;
  readonly payload: Fields & { readonly scheduled_event: Fields };
}

const folder = new URL('./fixtures/', import.meta.url);
export const sampleFiles = readdirSync(folder).filter((name) => name.endsWith('.json'));

export type Case = 'created' | 'canceled' | 'created.reschedule' | 'canceled.reschedule';

export function sample(name: Case): Webhook {
  return JSON.parse(
    readFileSync(new URL(`calendly.invitee.${name}.third-party-fixture.json`, folder), 'utf8'),
  );
}

export interface Change {
  /** Of the envelope. */
  readonly webhook?: Fields;
  readonly payload?: Fields;
  readonly event?: Fields;
}

/** The sample with other fields; undefined takes one away. */
export function sampleWith(name: Case, { webhook = {}, payload = {}, event = {} }: Change): Webhook {
  const one = sample(name);
  const scheduled_event = { ...one.payload.scheduled_event, ...event };
  return { ...one, ...webhook, payload: { ...one.payload, scheduled_event, ...payload } };
}

/** An invitee's URI. */
export const uri = (invitee: string, event = 'e1') =>
  `https://api.calendly.com/scheduled_events/${event}/invitees/${invitee}`;

/** The one update the webhook stands for. */
export function updateOf(json: unknown): BookingUpdate {
  const parsed = source.parse(json, receivedAt).unwrap();
  if (!('updates' in parsed)) throw new Error(`ignored: ${parsed.ignored}`);
  const [update, ...more] = parsed.updates;
  if (more.length > 0) throw new Error('not exactly one update');
  return update;
}

export function pathsOf(json: unknown): readonly string[] {
  return source
    .parse(json, receivedAt)
    .unwrapErr()
    .map(({ path }) => path);
}
