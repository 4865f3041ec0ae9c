// The provider behind the mailer, and the mailer of one worker. What it took is the truth that the oracle looks at.
import { Err, type Mailer, type Message, Ok, type PortError, type SendCall, Temporal } from '@precall/core';
import type { Call } from './calls.ts';
import { simulatedEvents } from './delivery-events.ts';
import type { Random } from './random.ts';
import type { Tally } from './tally.ts';
import type { Timeline } from './timeline.ts';
import type { Weather } from './weather.ts';
import type { Worker } from './worker.ts';

export interface TakenMessage {
  readonly message: Message;
  readonly attemptId: string;
  readonly onceKey: string;
  readonly atMs: number;
}

export interface MailProvider {
  /** What was accepted, oldest first; without those that it knew by their onceKey. */
  readonly taken: readonly TakenMessage[];
  accept(message: Message, call: SendCall): 'taken' | 'known' | 'too many';
}

/** At most `perTenSeconds`; beyond that it asks for patience. */
export function createMailProvider(
  timeline: Timeline,
  doubt: Mailer['doubt'],
  perTenSeconds: number,
): MailProvider {
  const taken: TakenMessage[] = [];
  return {
    taken,
    accept(message, { attemptId, onceKey }) {
      if (doubt === 'once' && taken.some((one) => one.onceKey === onceKey)) return 'known';
      const nowMs = timeline.nowMs();
      if (taken.filter(({ atMs }) => atMs > nowMs - 10_000).length >= perTenSeconds) return 'too many';
      taken.push({ message, attemptId, onceKey, atMs: nowMs });
      return 'taken';
    },
  };
}

/** What the oracle is told about sends. */
export interface MailWatch {
  called(worker: Worker, message: Message, call: SendCall): void;
  /** `known`: it had the message already, and keeps one. */
  accepted(call: SendCall, as: 'taken' | 'known'): void;
  askedForPatience(worker: Worker, forMs: number): void;
  refused(call: SendCall): void;
  heardOk(worker: Worker, call: SendCall): void;
  answered(worker: Worker, call: SendCall): void;
}

export function mailerFor(
  worker: Worker,
  {
    provider,
    call,
    weather,
    random,
    tally,
    isCalm,
    watch,
  }: {
    readonly provider: MailProvider;
    readonly call: Call;
    readonly weather: Weather;
    readonly random: Random;
    readonly tally: Tally;
    readonly isCalm: () => boolean;
    readonly watch: MailWatch;
  },
): Mailer {
  function accept(message: Message, send: SendCall): Awaited<ReturnType<Mailer['send']>> {
    const outcome = provider.accept(message, send);
    if (outcome === 'too many') return patience(10);
    watch.accepted(send, outcome);
    return Ok({ messageId: `m-${send.attemptId.slice(0, 6)}` });
  }

  function patience(seconds: number): ReturnType<typeof accept> {
    tally.count('mailer asks for patience');
    const retryAfter = Temporal.Duration.from({ seconds });
    const error: PortError = { kind: 'unavailable', reason: 'too many', retryAfter };
    return Err(error);
  }

  function attempt(message: Message, send: SendCall): ReturnType<typeof accept> {
    if (isCalm() || !random.chance(weather.refusal)) return accept(message, send);
    const how = random.pick(['patience', 'unavailable', 'unavailable', 'rejected'] as const);
    if (how === 'patience') return patience(random.between(5, 300));
    if (how === 'unavailable') return Err({ kind: 'unavailable', reason: '503, by chance' });
    tally.count('mailer refuses for good');
    watch.refused(send);
    return Err({ kind: 'rejected', reason: '400, by chance' });
  }

  function find(onceKey: string): ReturnType<NonNullable<Mailer['find']>> {
    tally.count('send looked up after its worker died');
    return call({ port: 'mailer', method: 'find', describe: () => onceKey.slice(0, 6) }, () => {
      const found = provider.taken.find((one) => one.onceKey === onceKey);
      return Ok(found ? { messageId: null } : null);
    });
  }

  return {
    doubt: weather.doubt,
    ...(weather.doubt === 'reported' && { events: simulatedEvents }),
    // Only a provider that keeps every message once can be sure of its answer.
    ...(weather.doubt === 'once' && weather.finds && { find }),
    send(message, send) {
      if (!worker.isAlive()) return new Promise(() => undefined);
      watch.called(worker, message, send);
      const silent = !isCalm() && random.chance(weather.silence);
      const answer = call(
        {
          port: 'mailer',
          method: 'send',
          describe: () => `${send.attemptId.slice(0, 6)} ${message.to} ${message.subject}`,
        },
        () => {
          if (worker.nowMs() >= send.deadline.epochMilliseconds) {
            return Err({
              kind: 'unavailable',
              reason: 'The deadline had passed before the message was sent.',
            });
          }
          return attempt(message, send);
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
      tally.count('mailer never answers');
      return new Promise(() => undefined);
    },
  };
}
