// Rules that stand ready, for a policy to take whole.
import type { Content } from './content.ts';
import type { Rule } from './policy.ts';
import { rebookMail } from './rebook-mail.ts';
import { Temporal } from './temporal.ts';
import { whoCameMail } from './who-came-mail.ts';

const hours = (count: number): Temporal.Duration => Temporal.Duration.from({ hours: count });
const minutes = (count: number): Temporal.Duration => Temporal.Duration.from({ minutes: count });

/**
 * Three messages to somebody who did not come: 5 min, 24 h and 48 h after it became known; 1, 2 and 3 min in test mode.
 * None once it was said that they came, or another call is agreed. With `rebooksPerMonth: 3` once a month at most.
 */
export const threeRebooks: readonly Rule[] = [
  { name: 'rebook-5min', when: { afterNoShow: minutes(5) }, testOffset: minutes(1), content: rebookMail },
  { name: 'rebook-24h', when: { afterNoShow: hours(24) }, testOffset: minutes(2), content: rebookMail },
  { name: 'rebook-48h', when: { afterNoShow: hours(48) }, testOffset: minutes(3), content: rebookMail },
];

/**
 * Three follow-ups to a call that was held: 1 h, 3 days and 7 days after its end; 1, 2 and 3 min in test mode. What is said
 * after a call is yours to say: there are no words ready for it.
 */
export function threeFollowUps(words: Content): readonly Rule[] {
  return [
    { name: 'after-1h', when: { after: hours(1) }, testOffset: minutes(1), content: words },
    { name: 'after-3d', when: { after: hours(3 * 24) }, testOffset: minutes(2), content: words },
    { name: 'after-7d', when: { after: hours(7 * 24) }, testOffset: minutes(3), content: words },
  ];
}

/**
 * A quarter of an hour after the end the host is asked who came; a minute in test mode. What they say by the mail's link
 * is what an operator's button says. It asks for a source that keeps the host's address, and for `links`.
 */
export const askWhoCame: Rule = {
  name: 'who-came',
  to: 'host',
  when: { after: minutes(15) },
  testOffset: minutes(1),
  content: whoCameMail,
};
