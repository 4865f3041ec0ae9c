// The providers behind the mailer and the texter, and what sends by them for one worker. What they took is the truth that
// the oracle looks at.
import {
  type DeliveryEvents,
  Err,
  type Message,
  Ok,
  type PortError,
  type SendCall,
  type Sender,
  Temporal,
  type TextMessage,
} from '@precall/core';
import type { Call } from './calls.ts';
import type { Random } from './random.ts';
import type { Tally } from './tally.ts';
import type { Timeline } from './timeline.ts';
import type { Weather } from './weather.ts';
import type { Worker } from './worker.ts';

interface TakenMessage {
  readonly onceKey: string;
  readonly atMs: number;
}

export interface Provider {
  /** What was accepted, oldest first; without those that it knew by their onceKey. */
  readonly taken: readonly TakenMessage[];
  accept(call: SendCall): 'taken' | 'known' | 'too many';
}

/** At most `perTenSeconds`; beyond that it asks for patience. */
export function createProvider(timeline: Timeline, doubt: Weather['doubt'], perTenSeconds: number): Provider {
  const taken: TakenMessage[] = [];
  return {
    taken,
    accept({ onceKey }) {
      if (doubt === 'once' && taken.some((one) => one.onceKey === onceKey)) return 'known';
      const nowMs = timeline.nowMs();
      if (taken.filter(({ atMs }) => atMs > nowMs - 10_000).length >= perTenSeconds) return 'too many';
      taken.push({ onceKey, atMs: nowMs });
      return 'taken';
    },
  };
}

/** What the oracle is told about sends. */
export interface SendWatch<M> {
  called(worker: Worker, message: M, call: SendCall): void;
  /** `known`: it had the message already, and keeps one. */
  accepted(call: SendCall, as: 'taken' | 'known'): void;
  askedForPatience(worker: Worker, forMs: number): void;
  refused(call: SendCall): void;
  heardOk(worker: Worker, call: SendCall): void;
  answered(worker: Worker, call: SendCall): void;
}

export function senderFor<M extends Message | TextMessage>(
  worker: Worker,
  {
    port,
    provider,
    events,
    call,
    weather,
    random,
    tally,
    isCalm,
    watch,
  }: {
    readonly port: 'mailer' | 'texter';
    readonly provider: Provider;
    readonly events: DeliveryEvents;
    readonly call: Call;
    readonly weather: Weather;
    readonly random: Random;
    readonly tally: Tally;
    readonly isCalm: () => boolean;
    readonly watch: SendWatch<M>;
  },
): Sender<M> {
  function accept(send: SendCall): Awaited<ReturnType<Sender<M>['send']>> {
    const outcome = provider.accept(send);
    if (outcome === 'too many') return patience(10);
    watch.accepted(send, outcome);
    return Ok({ messageId: `m-${send.attemptId.slice(0, 6)}` });
  }

  function patience(seconds: number): ReturnType<typeof accept> {
    tally.count(`${port} asks for patience`);
    const retryAfter = Temporal.Duration.from({ seconds });
    const error: PortError = { kind: 'unavailable', reason: 'too many', retryAfter };
    return Err(error);
  }

  function attempt(send: SendCall): ReturnType<typeof accept> {
    if (isCalm() || !random.chance(weather.refusal)) return accept(send);
    const how = random.pick(['patience', 'unavailable', 'unavailable', 'rejected'] as const);
    if (how === 'patience') return patience(random.between(5, 300));
    if (how === 'unavailable') return Err({ kind: 'unavailable', reason: '503, by chance' });
    tally.count(`${port} refuses for good`);
    watch.refused(send);
    return Err({ kind: 'rejected', reason: '400, by chance' });
  }

  function find(onceKey: string): ReturnType<NonNullable<Sender<M>['find']>> {
    tally.count('send looked up after its worker died');
    return call({ port, method: 'find', describe: () => onceKey.slice(0, 6) }, () => {
      const found = provider.taken.find((one) => one.onceKey === onceKey);
      return Ok(found ? { messageId: null } : null);
    });
  }

  return {
    doubt: weather.doubt,
    ...(weather.doubt === 'reported' && { events }),
    // Only a provider that keeps every message once can be sure of its answer.
    ...(weather.doubt === 'once' && weather.finds && { find }),
    send(message, send) {
      if (!worker.isAlive()) return new Promise(() => undefined);
      watch.called(worker, message, send);
      const silent = !isCalm() && random.chance(weather.silence);
      const answer = call(
        {
          port,
          method: 'send',
          describe: () =>
            `${send.attemptId.slice(0, 6)} ${message.to} ${'subject' in message ? message.subject : message.text}`,
        },
        () => {
          if (worker.nowMs() >= send.deadline.epochMilliseconds) {
            return Err({
              kind: 'unavailable',
              reason: 'The deadline had passed before the message was sent.',
            });
          }
          return attempt(send);
        },
      ).then((result) => {
        watch.answered(worker, send);
        // Who has given up on the call by then does not hear it.
        const isHeard = !silent && worker.nowMs() < send.deadline.epochMilliseconds;
        if (isHeard && result.isOk()) watch.heardOk(worker, send);
        if (isHeard && result.isErr() && result.error.kind === 'unavailable' && result.error.retryAfter) {
          watch.askedForPatience(worker, result.error.retryAfter.total('milliseconds'));
        }
        return result;
      });
      if (!silent) return answer;
      tally.count(`${port} never answers`);
      return new Promise(() => undefined);
    },
  };
}
