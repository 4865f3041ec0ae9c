// Crash points: every story with a worker that dies before, or right after, each of its calls of a port in turn. Another
// starts a second later, and in the end nothing may be lost, wrong, or sent more often than doubt allows.
import { createPrecall } from '@precall/core';
import { checkCalendar } from './calendar-checks.ts';
import type { FateOf } from './calls.ts';
import { checkCrm } from './crm-checks.ts';
import { checkEnd } from './end-checks.ts';
import { iso } from './in-words.ts';
import type { Violation } from './oracle.ts';
import type { PolicySpec } from './policies.ts';
import { createRandom } from './random.ts';
import { type Scenario, scenarios, storyPolicy, storyStartMs } from './scenarios.ts';
import { bookingIdOf } from './source.ts';
import { fairWeather } from './weather.ts';
import { createWorld, type World } from './world.ts';

/** Where a worker dies: before or right after one of its calls of a port. */
export interface CrashPoint {
  readonly call: number;
  readonly when: 'before' | 'after';
}

/** An invariant that a death broke, with the scenario and the point at which it came. */
export interface CrashFinding {
  readonly scenario: string;
  readonly crash: CrashPoint;
  readonly violation: Violation;
}

/** Which core is run, and at how many of its calls it dies. */
export interface CrashPointOptions {
  readonly createPrecall?: typeof createPrecall;
  /** Every so manyth call only, beginning with another one in each scenario; 1: all. */
  readonly stride?: number;
}

/** What came of all these deaths. */
export interface CrashPointReport {
  readonly runs: number;
  readonly crashes: number;
  readonly virtualMs: number;
  readonly findings: readonly CrashFinding[];
}

/** Every scenario, with a worker that dies at each of its calls in turn. */
export async function crashPoints(
  options: CrashPointOptions = {},
): Promise<CrashPointReport & { readonly scenarios: number }> {
  const reports: CrashPointReport[] = [];
  for (const { name } of scenarios) reports.push(await crashPointsOf(name, options));
  return { scenarios: scenarios.length, ...together(reports) };
}

/** One scenario without a crash, and then with one at each of its calls. */
export async function crashPointsOf(
  name: string,
  { stride = 1, ...options }: CrashPointOptions = {},
): Promise<CrashPointReport> {
  const index = scenarios.findIndex((one) => one.name === name);
  const scenario = scenarios[index];
  if (!scenario) throw new Error(`There is no scenario of the name ${name}.`);
  const whole = await tell(scenario, null, options);
  const findings: CrashFinding[] = whole.violations.map((violation) => ({
    scenario: name,
    crash: { call: -1, when: 'before' },
    violation,
  }));
  let crashes = 0;
  for (let call = index % stride; call < whole.calls; call += stride) {
    for (const when of ['before', 'after'] as const) {
      const crash = { call, when };
      const { violations } = await tell(scenario, crash, options);
      crashes += 1;
      findings.push(...violations.map((violation) => ({ scenario: name, crash, violation })));
    }
  }
  const runs = crashes + 1;
  return { runs, crashes, virtualMs: runs * storyMs, findings };
}

export function together(reports: readonly CrashPointReport[]): CrashPointReport {
  const sum = (of: (report: CrashPointReport) => number): number =>
    reports.reduce((total, one) => total + of(one), 0);
  return {
    runs: sum(({ runs }) => runs),
    crashes: sum(({ crashes }) => crashes),
    virtualMs: sum(({ virtualMs }) => virtualMs),
    findings: reports.flatMap(({ findings }) => findings),
  };
}

const storyMs = 55 * 60_000;

