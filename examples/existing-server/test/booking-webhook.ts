// Cal.com's documented sample of a new booking, as if said now.
import { readFileSync } from 'node:fs';

const sample = new URL('../../../packages/source-calcom/test/fixtures/BOOKING_CREATED.json', import.meta.url);

export function bookingIn(hours: number): string {
  const webhook = JSON.parse(readFileSync(sample, 'utf8'));
  const nowMs = Date.now();
  const startTime = new Date(nowMs + hours * 3_600_000).toISOString();
  const endTime = new Date(nowMs + hours * 3_600_000 + 900_000).toISOString();
  const payload = { ...webhook.payload, startTime, endTime };
  return JSON.stringify({ ...webhook, createdAt: new Date(nowMs).toISOString(), payload });
}
