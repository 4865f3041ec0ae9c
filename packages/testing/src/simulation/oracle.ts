// Watches everything that becomes durable and everything that leaves, and says which invariant was broken. It shares no
// code with core: it reads words, records and the provider's books by itself.
//
// By their numbers, here, in end-checks.ts and in crm-watch.ts: 1, 2, 4 to 20 and 22 to 25. 26 is in
// calendar-system.ts and calendar-checks.ts, 27 in no-show-watch.ts, 28 in text-watch.ts. Of 15, drain.ts has what
// follows an outage. Elsewhere: 3 is the law "ends in the same facts" of core's merge-laws.test.ts, and 21 cannot be
// simulated in one process with one zone database: zone-offsets.test.ts and wall-clock.test.ts of core have it, with the
// gaps and overlaps of 22 in every zone. The pace of calls to a CRM (16) is its adapter's: pace.test.ts of
// adapter-notion. Of 23 the mails' HTML and the pages are in core's hostile.test.ts and security tests.
import type { Message, SendCall, Stored, TextMessage } from '@precall/core';
import { allowingOf, whyNot } from './allowing.ts';
import { watchAnswers } from './answer-watch.ts';
import { type Said, strengths } from './delivery-events.ts';
import { watchErasures } from './erasure-watch.ts';
import type { Heard } from './heard.ts';
import { iso, shown } from './in-words.ts';
import { isForAbsent, watchNoShows } from './no-show-watch.ts';
import { doubtWaitMs, type PolicySpec, type Words } from './policies.ts';
import {
  channelOf,
  isText,
  type KeptAttempt,
  type KeptBooking,
  type KeptEntry,
  keptBooking,
  keptWish,
  reminderName,
} from './records.ts';
import { checkStructure } from './structure.ts';
import type { Tally } from './tally.ts';
import { cameBack, cameToNothing, mayGoBy, watchTexts } from './text-watch.ts';
import type { Timeline } from './timeline.ts';
import type { Weather } from './weather.ts';
import type { Worker } from './worker.ts';

/** An invariant that was broken, and when. */
export interface Violation {
  /** By its number in the documented list of invariants. */
  readonly invariant: number;
  readonly sentence: string;
  readonly atMs: number;
}

/** Reports after which nobody wants another message. */
const suppressing: ReadonlySet<Said> = new Set<Said>(['bounced', 'dropped', 'complained', 'unsubscribed']);

/** Whoever has the address or the number that it goes to. */
function ownerOf({ key, attempt }: Claim): string {
  return attempt.by?.to ?? reminderName(key).recipient;
}

function strengthOf(attempt: KeptAttempt | undefined): number {
  return strengths[attempt?.delivery ?? 'accepted'];
}

/** A claim as it became durable. */
export interface Claim {
  readonly key: string;
  readonly worker: Worker;
  readonly attempt: KeptAttempt;
  readonly email: string;
  readonly places: ReadonlySet<string>;
  /** Of a text: where it may go. */
  readonly numbers: ReadonlySet<string>;
  readonly atMs: number;
  called: boolean;
  /** The mailer's answer came, or the process died. */
  settled: boolean;
}

export interface Oracle {
  applied(worker: Worker, before: Stored | null, after: Stored | null): void;
  called(worker: Worker, message: Message | TextMessage, send: SendCall): void;
  accepted(send: SendCall, as: 'taken' | 'known'): void;
  refusedForGood(send: SendCall): void;
  askedForPatience(worker: Worker, channel: 'mail' | 'sms', forMs: number): void;
  /** A worker heard that a message was taken. */
  heardOk(worker: Worker, send: SendCall): void;
  /** The mailer's answer, whatever it was, came; or never will. */
  answered(worker: Worker, send: SendCall): void;
  /** A post of delivery events was answered for. */
  reported(attemptId: string, said: Said): void;
  /** What was reported of an attempt, at its strongest. */
  strongest(attemptId: string): Said | null;
  wasSuppressed(claim: Claim): boolean;
  /** The owner's stop was answered for. */
  stopped(number: string): void;
  /** The owner is about to take back what was known of the number. */
  startsAgain(number: string): void;
  died(worker: Worker): void;
  /** It stands still until then. */
  paused(worker: Worker, untilMs: number): void;
  /** Of what its worker heard the end of, and had time to write down: nothing may be in doubt. */
  checkHeard(attempt: KeptAttempt, key: string): void;
  /** The erasure of a person was promised. */
  erased(email: string, erasedMs: number): void;
  violate(invariant: number, sentence: string): void;
  violations(): readonly Violation[];
  claims(): ReadonlyMap<string, Claim>;
  /** When each reminder's messages were taken by the provider, by its key. */
  sent(): ReadonlyMap<string, readonly number[]>;
  /** Whether all that this booking told of them was said before their erasure. */
  isErased(email: string, uid: string): boolean;
  /** The erasure of a person began: it may be half done. */
  erasing(email: string): void;
  wasErased(email: string): boolean;
  /** Whether it may be that somebody has, or asked for, a call that starts later. */
  mayHaveAnother(email: string, startMs: number, policy: PolicySpec): boolean;
  /** The store is as it was then: what happened since is forgotten by it, and forgiven here. */
  rollBack(ms: number): void;
}

