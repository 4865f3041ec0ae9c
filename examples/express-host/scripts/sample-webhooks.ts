// Cal.com's documented sample webhooks: as they lie, and as if said now about bookings of their own.
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { Temporal } from '@precall/core';

export interface Webhook {
  readonly triggerEvent?: unknown;
  readonly createdAt?: unknown;
  readonly [name: string]: unknown;
}

const folder = new URL('../../../packages/source-calcom/test/fixtures/', import.meta.url);

export function sampleNames(): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.replace('.json', ''));
}

export function readSample(name: string): Webhook {
  return JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8'));
}

/** All its moments moved by one length, so that it was said at `saidAt`; every uid in it is a new one. */
export function redated(webhook: Webhook, saidAt: Temporal.Instant): Webhook {
  const by = Temporal.Instant.from(String(webhook.createdAt)).until(saidAt);
  const uids = new Map<string, string>();
  const text = JSON.stringify(webhook, (key, value: unknown) => {
    if (typeof value !== 'string') return value;
    if (isMoment.test(value)) return Temporal.Instant.from(value).add(by).toString();
    if (!/^(uid|\w+Uid)$/.test(key)) return value;
    const uid = uids.get(value) ?? randomUUID();
    uids.set(value, uid);
    return uid;
  });
  return JSON.parse(text);
}

const isMoment = /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/;
