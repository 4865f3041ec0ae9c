// Rules that stand ready, for a policy to take whole: those of the first owner.
import type { Content } from './content.ts';
import type { Rule } from './policy.ts';
import { rebookMail } from './rebook-mail.ts';
import { Temporal } from './temporal.ts';

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
