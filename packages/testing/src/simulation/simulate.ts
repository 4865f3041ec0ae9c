// One seed from beginning to end: days of bookings in every weather, then calm, then the reckoning.
import { createPrecall } from '@precall/core';
import { type Calcom, createCalcom } from './calcom.ts';
import { checkCalendar } from './calendar-checks.ts';
import { createCalendly } from './calendly.ts';
import { fatesOf, type PortName } from './calls.ts';
import { checkCrm } from './crm-checks.ts';
import type { CrmContact } from './crm-system.ts';
import { checkEnd } from './end-checks.ts';
import type { Violation } from './oracle.ts';
import { drawPolicy, type PolicySpec, usualPolicy } from './policies.ts';
import { createRandom, type Random } from './random.ts';
import { bookingIdOf } from './source.ts';
import type { Counted } from './tally.ts';
import { drawWeather, type Weather } from './weather.ts';
import { createWorld, type World } from './world.ts';

/** Which seed, which core, and where its trace goes. */
export interface SimulateOptions {
  readonly seed: number;
  /** The core to run: the real one unless a test has spoilt it. */
  readonly createPrecall?: typeof createPrecall;
  /** Takes every line of the trace, in order. */
  readonly trace?: (line: string) => void;
}

/** What came of one seed: what was broken, and how much really happened in it. */
export interface SimulationReport {
  readonly seed: number;
  readonly weather: Weather;
  readonly violations: readonly Violation[];
  readonly counts: ReadonlyMap<Counted, number>;
  readonly virtualMs: number;
  readonly calls: number;
  readonly crashes: number;
  readonly claims: number;
  readonly sent: number;
  readonly bookings: number;
}

const startMs = Date.UTC(2026, 2, 2);
const hourMs = 3_600_000;
const actingMs = 72 * hourMs;
const endMs = startMs + 176 * hourMs;

interface Outage {
  readonly port: PortName;
  readonly fromMs: number;
  readonly toMs: number;
}

/** The same seed gives the same run, to the last line of its trace. */
export async function simulate(options: SimulateOptions): Promise<SimulationReport> {
  const { seed, trace } = options;
  const random = createRandom(`precall ${seed}`);
  const weather = drawWeather(random.branch('weather'));
  const lastPolicy = drawLastPolicy(random.branch('last policy'));
  const calmMs = startMs + calmAfterMs(random, weather, lastPolicy);
  const lateOutage = drawLateOutage(random.branch('late outage'), calmMs);
  const early = drawOutages(random.branch('outages'), weather).filter(({ fromMs }) => fromMs < calmMs);
  const outages = [...early.map((one) => ({ ...one, toMs: Math.min(one.toMs, calmMs) })), ...lateOutage];
  const fates = random.branch('fates');
  const world = createWorld({
    seed: String(seed),
    startMs,
    random: random.branch('world'),
    weather,
    createPrecall: options.createPrecall ?? createPrecall,
    contacts: drawContacts(random.branch('contacts'), weather),
    fateOf: (context) => fatesOf(weather, { ...context, random: fates }),
    isAway: (port, nowMs) =>
      outages.some((one) => one.port === port && one.fromMs <= nowMs && nowMs < one.toMs),
    trace: trace ?? null,
  });
  const { timeline, tally, oracle, heard } = world;
  for (const { port } of early) tally.count(outageNames[port]);
  if (lateOutage.some(({ port }) => port === 'mailer')) tally.count('mailer away while all else is well');
  const stray = (cause: unknown): void =>
    oracle.violate(25, `a promise of the core was rejected: ${String(cause)}`);
  process.on('unhandledRejection', stray);
  try {
    if (lastPolicy.isPoisoned) tally.count('policy that cannot plan some calls, all else well');
    const policies = random.branch('policies');
    const first = firstPolicy(weather, { policies, lastPolicy });
    for (let count = 0; count < weather.workers; count += 1) world.addWorker(first, 'sim');
    if (weather.calendly) world.addWorker(first, 'cly');
    const shared = { timeline, tally, emit: world.say, untilMs: startMs + actingMs };
    const calcom = createCalcom({
      ...shared,
      random: random.branch('calcom'),
      isSending: (uid) => isSending(world, uid),
      bookElsewhere: weather.calendly ? (person) => calendly.book(person) : null,
    });
    const calendly = createCalendly({
      ...shared,
      random: random.branch('calendly'),
      people: calcom.people,
    });
    calcom.begin();
    if (weather.calendly) calendly.begin();
    if (weather.kind !== 'calm')
      planTroubles(world, { random: random.branch('troubles'), weather, calmMs, policies });
    planPeople(world, { random: random.branch('people'), people: calcom.people.map(({ email }) => email) });
    planWishes(world, { random: random.branch('wishes'), people: calcom.people });
    timeline.at(calmMs, () => world.calm(lastPolicy));
    for (const hours of [0.02, 0.5, 2, 12, 40]) {
      timeline.at(calmMs + hours * hourMs, () => insistOnTheUnanswered(world));
    }
    await timeline.runUntil(endMs);
    if (oracle.violations().length === 0) {
      const context = {
        heard,
        database: world.database,
        oracle,
        calendar: world.calendar,
        contacts: world.contacts,
        refusedByCrm: world.refusedByCrm,
        policy: lastPolicy,
        troubles: world.troubles,
        calmMs,
        policyMs: first === lastPolicy ? startMs : calmMs,
        nowMs: timeline.nowMs(),
        outages,
        lateOutage: lateOutage.find(({ port }) => port === 'mailer') ?? null,
        wasRestored: (tally.counts().get('store restored from a backup') ?? 0) > 0,
      };
      const settled = checkEnd(context);
      checkCrm(settled, context);
      checkCalendar(settled, context);
    }
    await dismiss(world);
  } finally {
    process.off('unhandledRejection', stray);
  }
  for (const { invariant, sentence } of oracle.violations())
    world.note('oracle', () => `VIOLATES ${invariant}: ${sentence}`);
  return {
    seed,
    weather,
    violations: oracle.violations(),
    counts: tally.counts(),
    virtualMs: timeline.nowMs() - startMs,
    calls: world.calls(),
    crashes: world.crashes(),
    claims: oracle.claims().size,
    sent: [...oracle.sent().values()].reduce((sum, { length }) => sum + length, 0),
    bookings: heard.uids().length,
  };
}

