// What a run is printed as.
import type { CrashFinding, CrashPointReport } from './crash-points.ts';
import type { SimulationReport } from './simulate.ts';
import { weatherText } from './weather.ts';

export function seedText({ seed, weather, violations }: SimulationReport): string {
  const found = violations.map(
    ({ invariant, sentence, atMs }) =>
      `  invariant ${invariant} at ${new Date(atMs).toISOString()}: ${sentence}`,
  );
  return [`seed ${seed} (${weatherText(weather)})`, ...(found.length > 0 ? found : ['  0 violations'])].join(
    '\n',
  );
}

export function findingText({ scenario, crash, violation }: CrashFinding): string {
  const where = crash.call < 0 ? 'without a crash' : `crash ${crash.when} call ${crash.call}`;
  return `${scenario}, ${where}: invariant ${violation.invariant}: ${violation.sentence}`;
}

const yearMs = 365.25 * 86_400_000;

/** One line; `seconds` is what the run took by the clock on the wall. */
export function figuresText(
  reports: readonly SimulationReport[],
  stories: CrashPointReport | null,
  seconds: number,
): string {
  const sum = (of: (report: SimulationReport) => number): number =>
    reports.reduce((total, one) => total + of(one), 0);
  const years = (sum(({ virtualMs }) => virtualMs) + (stories?.virtualMs ?? 0)) / yearMs;
  const crashes = sum((one) => one.crashes) + (stories?.crashes ?? 0);
  return [
    ...(reports.length > 0
      ? [
          `${reports.length} seeds`,
          `${sum(({ bookings }) => bookings)} bookings`,
          `${sum(({ calls }) => calls)} port calls`,
          `${sum(({ claims }) => claims)} claims`,
          `${sum(({ sent }) => sent)} messages`,
        ]
      : []),
    ...(stories ? [`${stories.runs} stories told`] : []),
    `${crashes} crashes`,
    `${years.toFixed(2)} virtual years`,
    `${seconds.toFixed(1)} s`,
    `${(crashes / seconds).toFixed(0)} crashes/s`,
    `${(years / seconds).toFixed(4)} virtual years/s`,
  ].join(', ');
}
