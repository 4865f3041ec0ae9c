// What the provider reports later about the messages it took: late, twice, in any order, and sometimes never.
import { type DeliveryEvent, type DeliveryEvents, Err, Ok, type Precall, Temporal } from '@precall/core';
import type { Random } from './random.ts';
import type { Host } from './sender.ts';
import { deliveryOf } from './source.ts';
import type { Tally } from './tally.ts';
import type { Timeline } from './timeline.ts';

export type Said = DeliveryEvent['said'];

/** No two are equally strong: a report never weakens an earlier one. */
export const strengths: { readonly [S in Said]: number } = {
  accepted: 0,
  delivered: 1,
  blocked: 2,
  bounced: 3,
  dropped: 4,
  complained: 5,
  unsubscribed: 6,
};

/** The provider's signed posts, as a mailer reads them. */
export const simulatedEvents: DeliveryEvents = {
  verify: (headers) => (headers['x-simulation-signature']?.[0] === 'authentic' ? 'authentic' : 'forged'),
  parse: (json) =>
    Array.isArray(json)
      ? Ok(json.map(({ atMs, ...event }) => ({ ...event, at: Temporal.Instant.fromEpochMilliseconds(atMs) })))
      : Err([{ path: '', message: 'is no list of events' }]),
};

/** Posts one event about a mail or a text, again and again until it is taken. */
export type Poster = (post: {
  readonly channel: 'mail' | 'sms';
  /** As `simulatedEvents` reads it. */
  readonly event:
    | { readonly attempt: string; readonly said: Said; readonly atMs: number }
    | { readonly address: string; readonly said: 'stop' | 'start'; readonly atMs: number };
  readonly label: string;
  readonly onTaken: () => void;
}) => void;

export function createPoster({
  timeline,
  random,
  hosts,
  onRejection,
  note,
}: {
  readonly timeline: Timeline;
  readonly random: Random;
  readonly hosts: () => readonly Host[];
  readonly onRejection: (cause: unknown) => void;
  readonly note: (who: string, line: () => string) => void;
}): Poster {
  return function post(one): void {
    const { channel, event, label, onTaken } = one;
    const again = (): void => {
      timeline.at(timeline.nowMs() + random.between(30, 300) * 1_000, () => post(one));
    };
    const available = hosts();
    const [first, ...others] = available;
    if (!first) {
      again();
      return;
    }
    const { worker, precall } = random.pick([first, ...others]);
    note(worker.name, () => `<= event ${label} ${event.said}`);
    let over = false;
    const end = (answer: Awaited<ReturnType<Precall['deliveryEvents']>> | null): void => {
      if (over) return;
      over = true;
      note(worker.name, () => `=> event ${label}: ${answer?.kind ?? 'no answer'}`);
      if (answer?.kind === 'taken') onTaken();
      else again();
    };
    worker.onDeath(() => end(null));
    precall.deliveryEvents(deliveryOf(JSON.stringify([event]), 0, 'authentic'), channel).then(
      (answer) => worker.deliver(() => end(answer)),
      (cause: unknown) => onRejection(cause),
    );
  };
}

/** Makes the provider report about each message it takes. */
export function createReporter({
  timeline,
  random,
  tally,
  isCalm,
  post,
  onTaken,
}: {
  readonly timeline: Timeline;
  readonly random: Random;
  readonly tally: Tally;
  readonly isCalm: () => boolean;
  readonly post: Poster;
  readonly onTaken: (attemptId: string, said: Said) => void;
}): (attemptId: string, channel: 'mail' | 'sms') => void {
  return (attempt, channel) => {
    const nowMs = timeline.nowMs();
    const plan: [Said, number][] = [['accepted', random.between(1, 40)]];
    plan.push([
      random.chance(0.93) ? 'delivered' : random.pick(['blocked', 'bounced', 'dropped']),
      random.between(2, 480),
    ]);
    if (random.chance(0.04))
      plan.push([random.pick(['complained', 'unsubscribed']), random.between(60, 7_200)]);
    for (const [said, seconds] of plan) {
      if (!isCalm() && random.chance(0.1)) {
        tally.count('delivery event lost');
        continue;
      }
      const copies = random.chance(0.15) ? 2 : 1;
      if (copies > 1) tally.count('delivery event doubled');
      for (let copy = 0; copy < copies; copy += 1) {
        const atMs = nowMs + seconds * 1_000;
        timeline.at(atMs + (copy > 0 ? random.between(1, 3_600) * 1_000 : 0), () =>
          post({
            channel,
            event: { attempt, said, atMs },
            label: attempt.slice(0, 6),
            onTaken: () => onTaken(attempt, said),
          }),
        );
      }
    }
  };
}
