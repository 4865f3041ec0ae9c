// The host's routes on the ports in memory: the configuration, the intake and the CRM are real, time stands still.
import {
  createMemoryClock,
  createMemoryCrm,
  createMemoryEntropy,
  createMemoryMailer,
  createMemoryStore,
} from '@precall/adapter-memory';
import { createPrecall, invariant, Temporal } from '@precall/core';
import { createHttp } from '@precall/http';
import { createCalcomSource, signCalcom } from '@precall/source-calcom';
import { readSample, redated } from '../../scripts/sample-webhooks.ts';
import { readConfiguration } from '../../src/configuration.ts';
import { policyFor } from '../../src/policy.ts';

const secret = 'a-secret-of-the-tests';
const guest = 'guest@example.com';

export const now = Temporal.Instant.from('2026-11-23T12:00:00Z');

export interface Said {
  readonly uid?: string;
  readonly startTime?: string;
  readonly organizer?: { readonly name: string; readonly timeZone?: string };
  readonly [field: string]: unknown;
}

/** `variables` are those of INTERFACE.md section 1. */
export function createMemoryHost(variables: { readonly [name: string]: string } = {}) {
  const configuration = readConfiguration({ CALCOM_WEBHOOK_SECRET: secret, ...variables }, []).unwrap();
  invariant(configuration.kind === 'host', 'a secret makes it a host');
  const clock = createMemoryClock(now);
  const crm = createMemoryCrm({ unknown: 'add' });
  const precall = createPrecall({
    source: createCalcomSource({ secrets: [secret] }),
    store: createMemoryStore(),
    mailer: createMemoryMailer({ clock }),
    crm,
    clock,
    entropy: createMemoryEntropy('dry run'),
    policy: policyFor(configuration),
  });
  const answer = createHttp({ precall, clock });

  async function post(webhook: object, signature?: string) {
    const body = new TextEncoder().encode(JSON.stringify(webhook));
    const response = await answer({
      method: 'POST',
      path: '/webhook/calcom-booking',
      query: new URLSearchParams(),
      headers: {
        'content-type': ['application/json'],
        'x-cal-signature-256': [signature ?? signCalcom(secret, body)],
      },
      body: async () => body,
    });
    return { status: response?.status, body: JSON.parse(response?.body ?? 'null') };
  }

  return {
    clock,
    post,
    /** Cal.com's sample of this trigger, as if said now. */
    say: (trigger: string, said: Said = {}, createdAt: unknown = clock.now()) =>
      post(saying(trigger, said, createdAt)),
    /** What the CRM holds about the guest, once everything due is done. */
    async contact() {
      await precall.tick();
      const fields = crm.contacts().find(({ email }) => email === guest)?.fields ?? {};
      return Object.fromEntries(Object.entries(fields).map(([name, { value }]) => [name, value]));
    },
  };
}

/** A call of 15 minutes with one guest; `said` goes into the payload. */
export function saying(trigger: string, said: Said, createdAt: unknown = now): object {
  const sample = redated(readSample(trigger), now);
  const startTime = said.startTime ?? '2026-12-03T15:00:00Z';
  const endTime = Temporal.Instant.from(startTime).add({ minutes: 15 });
  const attendees = [{ email: guest, name: 'Guest User', timeZone: 'UTC', language: { locale: 'en' } }];
  const payload = { ...Object(sample.payload), uid: 'u1', attendees, startTime, endTime, ...said };
  return { ...sample, createdAt, payload };
}
