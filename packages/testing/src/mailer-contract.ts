// The contract of the Mailer port.
import { setTimeout } from 'node:timers/promises';
import {
  attemptId,
  type Clock,
  type Duration,
  type Mailer,
  type Message,
  type SendCall,
  Temporal,
} from '@precall/core';
import { expect } from 'vitest';
import { type ContractOptions, type Promised, registerContract, type Use } from './contract.ts';
import { okOf } from './expect-port.ts';

/** A mailer, its clock, and its provider: what that has, and how it behaves. */
export interface MailerSubject {
  readonly mailer: Mailer;
  readonly now: Clock['now'];
  /** Lets that much time go by on the mailer's clock, or waits for it. */
  readonly pass: (length: Duration) => Promise<void>;
  /** What the provider has accepted so far, oldest first. */
  readonly accepted: () => Promise<readonly Pick<Message, 'to' | 'subject' | 'text' | 'html'>[]>;
  /** How the provider behaves from now on: it takes the call and never answers, cannot be reached, or refuses for good. */
  readonly make: (provider: 'silent' | 'away' | 'refusing') => void;
}

/** A mailer to run the contract on. */
export interface MailerContractOptions extends ContractOptions {
  create(): MailerSubject | Promise<MailerSubject>;
  close?(subject: MailerSubject): Promise<void>;
}

/** Registers the Mailer contract's tests in a test file of Vitest. */
export function mailerContract(options: MailerContractOptions): void {
  registerContract('Mailer', mailerPromises, useMailer(options), options);
}

/** Makes a mailer for one promise, and closes it. */
export function useMailer({ create, close }: MailerContractOptions): Use<MailerSubject> {
  return async (run) => {
    const subject = await create();
    try {
      await run(subject);
    } finally {
      await close?.(subject);
    }
  };
}

function message(name: string): Message {
  const words = `${name}: Grüße, "Zoë" & <co> 👋`;
  return {
    to: 'ada@example.com',
    toName: 'Ada Ö.',
    subject: words,
    text: `${words}\n`,
    html: '<p>Grüße</p>',
  };
}

/** A call that gives up in two seconds. */
function call({ now }: MailerSubject, name: string, onceKey = name): SendCall {
  return { attemptId: attemptId(`attempt-${name}`), onceKey, deadline: now().add({ seconds: 2 }) };
}

function send(subject: MailerSubject, name: string): ReturnType<Mailer['send']> {
  return subject.mailer.send(message(name), call(subject, name));
}

/** What becomes of a send, in a word. */
function kindOf(answer: ReturnType<Mailer['send']>): Promise<string> {
  return answer.then(
    (result) => (result.isErr() ? result.error.kind : 'Ok'),
    () => 'a rejection',
  );
}

/** The same; `no answer` when there is none within a second of real time from now. */
function kindSoon(kind: Promise<string>): Promise<string> {
  return Promise.race([kind, setTimeout(1_000, 'no answer', { ref: false })]);
}

/** What every Mailer promises, each as a test. */
export const mailerPromises: readonly Promised<MailerSubject>[] = [
  {
    promise: 'send: Ok means that the provider has the message, once and as given',
    async run(subject) {
      await okOf(send(subject, 'one'));
      const { to, subject: words, html } = message('one');
      const accepted = await subject.accepted();
      expect(accepted.map((mail) => [mail.to, mail.subject, mail.text.trim(), mail.html.trim()])).toEqual([
        [to, words, words, html],
      ]);
    },
  },
  {
    promise: 'send: each onceKey is a message of its own',
    async run(subject) {
      for (const name of ['one', 'two', 'three']) await okOf(send(subject, name));
      expect(await subject.accepted()).toHaveLength(3);
    },
  },
  {
    promise: 'doubt `once`: a repeated onceKey is Ok again and accepted once',
    notGivenBy: ({ mailer }) =>
      mailer.doubt === 'once' ? null : `the doubt of this mailer is ${mailer.doubt}`,
    async run(subject) {
      await okOf(subject.mailer.send(message('first'), call(subject, 'first', 'same')));
      await okOf(subject.mailer.send(message('again'), call(subject, 'again', 'same')));
      expect(await subject.accepted()).toHaveLength(1);
    },
  },
  {
    promise: 'find: a message by its onceKey once it was accepted, null before',
    notGivenBy: ({ mailer }) => (mailer.find ? null : 'this mailer cannot find a message'),
    async run(subject) {
      const found = () => subject.mailer.find?.('one') ?? Promise.reject(new Error('no find'));
      expect(await okOf(found())).toBeNull();
      await okOf(send(subject, 'two'));
      expect(await okOf(found())).toBeNull();
      const { messageId } = await okOf(send(subject, 'one'));
      expect((await okOf(found()))?.messageId).toBe(messageId);
    },
  },
  {
    promise: 'send: gives up at the deadline with unknown, or unavailable if nothing was sent',
    async run(subject) {
      subject.make('silent');
      const answer = kindOf(send(subject, 'one'));
      await subject.pass(Temporal.Duration.from({ seconds: 3 }));
      expect(['unknown', 'unavailable']).toContain(await kindSoon(answer));
    },
  },
  {
    promise: 'send: starts nothing at or after the deadline',
    async run(subject) {
      for (const deadline of [subject.now(), subject.now().subtract({ seconds: 1 })]) {
        const answer = await subject.mailer.send(message('late'), { ...call(subject, 'late'), deadline });
        expect(answer.isErr()).toBe(true);
      }
      expect(await subject.accepted()).toEqual([]);
    },
  },
  {
    promise: 'send: a provider that cannot be reached is unavailable or unknown, never a rejection',
    async run(subject) {
      subject.make('away');
      expect(['unavailable', 'unknown']).toContain(await kindSoon(kindOf(send(subject, 'one'))));
    },
  },
  {
    promise: 'send: a provider that refuses the message for good is rejected',
    async run(subject) {
      subject.make('refusing');
      expect(await kindSoon(kindOf(send(subject, 'one')))).toBe('rejected');
    },
  },
];
