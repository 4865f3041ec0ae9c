// True time in a simulation: a list of what happens when. No timer and no clock of the machine is asked.
import type { Cancel } from '@precall/core';

export interface Timeline {
  nowMs(): number;
  /** Runs once, at `ms` or, where that has passed, next. Those of one moment run in the order of asking. */
  at(ms: number, run: () => void): Cancel;
  /** Lets time pass until then. Between two events every promise chain that the first set going comes to rest. */
  runUntil(ms: number): Promise<void>;
  /** Nothing more happens; a running `runUntil` ends. */
  halt(): void;
}

interface Event {
  readonly ms: number;
  readonly seq: number;
  run: (() => void) | null;
}

/** After so many events the event loop gets a turn, so that signals and other work are not starved. */
const eventsPerTurn = 5_000;

export function createTimeline(startMs: number): Timeline {
  const heap: Event[] = [];
  let nowMs = startMs;
  let seq = 0;
  let halted = false;

  function at(ms: number, run: () => void): Cancel {
    const event: Event = { ms: Math.max(ms, nowMs), seq: seq++, run };
    push(heap, event);
    return () => {
      event.run = null;
    };
  }

  function runUntil(endMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      let events = 0;
      const step = (): void => {
        const next = heap[0];
        if (halted || !next || next.ms > endMs) {
          nowMs = Math.max(nowMs, endMs);
          resolve();
          return;
        }
        pop(heap);
        nowMs = next.ms;
        try {
          next.run?.();
        } catch (cause) {
          reject(cause);
          return;
        }
        events += 1;
        // A tick asked for within a microtask comes when no microtask is left.
        queueMicrotask(() => (events % eventsPerTurn === 0 ? setImmediate(step) : process.nextTick(step)));
      };
      setImmediate(step);
    });
  }

  return {
    nowMs: () => nowMs,
    at,
    runUntil,
    halt() {
      halted = true;
    },
  };
}

function isSooner(a: Event, b: Event): boolean {
  return a.ms < b.ms || (a.ms === b.ms && a.seq < b.seq);
}

function push(heap: Event[], event: Event): void {
  let index = heap.length;
  heap.push(event);
  while (index > 0) {
    const above = (index - 1) >> 1;
    const parent = heap[above];
    if (!parent || !isSooner(event, parent)) break;
    heap[index] = parent;
    index = above;
  }
  heap[index] = event;
}

function pop(heap: Event[]): void {
  const last = heap.pop();
  if (!last || heap.length === 0) return;
  let index = 0;
  for (;;) {
    const left = heap[2 * index + 1];
    const right = heap[2 * index + 2];
    if (!left) break;
    const isRight = right !== undefined && isSooner(right, left);
    const child = isRight ? right : left;
    if (!isSooner(child, last)) break;
    heap[index] = child;
    index = 2 * index + (isRight ? 2 : 1);
  }
  heap[index] = last;
}
