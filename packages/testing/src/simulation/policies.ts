// The policies of a simulation: plain numbers, which the oracle reads, and what core makes of the same.
import {
  content,
  defaultPolicy,
  type MailFacts,
  type Policy,
  type Rule,
  Temporal,
  type TextContent,
} from '@precall/core';
import type { Random } from './random.ts';

export type RuleSpec =
  | { readonly name: string; readonly beforeMs: number; readonly channel?: 'sms'; readonly fallback?: 'sms' }
  | { readonly name: string; readonly daysBefore: number; readonly atMinute: number }
  | { readonly name: string; readonly afterMs: number }
  | { readonly name: string; readonly afterNoShowMs: number };

export interface PolicySpec {
  readonly name: string;
  readonly rules: readonly RuleSpec[];
  readonly minimumLeadMs: number;
  /** Minutes of the day. */
  readonly quiet: { readonly from: number; readonly to: number } | null;
  readonly remindGuests: boolean;
  readonly recipientsPerBooking: number;
  readonly messagesPerDay: number | null;
  readonly rebooksPerMonth: number | null;
  readonly resends: boolean;
  readonly concurrency: number;
  /** Cannot plan calls of the kind `poison`: its rules throw. */
  readonly isPoisoned: boolean;
}

const hourMs = 3_600_000;
const usual = [
  { name: '72h', beforeMs: 72 * hourMs },
  { name: '24h', beforeMs: 24 * hourMs },
  { name: '2h', beforeMs: 2 * hourMs },
];
const ruleSets: readonly [readonly RuleSpec[], ...(readonly (readonly RuleSpec[])[])] = [
  usual,
  [...usual, { name: 'after', afterMs: hourMs / 2 }],
  [
    { name: '24h', beforeMs: 24 * hourMs },
    { name: '1h', beforeMs: hourMs },
    { name: '10min', beforeMs: hourMs / 6 },
  ],
  [
    { name: 'eve', daysBefore: 1, atMinute: 9 * 60 },
    { name: '2h', beforeMs: 2 * hourMs },
    { name: '3h', beforeMs: 3 * hourMs },
  ],
];

export const usualPolicy: PolicySpec = {
  name: 'usual',
  rules: usual,
  minimumLeadMs: 2 * hourMs,
  quiet: null,
  remindGuests: false,
  recipientsPerBooking: 10,
  messagesPerDay: null,
  rebooksPerMonth: 3,
  resends: true,
  concurrency: 16,
  isPoisoned: false,
};

const rebookSets: readonly [readonly RuleSpec[], ...(readonly (readonly RuleSpec[])[])] = [
  [],
  [{ name: 'rebook', afterNoShowMs: hourMs / 2 }],
  [
    { name: 'rebook', afterNoShowMs: hourMs / 12 },
    { name: 'rebook-8h', afterNoShowMs: 8 * hourMs },
  ],
];

const textSets: readonly [readonly RuleSpec[], ...(readonly (readonly RuleSpec[])[])] = [
  [],
  [{ name: 'text', beforeMs: 2 * hourMs, channel: 'sms' }],
  [
    { name: 'text-9h', beforeMs: 9 * hourMs, channel: 'sms' },
    { name: 'text', beforeMs: 1.5 * hourMs, channel: 'sms' },
  ],
];

/** Minutes of the day: the documented hours for texts, and the last minute at which one falls due. */
export const textHours = { from: 8 * 60, lastDue: 20 * 60 + 15, to: 20 * 60 + 30 };

export function drawPolicy(random: Random, name: string): PolicySpec {
  const texts = random.branch(`texts of ${name}`);
  const fallsBack = texts.chance(0.4);
  const fallback = 'sms' as const;
  const absent = random.branch(`no-shows of ${name}`);
  return {
    name,
    rules: [
      ...random
        .pick(ruleSets)
        .map((rule) => (fallsBack && 'beforeMs' in rule ? { ...rule, fallback } : rule)),
      ...absent.pick(rebookSets),
      ...texts.pick(textSets),
    ],
    rebooksPerMonth: absent.pick([null, 3, 1, 1]),
    minimumLeadMs: random.pick([2 * hourMs, 2 * hourMs, 0]),
    quiet: random.chance(0.3) ? { from: 21 * 60, to: random.pick([7 * 60, 8 * 60 + 30]) } : null,
    remindGuests: random.chance(0.3),
    recipientsPerBooking: random.pick([10, 2]),
    messagesPerDay: random.pick([null, null, 8]),
    resends: random.chance(0.8),
    concurrency: random.pick([16, 2, 1, 50]),
    isPoisoned: random.chance(0.1),
  };
}

/** How long to wait for news of an unknown outcome: the documented waits. */
export const doubtWaitMs = { once: 0, reported: 600_000, silent: 60_000 } as const;

/** What a message of the simulation says, as JSON in its text. */
export interface Words {
  readonly title: string;
  readonly startMs: number;
  readonly rule: string;
  readonly place: string;
}

function wordsOf({ about, startAt, rule, place }: MailFacts): Words {
  return {
    title: about?.title ?? '',
    startMs: startAt.epochMilliseconds,
    rule,
    place: JSON.stringify(place),
  };
}

const words = content({
  needs: ['about'],
  render: (facts) => ({
    subject: `${facts.rule} ${facts.about.title ?? ''} ${facts.name}`,
    text: JSON.stringify(wordsOf(facts)),
    html: '<p>A reminder.</p>',
  }),
});

const textWords: TextContent = { needs: ['about'], render: (facts) => JSON.stringify(wordsOf(facts)) };

export function policyOf(spec: PolicySpec): Policy {
  const rules = spec.rules.map(ruleOf);
  const { quiet } = spec;
  return {
    ...defaultPolicy,
    rules: spec.isPoisoned
      ? (facts) => {
          if (facts.about?.value.eventType === 'poison')
            throw new Error('this kind of call cannot be planned');
          return rules;
        }
      : rules,
    minimumLead: length(spec.minimumLeadMs),
    quietHours: quiet && { from: wallTime(quiet.from), to: wallTime(quiet.to) },
    content: words,
    textContent: textWords,
    remindGuests: spec.remindGuests,
    recipientsPerBooking: spec.recipientsPerBooking,
    messagesPerDay: spec.messagesPerDay,
    rebooksPerMonth: spec.rebooksPerMonth,
    afterUnknown: spec.resends ? 'resend_once' : 'never_resend',
    concurrency: spec.concurrency,
    projection: { ...defaultPolicy.projection, timeZone: 'UTC' },
  };
}

function ruleOf(spec: RuleSpec): Rule {
  const { name } = spec;
  if ('beforeMs' in spec) {
    const { beforeMs, channel, fallback } = spec;
    const ways = { ...(channel && { channel }), ...(fallback && { fallback }) };
    return { name, when: { before: length(beforeMs) }, ...ways };
  }
  if ('afterNoShowMs' in spec) return { name, when: { afterNoShow: length(spec.afterNoShowMs) } };
  if ('afterMs' in spec) return { name, when: { after: length(spec.afterMs) } };
  return { name, when: { daysBefore: spec.daysBefore, at: wallTime(spec.atMinute) } };
}

function length(milliseconds: number): Temporal.Duration {
  return Temporal.Duration.from({ milliseconds });
}

function wallTime(minute: number): Temporal.PlainTime {
  return new Temporal.PlainTime(Math.floor(minute / 60), minute % 60);
}
