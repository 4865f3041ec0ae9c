// Senders that keep what they accept. Their answers can be scripted, one call at a time.
import {
  type Clock,
  Err,
  type Instant,
  type Mailer,
  type Message,
  Ok,
  type PortError,
  type SendCall,
  type Sender,
  type TextMessage,
} from '@precall/core';

/** A message that was accepted, with the call that brought it. */
export interface KeptMessage<M = Message> {
  readonly message: M;
  readonly attemptId: SendCall['attemptId'];
  readonly onceKey: string;
  readonly at: Instant;
  readonly messageId: string;
}

/** A sender for tests, with what it took and a way to have it answer badly. */
export interface MemorySender<M> extends Sender<M> {
  /** What was accepted, oldest first. */
  readonly sent: readonly KeptMessage<M>[];
  /** Every call, whatever came of it, oldest first. */
  readonly calls: readonly SendCall[];
  /**
   * Scripts the answer to the next call that has none yet; `no_answer` gives up at the deadline. With
   * `accepted` the message is kept all the same and only the answer is bad.
   */
  answerNext(answer: PortError | 'no_answer', fate?: 'accepted' | 'lost'): void;
}
/** A Mailer for tests. */
export type MemoryMailer = MemorySender<Message>;
/** A Texter for tests. */
export type MemoryTexter = MemorySender<TextMessage>;

interface MemorySenderOptions {
  readonly clock: Clock;
  readonly doubt?: Mailer['doubt'];
}

/**
 * `doubt` is `once` unless said otherwise: a repeated onceKey is accepted again but kept once, and a kept message is
 * found by it.
 */
export function createMemoryMailer(options: MemorySenderOptions): MemoryMailer {
  return createMemorySender<Message>(options);
}

/** As `createMemoryMailer`, for text messages. */
export function createMemoryTexter(options: MemorySenderOptions): MemoryTexter {
  return createMemorySender<TextMessage>(options);
}

function createMemorySender<M>({ clock, doubt = 'once' }: MemorySenderOptions): MemorySender<M> {
  const sent: KeptMessage<M>[] = [];
  const calls: SendCall[] = [];
  const script: { readonly answer: PortError | 'no_answer'; readonly fate: 'accepted' | 'lost' }[] = [];

  function keep(message: M, { attemptId, onceKey }: SendCall): KeptMessage<M> {
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
