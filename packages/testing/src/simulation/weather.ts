// What one seed lets go wrong, and how often: drawn once, printed with the seed.
import type { Mailer } from '@precall/core';
import type { Random } from './random.ts';

/** How bad one seed's world is. */
export interface Weather {
  readonly kind: 'calm' | 'mild' | 'harsh';
  readonly workers: number;
  /** Probabilities at each call of a port. */
  readonly crash: number;
  readonly unavailable: number;
  readonly lost: number;
  readonly unanswered: number;
  readonly inPart: number;
  readonly overtaken: number;
  readonly slow: number;
  /** Of the mailer alone, at each send. */
  readonly refusal: number;
  readonly silence: number;
  /** `apart`: workers' clocks differ by seconds; `set`: somebody sets them, too. */
  readonly clocks: 'together' | 'apart' | 'set';
  readonly ringTrouble: number;
  /** Outages of each in the whole run. */
  readonly storeOutages: number;
  readonly mailerOutages: number;
  readonly crmOutages: number;
  readonly calendarOutages: number;
  readonly pauses: number;
  readonly restarts: number;
  readonly restores: number;
  /** Probabilities at each webhook. */
  readonly webhookLost: number;
  readonly webhookLate: number;
  readonly webhookDoubled: number;
  readonly webhookRetried: number;
  readonly doubt: Mailer['doubt'];
  /** Whether the mailer can be asked what became of a message. */
  readonly finds: boolean;
  /** Whether a calendar is kept. */
  readonly calendar: boolean;
  /** Whether bookings come from Calendly, too. */
  readonly calendly: boolean;
}

export function drawWeather(random: Random): Weather {
  const kind = random.pick(['mild', 'mild', 'harsh', 'harsh', 'calm'] as const);
  const upTo = { calm: 0, mild: 0.006, harsh: 0.05 }[kind];
  const calendar = random.branch('calendar');
  const rate = (): number => (random.chance(0.3) ? 0 : random.next() * upTo);
  const some = (most: number): number =>
    kind === 'calm' || random.chance(0.4) ? 0 : random.between(1, most);
  return {
    kind,
    workers: random.between(1, 3),
    // Now and then so often that workers hardly get through their start.
    crash: kind === 'harsh' && random.chance(0.4) ? 0.06 + random.next() * 0.2 : rate(),
    unavailable: rate(),
    lost: rate(),
    unanswered: rate(),
    inPart: rate(),
    overtaken: rate(),
    slow: rate(),
    refusal: random.chance(0.3) ? random.next() * 0.4 : rate(),
    silence: random.chance(0.3) ? random.next() * 0.4 : rate(),
    clocks: kind === 'calm' ? 'together' : random.pick(['together', 'apart', 'apart', 'set'] as const),
    ringTrouble: kind === 'calm' ? 0 : random.next() * 0.4,
    storeOutages: some(3),
    mailerOutages: some(2),
    crmOutages: some(2),
    calendarOutages: kind === 'calm' ? 0 : calendar.pick([0, 1, 2]),
    pauses: some(6),
    restarts: some(4),
    restores: kind !== 'calm' && random.chance(0.06) ? 1 : 0,
    webhookLost: random.chance(0.5) ? 0 : random.next() * 0.2,
    webhookLate: random.next() * 0.4,
    webhookDoubled: random.next() * 0.3,
    webhookRetried: random.chance(0.3) ? 1 : random.next(),
    doubt: random.pick(['once', 'reported', 'silent'] as const),
    finds: random.chance(0.4),
    calendar: calendar.chance(0.6),
    calendly: random.branch('calendly').chance(0.4),
  };
}

/** Nothing goes wrong: for scripted scenarios, and after the faults have stopped. */
export const fairWeather: Weather = {
  kind: 'calm',
  workers: 1,
  crash: 0,
  unavailable: 0,
  lost: 0,
  unanswered: 0,
  inPart: 0,
  overtaken: 0,
  slow: 0,
  refusal: 0,
  silence: 0,
  clocks: 'together',
  ringTrouble: 0,
  storeOutages: 0,
  mailerOutages: 0,
  crmOutages: 0,
  calendarOutages: 0,
  pauses: 0,
  restarts: 0,
  restores: 0,
  webhookLost: 0,
  webhookLate: 0,
  webhookDoubled: 0,
  webhookRetried: 1,
  doubt: 'silent',
  finds: false,
  calendar: true,
  calendly: false,
};

/** One line: everything that is not zero. */
export function weatherText(weather: Weather): string {
  return Object.entries(weather)
    .filter(([, value]) => value !== 0 && value !== false)
    .map(([name, value]) => `${name} ${typeof value === 'number' ? Number(value.toFixed(4)) : value}`)
    .join(', ');
}