export function createOracle({
  heard,
  timeline,
  tally,
  weather,
  policyOf,
  isStoreAway,
}: {
  readonly heard: Heard;
  readonly timeline: Timeline;
  readonly tally: Tally;
  readonly weather: Weather;
  readonly policyOf: (worker: Worker) => PolicySpec;
  readonly isStoreAway: (ms: number) => boolean;
}): Oracle {
  const violations: Violation[] = [];
  const claims = new Map<string, Claim>();
  const sent = new Map<string, number[]>();
  /** Of each way alone. */
  const sentBy = new Map<string, number>();
  /** Whose mail came back, by recipient id. */
  const mailFails = new Set<string>();
  const accepted = new Set<string>();
  const refused = new Set<string>();
  const unknownSince = new Map<string, number>();
  const patience = { mail: new Map<Worker, number>(), sms: new Map<Worker, number>() };
  const reports = new Map<string, Said>();
  /** By recipient id: since when nothing more may be claimed. */
  const suppressions = new Map<string, number>();
  /** By the numbers that were texted. */
  const owners = new Map<string, string>();
  const underWay = new Map<Worker, Set<string>>();
  let forgivenUntilMs = -Infinity;
  const texts = watchTexts(timeline.nowMs);
  const erasures = watchErasures(heard);
  const isForgiven = (ms: number): boolean => ms <= forgivenUntilMs;
  const noShows = watchNoShows(heard, { claims, sent, isForgiven });
  const answers = watchAnswers({
    nowMs: timeline.nowMs,
    isStoreAway,
    isForgiven: (ms) => ms < forgivenUntilMs,
  });

  function violate(invariant: number, sentence: string): void {
    violations.push({ invariant, sentence, atMs: timeline.nowMs() });
    timeline.halt();
  }

  function applied(worker: Worker, before: Stored | null, after: Stored | null): void {
    if (after && [after.id, ...after.keys].some((text) => text.includes('@'))) {
      violate(24, `an id or a key of ${after.kind} records holds an address`);
    }
    if (after && erasures.isHeldBy(after))
      violate(24, `a ${after.kind} record holds the address of somebody who was erased`);
    const wish = keptWish(after);
    if (wish?.why === 'bounced' || wish?.why === 'dropped') mailFails.add(wish.owner);
    const is = keptBooking(after);
    const was = keptBooking(before);
    if (!is) return;
    for (const key of Object.keys(was?.ledger ?? {})) {
      if (!is.ledger[key]) violate(25, `the entry of ${shown(key)} vanished`);
    }
    for (const [key, entry] of Object.entries(is.ledger)) {
      entryChanged(
        { worker, key, booking: is, nowMs: after?.changedAt.epochMilliseconds ?? 0 },
        was?.ledger[key] ?? null,
        entry,
      );
    }
  }

  interface Where {
    readonly worker: Worker;
    readonly key: string;
    readonly booking: KeptBooking;
    /** By the worker's own clock. */
    readonly nowMs: number;
  }

  function entryChanged(where: Where, was: KeptEntry | null, is: KeptEntry): void {
    const { key, nowMs } = where;
    const known = new Map(was?.attempts.map((attempt) => [attempt.id, attempt]));
    for (const attempt of is.attempts) {
      const earlier = known.get(attempt.id);
      known.delete(attempt.id);
      if (!earlier) claimed(where, was, attempt);
      else if (earlier.outcome !== attempt.outcome) outcomeChanged(where, earlier, attempt);
      if (strengthOf(attempt) < strengthOf(earlier)) {
        violate(
          25,
          `a report about ${shown(key)} went from ${earlier?.delivery} down to ${attempt.delivery}`,
        );
      }
    }
    for (const { outcome } of known.values()) {
      if (outcome === 'refused' || outcome === 'released') continue;
      violate(25, `an attempt (${outcome ?? 'running'}) at ${shown(key)} was forgotten`);
    }
    const finals = [was?.final?.state ?? null, is.final?.state ?? null];
    if (finals[0] === finals[1]) return;
    // What a text takes up again had ended, or is told of as sent.
    const isTakenUp = was?.final?.reason === 'mailer_rejected' && is.attempts.some(isText);
    if (finals[0] !== null && !(finals[0] === 'unknown' && finals[1] === null) && !isTakenUp) {
      violate(25, `${shown(key)} went from ${finals[0]} to ${finals[1]}`);
      return;
    }
    if (is.final) concluded(where, is, { ...is.final, nowMs });
  }

  function claimed({ worker, key, booking }: Where, was: KeptEntry | null, attempt: KeptAttempt): void {
    const policy = policyOf(worker);
    const name = reminderName(key);
    const earlier = was?.attempts ?? [];
    const unknown = earlier.filter(({ outcome }) => outcome === 'unknown');
    const email = booking.facts.people[name.recipient]?.details?.value.email?.toLowerCase() ?? '';
    if (attempt.outcome !== null) violate(25, `an attempt at ${shown(key)} began as ${attempt.outcome}`);
    const byText = isText(attempt);
    if (byText && was && cameToNothing(was)) tally.count('text after mail that came to nothing');
    if (earlier.some((one) => one.outcome === 'accepted' && !(byText && cameBack(one))))
      violate(9, `${shown(key)} is claimed again after it was accepted`);
    if (earlier.some(({ outcome }) => outcome === null))
      violate(9, `${shown(key)} is claimed while an attempt runs`);
    const reached = earlier.filter(({ outcome }) => outcome === 'accepted' || outcome === 'unknown');
    if (reached.length > 1) violate(9, `a third attempt at ${shown(key)}`);
    if (was?.final && !(byText && was.final.reason === 'mailer_rejected'))
      violate(12, `${shown(key)} is claimed after it ended as ${was.final.state}`);
    for (const doubtful of unknown) {
      const { id } = doubtful;
      checkHeard(doubtful, key);
      tally.count('second attempt after an unknown outcome');
      const waited = attempt.at - (unknownSince.get(id) ?? -Infinity);
      if (waited < doubtWaitMs[weather.doubt])
        violate(10, `a second attempt at ${shown(key)} after ${waited} ms only`);
      if (!policy.resends) violate(10, `a second attempt at ${shown(key)} against the policy`);
    }
    if (attempt.leaseUntil - attempt.startBy <= 15_000)
      violate(14, `a lease on ${shown(key)} does not outlast its send`);
    if (attempt.startBy - attempt.at > 2_000)
      violate(8, `a claim of ${shown(key)} may start after more than two seconds`);
    const { allowing, numbers, readings } = allowingOf(
      heard,
      key,
      email,
      policy,
      (one) =>
        one.isWanted &&
        one.dueMs <= attempt.at &&
        attempt.at < one.usefulUntilMs &&
        mayGoBy(attempt, one, (was !== null && cameToNothing(was)) || mailFails.has(name.recipient)),
    );
    if (readings > 0 && allowing.length === 0) violate(...whyNot(heard, { key, email, attempt }, policy));
    if (isForAbsent(name.rule, policy) && unknown.length === 0 && !erasures.wasBegun(email)) {
      const objection = noShows.objection({ key, email }, policy, timeline.nowMs());
      if (objection) violate(27, `${shown(key)} is claimed for somebody ${objection}`);
    }
    if (erasures.isErased(email, name.uid))
      violate(8, `${shown(key)} is claimed for somebody who was erased`);
    const places = new Set(allowing);
    claims.set(attempt.id, {
      key,
      worker,
      attempt,
      email,
      places,
      numbers: new Set(byText ? numbers : []),
      atMs: timeline.nowMs(),
      called: false,
      settled: false,
    });
  }

  function outcomeChanged({ key, nowMs }: Where, was: KeptAttempt, is: KeptAttempt): void {
    const claim = claims.get(is.id);
    if (claim) claim.settled = claim.settled || is.outcome !== 'unknown';
    if (
      is.outcome === null ||
      was.outcome === 'accepted' ||
      (was.outcome !== null && is.outcome !== 'accepted')
    ) {
      violate(25, `an attempt at ${shown(key)} went from ${was.outcome} to ${is.outcome}`);
    }
    // One that is looked up is found by the reminder's once-key: an earlier attempt may have brought it.
    const wasLookedUp = weather.finds && weather.doubt === 'once';
    if (is.outcome === 'accepted' && !accepted.has(is.id) && !(wasLookedUp && sent.has(key)))
      violate(13, `${shown(key)} counts as sent, and the provider never took it`);
    if (is.outcome === 'refused' && accepted.has(is.id))
      violate(9, `${shown(key)} counts as refused, and the provider took it`);
    // The post that says so is answered only after this.
    if (is.outcome === 'accepted' && was.outcome === 'unknown' && weather.doubt === 'reported') {
      tally.count('delivery event settles a doubt');
    }
    // One that was looked up and not found was called, and surely not taken.
    if (is.outcome === 'released' && (wasLookedUp ? accepted.has(is.id) : claim?.called))
      violate(9, `${shown(key)} counts as never begun, and the mailer was called`);
    if (is.outcome === 'unknown') {
      unknownSince.set(is.id, nowMs);
      if (claim?.worker.isAlive() && claim.called && !claim.settled && nowMs >= is.leaseUntil)
        tally.count('lease over while the send is under way');
    }
  }

  function concluded(
    { worker, key, booking }: Where,
    entry: KeptEntry,
    final: { readonly state: string; readonly reason: string; readonly nowMs: number },
  ): void {
    const policy = policyOf(worker);
    const email = booking.facts.people[entry.recipient]?.details?.value.email?.toLowerCase() ?? '';
    const outcomes = entry.attempts.map(({ outcome }) => outcome);
    if (final.state === 'unknown' && !outcomes.includes('unknown'))
      violate(12, `${shown(key)} ends as unknown without an attempt of unknown outcome`);
    if (final.state === 'refused' && !entry.attempts.some(({ id }) => refused.has(id)))
      violate(12, `${shown(key)} ends as refused, and the mailer never refused it for good`);
    if (entry.attempts.some((one) => one.outcome === 'accepted' && !cameBack(one)))
      violate(12, `${shown(key)} was sent and ends as ${final.state}`);
    if ((final.state === 'missed' || final.state === 'skipped') && final.reason !== 'texting_hours') {
      const { allowing, readings } = allowingOf(
        heard,
        key,
        email,
        policy,
        ({ usefulUntilMs }) => usefulUntilMs <= final.nowMs,
      );
      if (readings > 0 && allowing.length === 0)
        violate(12, `${shown(key)} ends as ${final.state} while it is of use`);
    }
    if (final.reason === 'rebooked' && !noShows.mayHaveAnother(email, reminderName(key).startMs, policy))
      violate(27, `${shown(key)} is dropped for another call, which there is not`);
    if (
      final.state === 'dropped' &&
      final.reason !== 'daily_cap' &&
      final.reason !== 'monthly_cap' &&
      final.reason !== 'rebooked' &&
      final.reason !== 'erased' &&
      final.reason !== 'suppressed'
    ) {
      const { uid, rule, startMs } = reminderName(key);
      const readings = heard.readings(uid, policy);
      const isDroppable = readings?.some(
        ({ reminders }) =>
          !reminders.some(
            (one) => one.rule === rule && one.email === email && one.startMs === startMs && one.isWanted,
          ),
      );
      if (readings && !isDroppable)
        violate(12, `${shown(key)} is dropped (${final.reason}) though it is wanted`);
    }
  }

  function called(worker: Worker, message: Message | TextMessage, send: SendCall): void {
    const claim = claims.get(send.attemptId);
    if (!claim) {
      violate(9, `a message to ${message.to} is sent without a claim`);
      return;
    }
    const { key, attempt } = claim;
    if (claim.called) violate(9, `the mailer is called twice for one attempt at ${shown(key)}`);
    if (claim.worker !== worker)
      violate(13, `an attempt at ${shown(key)} is sent by another worker than claimed it`);
    claim.called = true;
    checkStructure(message, send, violate);
    if (claim.atMs > (suppressions.get(ownerOf(claim)) ?? Infinity))
      violate(8, `${shown(key)} was claimed after its recipient wanted no more mails, and is sent`);
    const nowMs = worker.nowMs();
    const calls = underWay.get(worker) ?? new Set<string>();
    underWay.set(worker, calls.add(send.attemptId));
    if (calls.size > policyOf(worker).concurrency)
      violate(16, `${calls.size} messages are being sent at a time`);
    if (nowMs > attempt.startBy) violate(8, `${shown(key)} is sent ${nowMs - attempt.at} ms after its claim`);
    if (send.deadline.epochMilliseconds - nowMs > 10_000)
      violate(14, `the time-out of ${shown(key)} is too long`);
    if (nowMs < (patience[channelOf(attempt)].get(worker) ?? -Infinity) && weather.clocks !== 'set')
      violate(16, `${shown(key)} is sent before the moment that the mailer asked for`);
    if (channelOf(attempt) !== ('subject' in message ? 'mail' : 'sms'))
      violate(28, `${shown(key)} is sent by another way than it was claimed for`);
    if (isText(attempt) && claim.email.endsWith('@sms.example'))
      tally.count('text to somebody without a mail address');
    if (isText(attempt)) owners.set(message.to, ownerOf(claim));
    const objection = 'subject' in message ? null : texts.objection(message, claim);
    if (objection) violate(28, `${shown(key)} ${objection}`);
    if ('subject' in message && message.to.toLowerCase() !== claim.email)
      violate(6, `${shown(key)} is sent to ${message.to}`);
    const text: Words = JSON.parse(message.text);
    const { startMs, rule, uid } = reminderName(key);
    if (text.startMs !== startMs || text.rule !== rule)
      violate(6, `${shown(key)} speaks of ${text.rule} and ${iso(text.startMs)}`);
    if (claim.places.size > 0 && !claim.places.has(text.place))
      violate(6, `${shown(key)} names a place that is not the booking's: ${text.place}`);
    if (text.title !== `Call ${uid}`) violate(6, `${shown(key)} speaks of ${text.title}`);
  }

  function checkHeard(attempt: KeptAttempt, key: string): void {
    if (answers.isMissed(attempt))
      violate(9, `${shown(key)} was accepted, its worker heard so, and it counts as ${attempt.outcome}`);
  }

  return {
    applied,
    called,
    accepted({ attemptId }, as) {
      const claim = claims.get(attemptId);
      accepted.add(attemptId);
      if (!claim || as === 'known') return;
      const moments = [...(sent.get(claim.key) ?? []), timeline.nowMs()];
      sent.set(claim.key, moments);
      const counted = moments.filter((ms) => ms > forgivenUntilMs);
      if (counted.length > 2) violate(9, `${shown(claim.key)} went out ${counted.length} times`);
      const way = `${claim.key} ${channelOf(claim.attempt)}`;
      sentBy.set(way, (sentBy.get(way) ?? 0) + 1);
      if ((sentBy.get(way) ?? 0) > 1 && weather.doubt === 'once' && forgivenUntilMs === -Infinity)
        violate(9, `${shown(claim.key)} went out twice by a mailer that sends once`);
    },
    refusedForGood: ({ attemptId }) => void refused.add(attemptId),
    askedForPatience(worker, channel, forMs) {
      const known = patience[channel];
      known.set(worker, Math.max(known.get(worker) ?? 0, worker.nowMs() + forMs));
    },
    heardOk: (worker, { attemptId }) => answers.heardOk(worker, attemptId),
    answered: (worker, { attemptId }) => void underWay.get(worker)?.delete(attemptId),
    paused: answers.paused,
    checkHeard,
    reported(attemptId, said) {
      const known = reports.get(attemptId);
      if (known === undefined || strengths[known] < strengths[said]) reports.set(attemptId, said);
      const claim = claims.get(attemptId);
      if (!claim || !suppressing.has(said)) return;
      const owner = ownerOf(claim);
      suppressions.set(owner, Math.min(timeline.nowMs(), suppressions.get(owner) ?? Infinity));
    },
    strongest: (attemptId) => reports.get(attemptId) ?? null,
    wasSuppressed: (claim) => suppressions.has(ownerOf(claim)),
    stopped: texts.stopped,
    startsAgain(number) {
      texts.startsAgain(number);
      // It takes back whatever was known of the number.
      suppressions.delete(owners.get(number) ?? '');
    },
    died(worker) {
      answers.died(worker);
      for (const claim of claims.values()) {
        if (claim.worker !== worker || claim.settled) continue;
        if (claim.called) tally.count('worker dies with a send under way');
        claim.settled = true;
      }
    },
    erased: erasures.done,
    violate,
    violations: () => violations,
    claims: () => claims,
    sent: () => sent,
    isErased: erasures.isErased,
    erasing: erasures.begun,
    wasErased: erasures.wasBegun,
    mayHaveAnother: noShows.mayHaveAnother,
    rollBack(ms) {
      heard.rollBack(ms);
      forgivenUntilMs = timeline.nowMs();
      erasures.forget();
      reports.clear();
      suppressions.clear();
      texts.forget();
    },
  };
}
