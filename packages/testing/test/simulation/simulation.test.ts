// A sample of what `npm run simulate` and `npm run canaries` do at length.
import { describe, expect, it } from 'vitest';
import type { Call } from '../../src/simulation/calls.ts';
import { runSimulateCommand } from '../../src/simulation/command.ts';
import { crashPoints } from '../../src/simulation/crash-points.ts';
import { createDatabase, storeFor } from '../../src/simulation/database.ts';
import { createRandom } from '../../src/simulation/random.ts';
import { simulate } from '../../src/simulation/simulate.ts';
import { addUp, countedThings, createTally, neverHappened, tableOf } from '../../src/simulation/tally.ts';
import { createTimeline } from '../../src/simulation/timeline.ts';
import { fairWeather } from '../../src/simulation/weather.ts';
import { createWorker } from '../../src/simulation/worker.ts';
import { storeContract } from '../../src/store-contract.ts';
import { canaries } from './canaries.ts';
import { findCanary } from './hunt.ts';
import { onceFailed } from './once-failed.ts';
import { spoiltText } from './spoilt-core.ts';

const inATest = { timeout: 120_000 };
/** A seed with few bookings, for what must be true of any. */
const small = 11;

describe('simulate', () => {
  it('finds every invariant kept, in every weather', inATest, async () => {
    for (let seed = 1; seed <= 5; seed += 1) {
      const { violations } = await simulate({ seed });
      expect({ seed, violations }).toEqual({ seed, violations: [] });
    }
  });

  it.each(onceFailed.filter((one) => !isOfTheThousand(one)))(
    'keeps what seed $seed once found broken ($found)',
    inATest,
    async ({ seed }) => {
      expect((await simulate({ seed })).violations).toEqual([]);
    },
  );

  it('tells the same trace for the same seed, and another for another (invariant 25)', inATest, async () => {
    const [first, again, other] = [await traceOf(3), await traceOf(3), await traceOf(small)];
    expect(first.length).toBeGreaterThan(100);
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });
});

/** `.ci/run` goes through these with every change. Here one of them would take as long as ten others. */
function isOfTheThousand({ seed }: { readonly seed: number }): boolean {
  return seed >= 70_000 && seed < 71_000;
}

async function traceOf(seed: number): Promise<readonly string[]> {
  const lines: string[] = [];
  await simulate({ seed, trace: (line) => lines.push(line) });
  return lines;
}

describe('crashPoints', () => {
  it('finds nothing lost or wrong, whatever call a worker dies at', inATest, async () => {
    const { scenarios, runs, findings } = await crashPoints({ stride: 293 });
    expect(scenarios).toBeGreaterThanOrEqual(12);
    expect(runs).toBeGreaterThan(100);
    expect(findings).toEqual([]);
  });
});

describe('a planted bug', () => {
  it.each(canaries)('has its place in the core of today: $bug', ({ edits }) => {
    for (const { file } of edits) expect(() => spoiltText(file, edits)).not.toThrow();
  });

  it.each(canaries)('is found: $bug', inATest, async (canary) => {
    expect(canary.seed).toBeLessThanOrEqual(200);
    const found = await findCanary(canary);
    expect(canary.breaks).toContain(found?.invariant);
  });
});

describe('the tally', () => {
  it('names what never happened, and shows the rest in a table', () => {
    const tally = createTally();
    tally.count('ring lost');
    tally.count('ring lost');
    const counts = addUp([tally.counts(), new Map([['ring lost', 3] as const])]);
    expect(neverHappened(counts)).toHaveLength(countedThings.faults.length + countedThings.races.length - 1);
    expect(tableOf(counts)).toMatch(/ring lost +5\n/);
  });
});

describe('the command', () => {
  const run = async (...args: readonly string[]) => {
    const lines: string[] = [];
    const code = await runSimulateCommand(args, { print: (line) => lines.push(line) });
    return { code, text: lines.join('\n') };
  };

  it('tells one seed with its whole trace', inATest, async () => {
    const { code, text } = await run('--seed', `${small}`);
    expect(code).toBe(0);
    expect(text).toContain('<= webhook');
    expect(text).toContain('0 violations');
  });

  it('tells how many crashes, virtual years and violations there were', inATest, async () => {
    const { code, text } = await run('--seeds', '1', '--from', `${small}`, '--crash-points', '997');
    expect(code).toBe(0);
    expect(text).toMatch(/1 seeds, .*\d+ stories told, \d+ crashes, .*virtual years\/s/);
    expect(text).toMatch(/52 scenarios, \d+ runs, 0 violations/);
  });

  it('explains itself when it does not understand', async () => {
    expect(await run('--sed', '3')).toMatchObject({ code: 2 });
    expect(await run('--seeds', 'many')).toMatchObject({ code: 2 });
    expect(await run('--crash-points', '0')).toMatchObject({ code: 2 });
    expect(await run('--seeds')).toMatchObject({ code: 2 });
  });

  it('ends with 1 when an invariant is broken', inATest, async () => {
    const createPrecall = await spoiltAnswer();
    const lines: string[] = [];
    const code = await runSimulateCommand(['--seeds', '1', '--from', '1'], {
      createPrecall,
      print: (line) => lines.push(line),
    });
    expect(code).toBe(1);
    expect(lines.join('\n')).toContain('1 of 1 seeds break an invariant: 1');
  });
});

/** A core that says everything was taken and keeps nothing. */
async function spoiltAnswer() {
  const { createPrecall } = await import('@precall/core');
  const spoilt: typeof createPrecall = (options) => {
    const precall = createPrecall(options);
    return {
      ...precall,
      receive: async (delivery) => {
        const read = options.source.verify(delivery.headers, delivery.body);
        if (read === 'forged') return { kind: 'forged' };
        options.source.parse(JSON.parse(new TextDecoder().decode(delivery.body)), options.clock.now());
        return { kind: 'ignored', reason: 'already_known' };
      },
    };
  };
  return spoilt;
}

/** The simulated store promises what every store promises. */
const call: Call = async (_call, effect) => effect();
storeContract({
  create() {
    const timeline = createTimeline(0);
    return storeFor(createWorker('A', timeline, 0), {
      database: createDatabase(),
      call,
      weather: fairWeather,
      random: createRandom('contract'),
      tally: createTally(),
      isCalm: () => true,
      onApplied: () => undefined,
      onConflict: () => undefined,
    });
  },
});