/** One more turn, so that what the last event set going is over before the next run. */
function dismiss(world: World): Promise<void> {
  for (const worker of world.workers()) worker.crash();
  return new Promise((resolve) => setImmediate(resolve));
}

const outageNames = {
  store: 'store away for a while',
  mailer: 'mailer away for an hour',
  texter: 'texter away for an hour',
  crm: 'CRM away for an hour',
  calendar: 'calendar away for an hour',
  bell: 'ring refused',
} as const;

function drawOutages(random: Random, weather: Weather): readonly Outage[] {
  const some = (port: PortName, count: number, minutes: readonly [number, number]): readonly Outage[] =>
    Array.from({ length: count }, () => {
      const dayMs = startMs + random.between(0, 2) * 24 * hourMs;
      // Half of them when many reminders fall due.
      const fromMs =
        dayMs + (random.chance(0.5) ? random.between(780, 850) : random.between(0, 1_400)) * 60_000;
      return { port, fromMs, toMs: fromMs + random.between(...minutes) * 60_000 };
    });
  return [
    ...some('store', weather.storeOutages, [1, 40]),
    ...some('mailer', weather.mailerOutages, [30, 75]),
    ...some('crm', weather.crmOutages, [30, 75]),
    ...some('calendar', weather.calendarOutages, [30, 75]),
    ...some('bell', weather.ringTrouble > 0.3 ? 1 : 0, [5, 60]),
    ...some('texter', weather.mailerOutages, [30, 75]),
  ];
}

/** An hour without mailer or CRM after all else has come to rest: what waited must drain (invariant 15). */
function drawLateOutage(random: Random, calmMs: number): readonly Outage[] {
  if (random.chance(0.4)) return [];
  const port = random.pick(['mailer', 'mailer', 'crm'] as const);
  const sometimeMs = calmMs + random.between(60, 36 * 60) * 60_000;
  const afternoonMs = Math.ceil(calmMs / (24 * hourMs)) * 24 * hourMs + random.between(780, 850) * 60_000;
  const fromMs = random.chance(0.5) ? sometimeMs : afternoonMs;
  return [{ port, fromMs, toMs: fromMs + random.between(30, 75) * 60_000 }];
}

/** One that comes late is sought for 71 minutes, by clocks that are not set meanwhile. */
function drawContacts(random: Random, { clocks }: Weather): readonly CrmContact[] {
  const late = random.branch('made late');
  return Array.from({ length: 8 }, (_, index) => index).flatMap((index) => {
    const count = random.pick([1, 1, 1, 1, 1, 0, 2]);
    const isMember = random.chance(0.7);
    return Array.from(
      { length: count },
      (): CrmContact => ({
        email: index % 3 === 0 ? `P${index}@Example.com` : `p${index}@example.com`,
        isMember,
        madeAfterMs: clocks !== 'set' && late.chance(0.15) ? late.between(1, 68 * 60) * 1_000 : 0,
        firstSoughtMs: null,
        fields: {},
        marks: new Map(),
      }),
    );
  });
}

/** The policy that everybody has once it is calm. */
function drawLastPolicy(random: Random): PolicySpec {
  const drawn = random.chance(0.7) ? drawPolicy(random, 'last') : { ...usualPolicy, name: 'last' };
  const poison = random.branch('poison');
  const isPoisoned = poison.chance(0.15);
  return { ...drawn, isPoisoned, messagesPerDay: null, concurrency: isPoisoned ? poison.pick([16, 1]) : 16 };
}

