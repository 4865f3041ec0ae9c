// How long a reminder may take once an outage of the mailer is over (invariant 15): the backlog at the mailer's own pace,
// and a minute.
import type { ReadReminder } from './reading-reminders.ts';

export interface Drain {
  /** The latest moment at which a reminder due then may leave. */
  untilMs(dueMs: number): number;
}

/** On time means within this, for calls that are known and workers that are well. */
export const punctualMs = 60_000;
/** What the provider takes at once, and what passes until a worker that was asked for ten seconds of patience is back. */
const atOnce = 12;
const roundMs = 12_000;

export function drainAfter(
  outage: { readonly fromMs: number; readonly toMs: number } | null,
  reminders: readonly ReadReminder[],
): Drain {
  if (!outage) return { untilMs: (dueMs) => dueMs + punctualMs };
  const { fromMs, toMs } = outage;
  const backlog = reminders.filter(
    ({ dueMs, usefulUntilMs }) =>
      fromMs - punctualMs <= dueMs && dueMs <= toMs + punctualMs && usefulUntilMs > toMs,
  ).length;
  const drainedMs = toMs + punctualMs + Math.ceil(backlog / atOnce) * roundMs;
  const isHeldUp = (dueMs: number): boolean => fromMs - punctualMs <= dueMs && dueMs <= drainedMs;
  return { untilMs: (dueMs) => Math.max(dueMs + punctualMs, isHeldUp(dueMs) ? drainedMs : 0) };
}
