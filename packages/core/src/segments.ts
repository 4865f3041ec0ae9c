// What rules and words may depend on beyond the call itself: the person's segment in the CRM, their answers on the booking
// page, and how long ahead the call was agreed. Plain functions of the facts.
import type { Content, MailFacts, TextContent } from './content.ts';
import { type Facts, nothingKnown, type Register } from './facts.ts';
import { type RecipientId, theHost } from './ids.ts';
import { defaultPolicy, type Policy, type Rule, rulesFor } from './policy.ts';
import { agreedAt, attending, concerned } from './standing.ts';
import { milliseconds, Temporal } from './temporal.ts';
import type { Responses } from './update.ts';

/** What stands in the property that the projection names, of the booker unless said otherwise; null: nothing, or not read yet. */
export function segmentOf(facts: Facts, recipient: RecipientId | null = bookerOf(facts)): string | null {
  return (recipient && facts.people[recipient]?.segment?.value) ?? null;
}

/** Their answers to the booking page's questions, as far as the source was told to keep them; of the booker unless said otherwise. */
export function responsesOf(facts: Facts, recipient: RecipientId | null = bookerOf(facts)): Responses {
  return (recipient && facts.people[recipient]?.responses?.value) ?? {};
}

/** With seats the first who takes part. */
function bookerOf(facts: Facts): RecipientId | null {
  return attending(facts)[0] ?? concerned(facts, false)[0] ?? null;
}

/**
 * Rules by the booker's segment, with seats by each one's own: `otherwise` where none is known, also in the seconds until the CRM was read, and where it
 * has no rules of its own.
 */
export function bySegment(
  rules: { readonly [segment: string]: readonly Rule[] },
  otherwise: readonly Rule[],
): (facts: Facts, recipient?: RecipientId) => readonly Rule[] {
  const own = new Map(Object.entries(rules));
  return (facts, recipient) => own.get(segmentOf(facts, bookerFor(facts, recipient)) ?? '') ?? otherwise;
}

/** Each seat was booked by who sits there; to the host the first speaks for all. */
function bookerFor(facts: Facts, recipient: RecipientId | undefined): RecipientId | null {
  return facts.seated && recipient && recipient !== theHost ? recipient : bookerOf(facts);
}

/** The policy as it is for people of one segment, whatever theirs is: to look at, not to send by. */
export function forSegment(policy: Policy, segment: string): Policy {
  const { rules } = policy;
  const told = <Words extends Content | TextContent>(words: Words): Words => ({
    ...words,
    render: (facts: MailFacts) => words.render({ ...facts, segment }),
  });
  const spoken = (rule: Rule): Rule => ({
    ...rule,
    ...(rule.content && { content: told(rule.content) }),
    ...(rule.otherContent && { otherContent: told(rule.otherContent) }),
    ...(rule.textContent && { textContent: told(rule.textContent) }),
  });
  return {
    ...policy,
    content: told(policy.content),
    textContent: told(policy.textContent),
    rules: (facts, recipient) => rulesFor(inSegment(facts, segment), { rules }, recipient).map(spoken),
  };
}

function inSegment(facts: Facts, segment: string): Facts {
  const register: Register<string> = { value: segment, stamp: { saidAt: null, rank: 0 } };
  const people = Object.entries(facts.people).map(([id, person]) => [id, { ...person, segment: register }]);
  return { ...facts, people: Object.fromEntries(people) };
}

const hours = (count: number): Temporal.Duration => Temporal.Duration.from({ hours: count });
const sevenDays = hours(7 * 24);
const usual = rulesFor(nothingKnown, defaultPolicy, theHost);
const farOff: readonly Rule[] = [
  { name: '5d', when: { before: hours(5 * 24) }, testOffset: Temporal.Duration.from({ minutes: 6 }) },
  ...usual.filter(({ name }) => name !== '72h'),
];

/**
 * The default rules, but for a call agreed over seven days ahead the first of the three comes five days before it: a call far
 * off is missed five times as often as one tomorrow (PMC11149957), and five days before is when asking whether it still
 * suits was tried (PMC7310733). Shorter leads need no bands: a rule whose moment had passed when the call was agreed is
 * skipped, so that 24 to 72 h leave two messages and 2 to 24 h one. With seats a lead is each one's own, from when they
 * joined; the first one's where it is not said whose.
 */
export function leadTimeBands(
  facts: Facts,
  recipient: RecipientId | null = bookerOf(facts),
): readonly Rule[] {
  const startAt = facts.time?.value.startAt;
  const agreed = startAt && recipient && agreedAt(facts, startAt, recipient);
  if (!agreed) return usual;
  const leadMs = startAt.epochMilliseconds - agreed.epochMilliseconds;
  return leadMs > milliseconds(sevenDays) ? farOff : usual;
}
