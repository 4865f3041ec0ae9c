// How long the event loop stood still at the longest.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

/** In milliseconds, over the time that `work` takes. */
export async function stallWhile(work: () => Promise<void>): Promise<number> {
  const stalls = monitorEventLoopDelay({ resolution: 1 });
  stalls.enable();
  // It counts from its first look: a stall before that would go unseen.
  await sleep(10);
  await work();
  stalls.disable();
  return stalls.max / 1e6;
}

/** Of a process that does nothing for so long, five times over: such stalls are the machine's. */
export async function idleStalls(ms = 2_000): Promise<readonly number[]> {
  const found: number[] = [];
  for (let round = 0; round < 5; round += 1) found.push(await stallWhile(() => sleep(ms)));
  return found;
}