/**
 * A policy that cannot plan some calls comes while calls are ahead that were planned by another: under its own rules no
 * such call is taken in.
 */
function calmAfterMs(random: Random, { kind }: Weather, { isPoisoned }: PolicySpec): number {
  const usualMs = kind === 'calm' ? 0 : random.between(60, 84) * hourMs;
  return isPoisoned ? random.branch('poisoned').between(24, 60) * hourMs : usualMs;
}

function firstPolicy(
  { restarts }: Weather,
  { policies, lastPolicy }: { readonly policies: Random; readonly lastPolicy: PolicySpec },
): PolicySpec {
  if (lastPolicy.isPoisoned) return { ...drawPolicy(policies, 'first'), isPoisoned: false };
  return restarts === 0 ? lastPolicy : drawPolicy(policies, 'first');
}

function isSending({ oracle }: World, uid: string): boolean {
  return [...oracle.claims().values()].some(
    ({ key, settled }) => !settled && key.startsWith(`${bookingIdOf(uid)}|`),
  );
}

function insistOnTheUnanswered({ heard, sender }: World): void {
  const unanswered = heard.unanswered();
  for (const emission of sender.emissions()) if (unanswered.has(emission.id)) sender.insist(emission);
}

function planTroubles(
  world: World,
  {
    random,
    weather,
    calmMs,
    policies,
  }: {
    readonly random: Random;
    readonly weather: Weather;
    readonly calmMs: number;
    readonly policies: Random;
  },
): void {
  const { timeline, tally } = world;
  const sometime = (): number => startMs + random.between(0, Math.floor((calmMs - startMs) / 1_000)) * 1_000;
  for (let count = 0; count < weather.pauses; count += 1) {
    timeline.at(sometime(), () => {
      for (const worker of world.workers()) {
        if (!worker.isAlive() || !random.chance(0.6)) continue;
        world.pause(worker, random.between(2, 90) * 1_000);
      }
    });
  }
  if (weather.clocks === 'set') {
    for (let count = 0; count < 5; count += 1) {
      timeline.at(sometime(), () => {
        const [worker] = world.workers().filter((one) => one.isAlive() && random.chance(0.6));
        if (!worker) return;
        const byHours = random.chance(0.4);
        tally.count(byHours ? 'clock set by an hour' : 'clock set by seconds');
        const ms = byHours ? random.pick([-1, 1]) * hourMs : random.between(-60, 60) * 1_000;
        world.note(worker.name, () => `its clock is set by ${ms / 1_000} s`);
        worker.stepClock(ms, random.between(0, 60_000));
      });
    }
  }
  for (let count = 0; count < weather.restarts; count += 1) {
    timeline.at(sometime(), () => {
      tally.count('restart with another policy');
      const policy = drawPolicy(policies, `changed ${count + 1}`);
      for (let index = 0; index < weather.workers + (weather.calendly ? 1 : 0); index += 1) {
        timeline.at(timeline.nowMs() + random.between(0, 600) * 1_000, () => {
          if (!world.isCalm()) world.restart(index, policy);
        });
      }
    });
  }
  if (weather.restores > 0) {
    const backupMs = sometime();
    timeline.at(backupMs, () => {
      const backup = world.database.backup();
      const restoreMs = Math.min(backupMs + random.between(1, 600) * 60_000, calmMs - 1);
      if (backup.size > 1) timeline.at(restoreMs, () => world.restore(backup, backupMs));
    });
  }
}

/** Some want no more texts, and some of these want them again. */
function planWishes(
  world: World,
  { random, people }: { readonly random: Random; readonly people: Calcom['people'] },
): void {
  for (const { phone } of people) {
    if (!phone || !random.chance(0.3)) continue;
    world.timeline.at(startMs + random.between(0, 72 * 60) * 60_000, () =>
      world.wish(phone, 'stop', () => {
        if (!random.chance(0.5)) return;
        world.timeline.at(world.timeline.nowMs() + random.between(1, 1_200) * 60_000, () =>
          world.wish(phone, 'start', () => undefined),
        );
      }),
    );
  }
}

/** Erasures, and deliveries that nobody should believe. */
function planPeople(
  world: World,
  { random, people }: { readonly random: Random; readonly people: readonly string[] },
): void {
  const { timeline, sender } = world;
  const sometime = (): number => startMs + random.between(0, 72 * 60) * 60_000;
  if (random.chance(0.5)) {
    const [email] = people.slice(random.between(0, people.length - 1));
    timeline.at(sometime(), () => world.erase(email ?? ''));
  }
  for (const kind of ['forged', 'not understood'] as const) {
    if (!random.chance(0.4)) continue;
    timeline.at(sometime(), () => {
      const [emission] = sender.emissions();
      if (emission) sender.sendStrange(kind, emission);
    });
  }
}
