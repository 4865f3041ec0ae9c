// What the tests of failing hosts share: a folder, a secret, bookings said now, and ends that leave nothing behind.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Temporal } from '@precall/core';
import { expect, onTestFinished } from 'vitest';
import {
  type Answer,
  askOperator,
  type HostProcess,
  postBooking,
  startHost,
} from '../scripts/host-process.ts';
import { readSample, redated } from '../scripts/sample-webhooks.ts';

export const secret = 'a-secret-of-the-failures';
export const password = 'twelve-characters';
export const env = {
  CALCOM_WEBHOOK_SECRET: secret,
  OPERATOR_PASSWORD: password,
  PORT: '0',
  LOG_LEVEL: 'silent',
} as const;

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'precall-failures-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Killed when the test ends, if it still runs. */
export async function given(
  folder: string,
  variables: { readonly [name: string]: string } = {},
): Promise<HostProcess> {
  const host = await startHost({ folder, env: { ...env, ...variables } });
  onTestFinished(async () => {
    await host.end('SIGKILL');
  });
  return host;
}

/** A booking of its own, of a call in `seconds`. */
export function booking(seconds: number, attendee: object = {}) {
  const now = Temporal.Now.instant();
  const { payload, ...webhook } = redated(readSample('BOOKING_CREATED'), now);
  const startTime = now.add({ seconds }).toString();
  const endTime = now.add({ seconds: seconds + 900 }).toString();
  const attendees = [{ email: 'guest@example.com', name: 'Guest', timeZone: 'UTC', ...attendee }];
  return { ...webhook, payload: { ...Object(payload), startTime, endTime, attendees } };
}

let guests = 0;
/** Of a guest of its own. In test mode the last reminder goes a minute before the call, and is of use until then. */
export function dueIn(seconds: number) {
  guests += 1;
  return booking(60 + Math.round(seconds), { email: `guest-${guests}@example.com` });
}

export function post(host: HostProcess, webhook: object = booking(86_400)): Promise<Answer> {
  return postBooking(host.baseUrl, secret, webhook);
}

/** Those of `ids` that the host does not know. Each is asked for: a list could hide what changes while it is read. */
export async function unknownAmong(host: HostProcess, ids: readonly string[]): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const id of ids) {
    const { status } = await askOperator(host.baseUrl, password, `bookings/${encodeURIComponent(id)}`);
    if (status !== 200) missing.push(id);
  }
  return missing;
}

interface Reminder {
  readonly rule: string;
  readonly state: string;
  readonly attempts: readonly { readonly outcome: string | null }[];
}

/** The last reminder of each, once it is sent; fails when one ends otherwise. */
export async function sent(host: HostProcess, ids: readonly string[]): Promise<readonly Reminder[]> {
  const reminders: Reminder[] = [];
  for (const id of ids) {
    const ended = await until(async () => {
      const { body } = await askOperator(host.baseUrl, password, `bookings/${encodeURIComponent(id)}`);
      const all: readonly Reminder[] = Array.isArray(body.reminders) ? body.reminders : [];
      const last = all.find(({ rule }) => rule === '2h');
      return !last || ['planned', 'sending'].includes(last.state) ? null : last;
    });
    expect(ended.state).toBe('sent');
    reminders.push(ended);
  }
  return reminders;
}

/** Asks until there is an answer: of another process, whose clock cannot be moved. */
export async function until<T>(look: () => Promise<T | null> | T | null): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    await sleep(20);
  }
}

/** The messages in a mailbox; none where there is no mailbox yet. */
export function filesIn(path: string): readonly string[] {
  try {
    return readdirSync(path).filter((name) => name.endsWith('.json'));
  } catch {
    return [];
  }
}
