// A lane's loop: takes page after page until nothing is due, one loop at a time however often it is asked to run.
import type { PortResult } from './ports.ts';

export interface Lane {
  /** Resolves when nothing was due any more at some moment after this call. Rejects as a turn does, and can run again. */
  run(): Promise<void>;
  /** A running loop looks again: a slot became free, or something was saved. */
  stir(): void;
}

/** `waiting`: nothing can be taken until the lane is stirred. `retry`: the store would not answer. */
export type Turn = 'more' | 'done' | 'waiting' | 'retry';

export function createLane(turn: () => Promise<Turn>): Lane {
  let wake: (() => void) | null = null;
  let wantedAgain = false;
  let looping: Promise<void> | null = null;

  async function loop(): Promise<void> {
    for (;;) {
      wantedAgain = false;
      const heard = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const outcome = await turn();
      if (outcome === 'waiting') await heard;
      if (outcome === 'retry') wantedAgain = false;
      if (outcome === 'retry' || (outcome === 'done' && !wantedAgain)) return;
    }
  }

  function run(): Promise<void> {
    wantedAgain = true;
    stir();
    looping ??= loop()
      .finally(() => {
        looping = null;
      })
      // Whoever asks between the loop's last look and its end is served by another loop.
      .then(() => (wantedAgain ? run() : undefined));
    return looping;
  }

  function stir(): void {
    wake?.();
  }

  return { run, stir };
}

/** Ok or not of a page, as a turn. */
export async function turnOf(page: PortResult<number>): Promise<'more' | 'done' | 'retry'> {
  const found = await page;
  if (found.isErr()) return 'retry';
  return found.value > 0 ? 'more' : 'done';
}
