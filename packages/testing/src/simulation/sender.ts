// How webhooks travel: late, twice, in another order, again much later, or never; and what a sender makes of no answer.
import type { IntakeAnswer, Precall } from '@precall/core';
import type { Oracle } from './oracle.ts';
import type { Random } from './random.ts';
import { bodyOf, deliveryOf, type Emission, type SourceName, sourceOf } from './source.ts';
import type { Tally } from './tally.ts';
import type { Timeline } from './timeline.ts';
import type { Weather } from './weather.ts';
import type { Worker } from './worker.ts';

/** A process that takes webhooks. */
export interface Host {
  readonly worker: Worker;
  readonly precall: Precall;
}

export interface Sender {
  /** Says it to every subscription, over a network like this one. */
  send(emission: Emission): void;
  /** Delivers it now and again until it is answered for: somebody sees to it by hand. */
  insist(emission: Emission): void;
  /** A body that is signed and means nothing, or means something and is not signed well. */
  sendStrange(kind: 'not understood' | 'forged', emission: Emission): void;
  emissions(): readonly Emission[];
}

export function createSender({
  timeline,
  random,
  tally,
  weather,
  oracle,
  hosts,
  isCalm,
  onAnswer,
  hadReason,
  note,
}: {
  readonly timeline: Timeline;
  readonly random: Random;
  readonly tally: Tally;
  readonly weather: Weather;
  readonly oracle: Oracle;
  /** Those that take webhooks of this source. */
  readonly hosts: (source: SourceName) => readonly Host[];
  readonly isCalm: () => boolean;
  readonly onAnswer: (attempt: number, host: Host, answer: IntakeAnswer) => void;
  /** Whether a host could not take a webhook since then: the store failed it, or it is stopping. */
  readonly hadReason: (host: Host, sinceMs: number) => boolean;
  readonly note: (who: string, line: () => string) => void;
}): Sender {
  const emissions: Emission[] = [];
  let attempts = 0;
  let copies = 1_000_000;
  const inFlight = new Map<string, number>();

  function deliver(
    body: string,
    emission: Emission,
    options: { readonly tries: number; readonly insist: boolean; readonly sign: 'authentic' | 'forged' },
  ): void {
    const available = hosts(sourceOf(emission.update.uid ?? ''));
    const [first, ...others] = available;
    if (!first) {
      failed(body, emission, options);
      return;
    }
    const host = random.pick([first, ...others]);
    attempts += 1;
    const attempt = attempts;
    const { uid } = emission.update;
    const running = inFlight.get(uid ?? '') ?? 0;
    if (running > 0) tally.count('two webhooks about one booking at once');
    inFlight.set(uid ?? '', running + 1);
    note(host.worker.name, () => `<= webhook ${attempt}: ${emissionText(emission)}`);
    let over = false;
    const cameMs = timeline.nowMs();
    const end = (answer: IntakeAnswer | null): void => {
      if (over) return;
      over = true;
      inFlight.set(uid ?? '', (inFlight.get(uid ?? '') ?? 1) - 1);
      if (answer) onAnswer(attempt, host, answer);
      note(host.worker.name, () => `=> webhook ${attempt}: ${answerText(answer)}`);
      if (options.sign === 'forged' && answer && answer.kind !== 'forged')
        oracle.violate(2, 'a forged webhook is taken');
      if (answer?.kind === 'away' && !hadReason(host, cameMs)) {
        oracle.violate(19, 'a webhook is sent away though the store is there');
      }
      if (!answer || answer.kind === 'away') {
        failed(body, emission, options);
      } else if (!isCalm() && !options.insist && random.chance(weather.webhookRetried * 0.05)) {
        tally.count('answer lost on its way back');
        failed(body, emission, options);
      }
    };
    host.worker.onDeath(() => end(null));
    // Not in this very step: somebody's request comes in by itself.
    timeline.at(timeline.nowMs(), () => {
      if (!host.worker.isAlive()) return;
      host.precall.receive(deliveryOf(body, attempt, options.sign)).then(
        (answer) => host.worker.deliver(() => end(answer)),
        (cause: unknown) => oracle.violate(25, `receive rejects: ${String(cause)}`),
      );
    });
  }

  function failed(body: string, emission: Emission, options: Parameters<typeof deliver>[2]): void {
    const again = { ...options, tries: options.tries + 1 };
    if (options.insist) {
      timeline.at(timeline.nowMs() + 15_000, () => deliver(body, emission, again));
      return;
    }
    if (options.tries >= 4 || !random.chance(weather.webhookRetried)) {
      tally.count('webhook given up by its sender');
      return;
    }
    tally.count('webhook retried');
    timeline.at(timeline.nowMs() + random.between(10, 600) * 1_000, () => deliver(body, emission, again));
  }

  function travel(emission: Emission): void {
    if (random.chance(weather.webhookLost)) {
      tally.count('webhook lost');
      note('network', () => `loses ${emissionText(emission)}`);
      return;
    }
    emissions.push(emission);
    const body = bodyOf(emission);
    let delayMs = random.between(50, 1_500);
    if (random.chance(weather.webhookLate)) {
      const isHours = random.chance(0.2);
      tally.count(isHours ? 'webhook late by hours' : 'webhook late by minutes');
      delayMs = isHours ? random.between(1, 6 * 60) * 60_000 : random.between(5, 600) * 1_000;
    }
    const options = { tries: 1, insist: false, sign: 'authentic' } as const;
    timeline.at(timeline.nowMs() + delayMs, () => deliver(body, emission, options));
    if (random.chance(0.04)) {
      timeline.at(timeline.nowMs() + random.between(1, 60) * 3_600_000, () => {
        tally.count('webhook sent again much later');
        deliver(body, emission, options);
      });
    }
  }

  return {
    send(emission) {
      travel(emission);
      if (!random.chance(weather.webhookDoubled)) return;
      tally.count('webhook doubled');
      // Another subscription's copy is said some milliseconds later.
      const { update } = emission;
      copies += 1;
      travel({ id: copies, update: { ...update, saidAt: update.saidAt?.add({ milliseconds: 3 }) ?? null } });
    },
    insist: (emission) => deliver(bodyOf(emission), emission, { tries: 1, insist: true, sign: 'authentic' }),
    sendStrange(kind, emission) {
      const body = kind === 'forged' ? bodyOf(emission) : `{"strange":${emission.id}}`;
      tally.count(kind === 'forged' ? 'webhook forged' : 'webhook not understood');
      deliver(body, emission, { tries: 5, insist: false, sign: kind === 'forged' ? 'forged' : 'authentic' });
    },
    emissions: () => emissions,
  };
}

function emissionText({ id, update }: Emission): string {
  const { kind, uid, saidAt, time, replaces, attendees } = update;
  const people = attendees.map(({ email }) => email).join(' ');
  return `#${id} ${kind} ${uid}${replaces ? ` from ${replaces.uid}` : ''} start ${time?.startAt.toString() ?? '-'} said ${saidAt?.toString() ?? '-'} ${people}`;
}

function answerText(answer: IntakeAnswer | null): string {
  if (!answer) return 'no answer';
  if (answer.kind === 'taken') return `taken, ${answer.status}, ${answer.reminders.length} reminders`;
  return answer.kind === 'ignored' ? `ignored, ${answer.reason}` : answer.kind;
}
