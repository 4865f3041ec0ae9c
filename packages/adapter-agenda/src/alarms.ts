// The bell that each process keeps for itself: the moments it asked for, and a look every minute. Agenda gives a row to
// one process only, and to none while its database is away.
import { type Cancel, type Clock, Temporal } from '@precall/core';

export interface Alarms {
  /** Rings for what was asked for before, too. */
  start(onRing: () => void): void;
  ask(atMs: number): void;
  /** The row of this moment came here: it rings when that has come, unless its alarm has rung already. */
  heard(atMs: number): void;
  /** Somebody else's reason to look, such as the row of every minute. */
  look(): void;
  /** Nothing rings any more, and no alarm keeps the process up. */
  stop(): void;
}

const lookEveryMs = 60_000;
/** A row is handled so long after its alarm at the most; later it rings again, which does no harm. */
const rememberedMs = 120_000;

export function createAlarms(clock: Clock): Alarms {
  const asked = new Set<number>();
  /** When each moment rang here. */
  const rung = new Map<number, number>();
  let listener: (() => void) | null = null;
  let nextLookMs = Number.POSITIVE_INFINITY;
  let alarm: { readonly ms: number; readonly cancel: Cancel } | null = null;

  function arm(): void {
    if (!listener) return;
    // A clock that was set back would otherwise put the next look off by as much.
    nextLookMs = Math.min(nextLookMs, clock.now().epochMilliseconds + lookEveryMs);
    const ms = Math.min(nextLookMs, ...asked);
    if (alarm?.ms === ms) return;
    alarm?.cancel();
    alarm = { ms, cancel: clock.at(Temporal.Instant.fromEpochMilliseconds(ms), onAlarm) };
  }

  /** All that has passed rings once together. */
  function onAlarm(): void {
    const nowMs = clock.now().epochMilliseconds;
    alarm = null;
    for (const atMs of asked) if (atMs <= nowMs) note(atMs, nowMs);
    nextLookMs = nowMs + lookEveryMs;
    arm();
    listener?.();
  }

  function note(atMs: number, nowMs: number): void {
    for (const [earlierMs, whenMs] of rung) if (whenMs < nowMs - rememberedMs) rung.delete(earlierMs);
    rung.set(atMs, nowMs);
    asked.delete(atMs);
  }

  function ask(atMs: number): void {
    asked.add(atMs);
    arm();
  }

  return {
    start(onRing) {
      listener = onRing;
      nextLookMs = Number.POSITIVE_INFINITY;
      arm();
    },
    ask,
    heard(atMs) {
      const nowMs = clock.now().epochMilliseconds;
      if (rung.has(atMs)) return;
      if (!listener || atMs > nowMs) return ask(atMs);
      note(atMs, nowMs);
      arm();
      listener();
    },
    look: () => listener?.(),
    stop() {
      listener = null;
      alarm?.cancel();
      alarm = null;
      asked.clear();
    },
  };
}
