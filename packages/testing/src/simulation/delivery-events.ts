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

/** Makes the provider report about each message it takes; posts are repeated until they are taken. */
export function createReporter({
  timeline,
  random,
  tally,
  hosts,
  isCalm,
  onTaken,
  onRejection,
  note,
}: {
  readonly timeline: Timeline;
  readonly random: Random;
  readonly tally: Tally;
  readonly hosts: () => readonly Host[];
  readonly isCalm: () => boolean;
  readonly onTaken: (attemptId: string, said: Said) => void;
  readonly onRejection: (cause: unknown) => void;
  readonly note: (who: string, line: () => string) => void;
}): (attemptId: string) => void {
  function post(attemptId: string, said: Said, atMs: number): void {
    const again = (): void => {
      timeline.at(timeline.nowMs() + random.between(30, 300) * 1_000, () => post(attemptId, said, atMs));
    };
    const available = hosts();
    const [first, ...others] = available;
    if (!first) {
      again();
      return;
    }
    const { worker, precall } = random.pick([first, ...others]);
    const body = JSON.stringify([{ attempt: attemptId, said, atMs }]);
    note(worker.name, () => `<= event ${attemptId.slice(0, 6)} ${said}`);
    let over = false;
    const end = (answer: Awaited<ReturnType<Precall['deliveryEvents']>> | null): void => {
      if (over) return;
      over = true;
      note(worker.name, () => `=> event ${attemptId.slice(0, 6)}: ${answer?.kind ?? 'no answer'}`);
      if (answer?.kind === 'taken') onTaken(attemptId, said);
      else again();
    };
    worker.onDeath(() => end(null));
    precall.deliveryEvents(deliveryOf(body, 0, 'authentic')).then(
      (answer) => worker.deliver(() => end(answer)),
      (cause: unknown) => onRejection(cause),
    );
  }

  return (attemptId) => {
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
          post(attemptId, said, atMs),
        );
      }
    }
  };
}
