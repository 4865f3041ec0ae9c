import { describe, expect, it } from 'vitest';
import { createLane, type Turn, turnOf } from '../src/lane.ts';
import { Err, Ok } from '../src/result.ts';

const settle = async () => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};

/** A lane whose turns give these outcomes, then `done`; and how many turns it took. */
function scripted(...outcomes: readonly Turn[]) {
  let turns = 0;
  const lane = createLane(async () => outcomes[turns++] ?? 'done');
  return { lane, turns: () => turns };
}

describe('run', () => {
  it('takes turns until nothing is due', async () => {
    const { lane, turns } = scripted('more', 'more', 'done');
    await lane.run();
    expect(turns()).toBe(3);
    await lane.run();
    expect(turns()).toBe(4);
  });

  it('looks again for whoever asks while it runs, in one loop', async () => {
    let running = 0;
    let most = 0;
    let turns = 0;
    const lane = createLane(async () => {
      running += 1;
      most = Math.max(most, running);
      turns += 1;
      await settle();
      running -= 1;
      return 'done';
    });
    await Promise.all([lane.run(), lane.run(), lane.run()]);
    expect(most).toBe(1);
    expect(turns).toBe(2);
  });

  it('serves whoever asks between the last look and the end of the loop', async () => {
    let due = 0;
    let asked: Promise<void> | null = null;
    const lane = createLane(async () => {
      due = 0;
      return 'done';
    });
    const first = lane.run();
    // One microtask at a time, so that some asking falls into the gap.
    for (let turn = 0; turn < 8; turn += 1) {
      await Promise.resolve();
      due = 1;
      asked = lane.run();
    }
    await Promise.all([first, asked]);
    expect(due).toBe(0);
  });

  it('ends when the store does not answer, though somebody asked meanwhile', async () => {
    const { lane, turns } = scripted('retry');
    await Promise.all([lane.run(), lane.run()]);
    expect(turns()).toBe(1);
    await lane.run();
    expect(turns()).toBe(2);
  });

  it('hands on the failure of a turn, and runs again when it is asked again', async () => {
    const outcomes = [() => Promise.reject(new Error('a record that cannot be read'))];
    const lane = createLane(async () => (await outcomes.shift()?.()) ?? 'done');
    await expect(lane.run()).rejects.toThrow('cannot be read');
    await expect(lane.run()).resolves.toBeUndefined();
  });
});

describe('stir', () => {
  it('lets a waiting lane look again, and only then', async () => {
    const { lane, turns } = scripted('waiting', 'waiting', 'done');
    const ended = lane.run();
    await settle();
    expect(turns()).toBe(1);
    lane.stir();
    await settle();
    expect(turns()).toBe(2);
    void lane.run();
    await ended;
    expect(turns()).toBe(3);
  });

  it('is heard also during the turn that ends in waiting', async () => {
    let turns = 0;
    const lane = createLane(async () => {
      turns += 1;
      if (turns === 1) lane.stir();
      return turns === 1 ? 'waiting' : 'done';
    });
    await lane.run();
    expect(turns).toBe(2);
  });

  it('of a lane at rest does nothing', async () => {
    const { lane, turns } = scripted();
    lane.stir();
    await settle();
    expect(turns()).toBe(0);
  });
});

describe('turnOf', () => {
  it('asks for more after a page that held something, and for another try where there was no answer', async () => {
    expect(await turnOf(Promise.resolve(Ok(3)))).toBe('more');
    expect(await turnOf(Promise.resolve(Ok(0)))).toBe('done');
    expect(await turnOf(Promise.resolve(Err({ kind: 'unavailable', reason: 'away' } as const)))).toBe(
      'retry',
    );
  });
});
