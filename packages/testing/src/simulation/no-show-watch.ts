// The oracle's eye on messages to who did not come: none to somebody who has another call by then, and no more of them
// in a month than the policy allows.
import type { Heard } from './heard.ts';
import type { PolicySpec } from './policies.ts';
import { reminderName } from './records.ts';

/** A claim rests on what was read a moment before: what became known since may be missing in it. */
const sinceReadMs = 180_000;

export interface NoShowWatch {
  /** Gives what is wrong with a first attempt at this reminder now; null: nothing. */
  objection(
    one: { readonly key: string; readonly email: string },
    policy: PolicySpec,
    nowMs: number,
  ): string | null;
  /** Whether it may be that somebody has, or asked for, a call that starts later. */
  mayHaveAnother(email: string, startMs: number, policy: PolicySpec): boolean;
}

export function isForAbsent(rule: string, { rules }: PolicySpec): boolean {
  return rules.some((one) => one.name === rule && 'afterNoShowMs' in one);
}

export function watchNoShows(
  heard: Heard,
  {
    claims,
    sent,
    isForgiven,
  }: {
    readonly claims: ReadonlyMap<string, { readonly key: string; readonly email: string }>;
    readonly sent: ReadonlyMap<string, readonly number[]>;
    /** Of what was sent before the store was restored it knows nothing. */
    readonly isForgiven: (ms: number) => boolean;
  },
): NoShowWatch {
  function surelyHasAnother(email: string, startMs: number, policy: PolicySpec, nowMs: number): boolean {
    return heard.uids().some((uid) => {
      const isLate = heard
        .words(uid)
        .some(({ answeredMs }) => answeredMs < Infinity && answeredMs > nowMs - sinceReadMs);
      const readings = isLate ? null : heard.readings(uid, policy);
      return readings?.every(
        (one) => one.standing === 'agreed' && (one.startMs ?? 0) > startMs && one.attending.includes(email),
      );
    });
  }

  function sentTo(email: string, except: string, policy: PolicySpec, nowMs: number): number {
    const keys = new Set([...claims.values()].flatMap((one) => (one.email === email ? [one.key] : [])));
    return [...keys].filter(
      (key) =>
        key !== except &&
        isForAbsent(reminderName(key).rule, policy) &&
        sent.get(key)?.some((ms) => ms < nowMs - sinceReadMs && !isForgiven(ms)),
    ).length;
  }

  return {
    objection({ key, email }, policy, nowMs) {
      const { startMs } = reminderName(key);
      if (surelyHasAnother(email, startMs, policy, nowMs)) return 'who has another call';
      const most = policy.rebooksPerMonth ?? Infinity;
      return sentTo(email, key, policy, nowMs) >= most ? `who got ${most} of them this month` : null;
    },
    mayHaveAnother: (email, startMs, policy) =>
      heard.uids().some((uid) =>
        (heard.readings(uid, policy) ?? [heard.fullReading(uid, policy)]).some((one) => {
          const isOn = one.standing === 'agreed' || one.standing === 'awaiting';
          return isOn && (one.startMs ?? 0) > startMs && one.people.includes(email);
        }),
      ),
  };
}