/** One story with at most one crash. */
export async function tell(
  scenario: Scenario,
  crash: CrashPoint | null,
  options: Pick<CrashPointOptions, 'createPrecall'> & { readonly trace?: (line: string) => void } = {},
): Promise<{ readonly calls: number; readonly violations: readonly Violation[] }> {
  let calls = 0;
  let crashed = false;
  const fateOf: FateOf = ({ port }) => {
    const isHere = !crashed && crash?.call === calls;
    calls += 1;
    crashed ||= isHere;
    const leadMs = { store: 2, bell: 1, mailer: 150, texter: 150, crm: 90, calendar: 90 }[port];
    return { crash: isHere ? crash.when : null, fault: null, leadMs, lagMs: 0, arrivesAnyway: false };
  };
  const world = createWorld({
    seed: scenario.name,
    startMs: storyStartMs,
    random: createRandom(scenario.name),
    weather: { ...fairWeather, workers: scenario.workers },
    createPrecall: options.createPrecall ?? createPrecall,
    contacts: ['ana', 'ben', 'eve'].map((name) => ({
      email: `${name}@example.com`,
      isMember: name !== 'ben',
      madeAfterMs: 0,
      firstSoughtMs: null,
      fields: {},
      marks: new Map(),
    })),
    fateOf: () => fateOf,
    isAway: () => false,
    trace: options.trace ?? null,
  });
  world.calm(storyPolicy);
  for (let count = 0; count < scenario.workers; count += 1) world.addWorker(storyPolicy, 'sim');
  const policy = tellTurns(world, scenario);
  await world.timeline.runUntil(storyStartMs + storyMs);
  if (world.oracle.violations().length === 0) reckon(world, policy, crash);
  const violations = world.oracle.violations();
  for (const worker of world.workers()) worker.crash();
  await new Promise((resolve) => setImmediate(resolve));
  return { calls, violations };
}

/** Gives the policy that holds in the end. */
function tellTurns(
  world: World,
  { turns, workers }: Scenario,
): { readonly last: PolicySpec; readonly sinceMs: number } {
  const { timeline, sender, erase, restart } = world;
  let last = { last: storyPolicy, sinceMs: storyStartMs };
  for (const [index, turn] of turns.entries()) {
    const ms = storyStartMs + Math.round(turn.minute * 60_000);
    timeline.at(ms, () => {
      if ('say' in turn) sender.insist({ id: index + 1, update: turn.say });
      else if ('erase' in turn) erase(turn.erase);
      else if ('strange' in turn)
        sender.sendStrange('not understood', { id: index + 1, update: turn.strange });
      else for (let worker = 0; worker < workers; worker += 1) restart(worker, turn.restart);
    });
    if ('restart' in turn) last = { last: turn.restart, sinceMs: ms + 60_000 };
  }
  return last;
}

function reckon(
  world: World,
  { last, sinceMs }: { readonly last: PolicySpec; readonly sinceMs: number },
  crash: CrashPoint | null,
): void {
  const { oracle, heard, timeline } = world;
  const nowMs = timeline.nowMs();
  const context = {
    heard,
    database: world.database,
    oracle,
    calendar: world.calendar,
    contacts: world.contacts,
    refusedByCrm: world.refusedByCrm,
    policy: last,
    troubles: world.troubles,
    calmMs: crash ? nowMs : storyStartMs,
    policyMs: sinceMs,
    nowMs,
    outages: [],
    lateOutage: null,
    wasRestored: false,
  };
  const settled = checkEnd(context);
  checkCrm(settled, context);
  checkCalendar(settled, context);
  for (const { uid, reading } of settled) {
    for (const reminder of reading.reminders) {
      const { rule, email, startMs, dueMs, isWanted, usefulUntilMs, forAbsent } = reminder;
      if (!isWanted || oracle.wasErased(email) || usefulUntilMs - dueMs < 3 * 60_000 || dueMs < sinceMs)
        continue;
      if (forAbsent && oracle.mayHaveAnother(email, startMs, last)) continue;
      const sent = [...oracle.claims().values()].some(
        (claim) =>
          claim.email === email &&
          claim.key.startsWith(`${bookingIdOf(uid)}|`) &&
          claim.key.includes(`|${rule}|`) &&
          oracle.sent().has(claim.key),
      );
      if (!sent) oracle.violate(12, `${uid}/${rule} (start ${iso(startMs)}) was never sent`);
    }
  }
}
