// How often each fault and each race really happened. What never happens is not tested.

/** Everything that a long run must have met at least once. */
export const countedThings = {
  faults: [
    'crash before the effect',
    'crash after the effect',
    'request of a dead worker arrives',
    'call unavailable',
    'call lost, outcome unknown',
    'call done, answer lost',
    'save done in part',
    'save overtaken by another',
    'call that takes seconds',
    'store away for a while',
    'mailer away for an hour',
    'CRM away for an hour',
    'texter away for an hour',
    'mailer away while all else is well',
    'policy that cannot plan some calls, all else well',
    'call that cannot be planned put aside, all else well',
    'mailer asks for patience',
    'mailer refuses for good',
    'mailer never answers',
    'texter asks for patience',
    'texter refuses for good',
    'texter never answers',
    'CRM asks for patience',
    'contact not made yet',
    'CRM refuses for good',
    'calendar away for an hour',
    'calendar asks for patience',
    'calendar refuses for good',
    'ring lost',
    'ring doubled',
    'ring late',
    'ring refused',
    'clocks seconds apart',
    'clock set by seconds',
    'clock set by an hour',
    'worker stands still',
    'restart with another policy',
    'store restored from a backup',
    'webhook lost',
    'webhook doubled',
    'webhook late by minutes',
    'webhook late by hours',
    'webhook sent again much later',
    'webhook retried',
    'webhook given up by its sender',
    'answer lost on its way back',
    'webhook forged',
    'webhook not understood',
    'webhook said minutes ahead of time',
    'webhook without a moment',
    'delivery event lost',
    'delivery event doubled',
    'send looked up after its worker died',
  ],
  races: [
    'cancelled within 2 min of a due moment',
    'moved within 2 min of a due moment',
    'cancelled while its reminder is being sent',
    'moved while its reminder is being sent',
    'cancelled within seconds of its booking',
    'storm of moves',
    'ten due at the same moment',
    'two workers claim the same reminder',
    'worker dies with a send under way',
    'lease over while the send is under way',
    'cancellation comes before its booking',
    'move comes before its booking',
    'seat left and taken again',
    'declined, then confirmed',
    'paid overtakes created',
    'person erased with reminders planned',
    'two webhooks about one booking at once',
    'policy changes between plan and send',
    'second attempt after an unknown outcome',
    'delivery event settles a doubt',
    'unsubscribed with reminders planned',
    'no-show taken back',
    'no-show marked again',
    'event removed that is not there',
    'another call agreed after a no-show',
    'Calendly: a move told before the end of the old',
    'Calendly: a move told after the end of the old',
    'another call agreed elsewhere after a no-show',
    'texts stopped with a text planned',
    'texts wanted again',
    'consent withdrawn',
    'text to somebody without a mail address',
    'text after mail that came to nothing',
  ],
} as const;

export type Fault = (typeof countedThings.faults)[number];
export type Race = (typeof countedThings.races)[number];
/** What is counted: faults that struck, and races that were run. */
export type Counted = Fault | Race;

export interface Tally {
  count(thing: Counted): void;
  counts(): ReadonlyMap<Counted, number>;
}

export function createTally(): Tally {
  const counts = new Map<Counted, number>();
  return {
    count(thing) {
      counts.set(thing, (counts.get(thing) ?? 0) + 1);
    },
    counts: () => counts,
  };
}

/** The sum over several runs. */
export function addUp(tallies: Iterable<ReadonlyMap<Counted, number>>): ReadonlyMap<Counted, number> {
  const sum = new Map<Counted, number>();
  for (const counts of tallies) {
    for (const [thing, count] of counts) sum.set(thing, (sum.get(thing) ?? 0) + count);
  }
  return sum;
}

/** What never happened. */
export function neverHappened(counts: ReadonlyMap<Counted, number>): readonly Counted[] {
  return [...countedThings.faults, ...countedThings.races].filter((thing) => !counts.get(thing));
}

/** Two columns: faults and races, each with its number. */
export function tableOf(counts: ReadonlyMap<Counted, number>): string {
  const rows = (title: string, things: readonly Counted[]): string[] => [
    title,
    ...things.map((thing) => `  ${thing.padEnd(50)}${String(counts.get(thing) ?? 0).padStart(9)}`),
  ];
  return [...rows('faults', countedThings.faults), ...rows('races', countedThings.races)].join('\n');
}
