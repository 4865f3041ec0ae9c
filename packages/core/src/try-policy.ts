// What the rules in force would do for a call. Pure: the same plan as for a booking, for one that nobody made.
import type { Answers } from './content.ts';
import type { Tried, TriedCall } from './desk.ts';
import { nothingKnown, personUnknown } from './facts.ts';
import { recipientId } from './ids.ts';
import { mailFacts } from './mail-facts.ts';
import { movedFrom, type PlannedReminder, planReminders } from './plan.ts';
import type { Policy, Rule } from './policy.ts';
import type { Channel } from './ports.ts';
import type { SkipReason } from './reasons.ts';
import { forSegment } from './segments.ts';
import { after, type Instant, isoText, Temporal } from './temporal.ts';
import { contentFor } from './texts.ts';

/** What one rule would do for a call. */
export interface TriedReminder {
  readonly rule: Rule;
  readonly channel: Channel;
  readonly dueAt: Instant;
  /** The moment that the rule asks for, where quiet hours moved the reminder to `dueAt`; null: they did not. */
  readonly movedFrom: Instant | null;
  readonly skip: SkipReason | null;
  /** Of a text message all of it. Null where the text cannot be made for such a call. */
  readonly subject: string | null;
  /** What the text says that goes where the mail fails. Null: the rule falls back to none, or it cannot be made. */
  readonly fallback: string | null;
}

const someone = recipientId('0'.repeat(32));
const halfHour = Temporal.Duration.from({ minutes: 30 });

/**
 * A half-hour call of one person, agreed at `agreedAt`, by link; the reminders stand in the order in which they fall due. What
 * follows a no-show is as if it were known at the end.
 */
export function tryPolicy(
  given: Policy,
  call: TriedCall & { /** The links of messages; null: they have none. */ readonly answers: Answers | null },
): Tried {
  const { startAt, agreedAt, timeZone, segment, answers } = call;
  const policy = segment === undefined ? given : forSegment(given, segment);
  const stamp = { saidAt: agreedAt, rank: 0 };
  const details = {
    email: 'someone@example.com',
    mailable: true,
    name: 'Someone',
    firstName: 'Someone',
    timeZone,
    locale: 'en',
  };
  const facts = {
    ...nothingKnown,
    time: { value: { startAt, endAt: after(startAt, halfHour) }, stamp },
    host: {
      value: {
        name: 'Jane Doe',
        timeZone,
        address: { email: 'host@example.com', locale: 'en', id: someone },
      },
      stamp,
    },
    place: { value: { kind: 'link', url: 'https://meet.google.com/abc-defg-hij' }, stamp },
    about: { value: { title: 'A call', eventType: null }, stamp },
    agreed: { [isoText(startAt)]: { saidAt: agreedAt } },
    lastAgreedAt: agreedAt,
    roster: { value: [someone], stamp },
    people: {
      [someone]: {
        ...personUnknown,
        details: { value: details, stamp },
        joinedAt: agreedAt,
        noShow: { value: true, stamp: { saidAt: null, rank: 0 } },
        phone: { value: { number: '+14155550100', id: someone }, stamp },
        consent: { value: { given: true, text: '', source: '' }, stamp },
      },
    },
  } as const;
  const { rules, content, textContent, ...inForce } = policy;
  const reminders = planReminders(facts, policy).map((one) => ({
    rule: one.rule,
    channel: one.channel,
    dueAt: one.dueAt,
    movedFrom: movedFrom(one),
    skip: one.skip,
    subject: subjectOf(one, one.channel),
    fallback: one.rule.fallback ? subjectOf(one, one.rule.fallback) : null,
  }));
  return { policy: inForce, reminders };

  function subjectOf(one: PlannedReminder, channel: Channel): string | null {
    try {
      const words = { ...mailFacts(one, facts, policy, one.dueAt), answers };
      return channel === 'mail'
        ? contentFor(one.rule, someone, { content }).render(words).subject
        : (one.rule.textContent ?? textContent).render(words);
    } catch {
      return null;
    }
  }
}
