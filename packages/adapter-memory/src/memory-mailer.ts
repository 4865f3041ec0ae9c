// A mailer that keeps what it accepts. Its answers can be scripted, one call at a time.

import type { SendCall } from '@precall/core';
import { type Clock, Err, type Instant, type Mailer, type Message, Ok, type PortError } from '@precall/core';

/** A message that was accepted, with the call that brought it. */
export interface KeptMessage {
  readonly message: Message;
  readonly attemptId: SendCall['attemptId'];
  readonly onceKey: string;
  readonly at: Instant;
  readonly messageId: string;
}

/** A Mailer for tests, with what it took and a way to have it answer badly. */
export interface MemoryMailer extends Mailer {
  /** What was accepted, oldest first. */
  readonly sent: readonly KeptMessage[];
  /** Every call, whatever came of it, oldest first. */
  readonly calls: readonly SendCall[];
  /**
   * Scripts the answer to the next call that has none yet; `no_answer` gives up at the deadline. With
   * `accepted` the message is kept all the same and only the answer is bad.
   */
  answerNext(answer: PortError | 'no_answer', fate?: 'accepted' | 'lost'): void;
}

/**
 * `doubt` is `once` unless said otherwise: a repeated onceKey is accepted again but kept once, and a kept message is
 * found by it.
 */
export function createMemoryMailer({
  clock,
  doubt = 'once',
}: {
  readonly clock: Clock;
  readonly doubt?: Mailer['doubt'];
}): MemoryMailer {
  const sent: KeptMessage[] = [];
  const calls: SendCall[] = [];
  const script: { readonly answer: PortError | 'no_answer'; readonly fate: 'accepted' | 'lost' }[] = [];

  function keep(message: Message, { attemptId, onceKey }: SendCall): KeptMessage {
    const earlier = doubt === 'once' ? sent.find((kept) => kept.onceKey === onceKey) : undefined;
    if (earlier) return earlier;
    const kept = { message, attemptId, onceKey, at: clock.now(), messageId: `memory-${sent.length + 1}` };
    sent.push(kept);
    return kept;
  }

  return {
    doubt,
    sent,
    calls,
    answerNext(answer, fate = 'lost') {
      script.push({ answer, fate });
    },
    async send(message, call) {
      calls.push(call);
      if (clock.now().epochMilliseconds >= call.deadline.epochMilliseconds) {
        return Err({ kind: 'unavailable', reason: 'The deadline had passed before the message was sent.' });
      }
      const scripted = script.shift();
      if (!scripted) return Ok({ messageId: keep(message, call).messageId });
      if (scripted.fate === 'accepted') keep(message, call);
      if (scripted.answer !== 'no_answer') return Err(scripted.answer);
      await new Promise<void>((resolve) => clock.at(call.deadline, resolve));
      return Err({ kind: 'unknown', reason: 'No answer by the deadline.' });
    },
    ...(doubt === 'once' && {
      find: (onceKey: string) => Promise.resolve(Ok(sent.find((kept) => kept.onceKey === onceKey) ?? null)),
    }),
  };
}
