// Cal.com's documented samples as if they had been sent just now, and how the tests read them.
import { readdirSync, readFileSync } from 'node:fs';
import { type BookingUpdate, type SchemaIssue, Temporal } from '@precall/core';
import { createCalcomSource } from '../src/index.ts';

export const receivedAt = Temporal.Instant.from('2026-11-23T09:00:00.250Z');
export const secret = 'a secret of some length';
export const source = createCalcomSource({ secrets: [secret] });

type Fields = { [name: string]: unknown };
export interface Webhook extends Fields {
  triggerEvent: string;
  createdAt?: string;
  payload: Fields;
}

const folder = new URL('./fixtures/', import.meta.url);
export const sampleFiles = readdirSync(folder).filter((name) => name.endsWith('.json'));

/** The sample with all its moments moved by one length, so that its `createdAt` is 09:00 of the day of receipt. */
export function sample(file: string): Webhook {
  const text = readFileSync(new URL(`${file}.json`, folder), 'utf8');
  const createdAt = Temporal.Instant.from(JSON.parse(text).createdAt);
  const length = createdAt.until(Temporal.Instant.from('2026-11-23T09:00:00Z'));
  return JSON.parse(text, (_key, value) => (isMoment(value) ? moved(value, length) : value));
}

/** The sample with other fields in its payload. */
export function sampleWith(file: string, fields: Fields): Webhook {
  const webhook = sample(file);
  return { ...webhook, payload: { ...webhook.payload, ...fields } };
}

/** The one update the webhook stands for. */
export function updateOf(json: unknown): BookingUpdate {
  const parsed = source.parse(json, receivedAt).unwrap();
  if (!('updates' in parsed)) throw new Error(`ignored: ${parsed.ignored}`);
  const [update, ...more] = parsed.updates;
  if (!update || more.length > 0) throw new Error('not exactly one update');
  return update;
}

export function issuesOf(json: unknown): readonly SchemaIssue[] {
  return source.parse(json, receivedAt).unwrapErr();
}

export function pathsOf(json: unknown): readonly string[] {
  return issuesOf(json).map(({ path }) => path);
}

function isMoment(value: unknown): value is string {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(value);
}

/** In the format it came in. */
function moved(text: string, length: Temporal.Duration): string {
  const instant = Temporal.Instant.from(text).add(length);
  if (text.includes('.')) return instant.toString({ fractionalSecondDigits: 3 });
  return text.endsWith('Z') ? instant.toString() : instant.toString().replace('Z', '+00:00');
}
