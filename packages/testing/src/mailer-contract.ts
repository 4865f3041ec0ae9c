// The contract of the ports that send: Mailer and Texter.
import { setTimeout } from 'node:timers/promises';
import {
  attemptId,
  type CalendarFile,
  type Clock,
  type Duration,
  type Mailer,
  type Message,
  type SendCall,
  type Sender,
  Temporal,
  type Texter,
  type TextMessage,
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
  readonly accepted: () => Promise<readonly Sent[]>;
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

type Sent = Pick<Message, 'to' | 'subject' | 'text' | 'html' | 'calendar'>;

/** A texter, its clock, and its provider. */
export interface TexterSubject extends Provided<TextMessage> {
  readonly texter: Texter;
}

/** How to make one, and how to clear it away. */
export interface TexterContractOptions extends ContractOptions {
  create(): TexterSubject | Promise<TexterSubject>;
  close?(subject: TexterSubject): Promise<void>;
}

/** Registers one test for each promise of the Texter port. */
export function texterContract(options: TexterContractOptions): void {
  registerContract('Texter', texterPromises, useTexter(options), options);
}

/** Makes a new texter for each promise, and clears it away. */
export function useTexter({ create, close }: TexterContractOptions): Use<TexterSubject> {
  return async (run) => {
    const subject = await create();
    try {
      await run(subject);
    } finally {
      await close?.(subject);
    }
  };
}

interface Kind<Subject, M, Kept> {
  sender(subject: Subject): Sender<M>;
  message(name: string): M;
  /** What of a message must arrive as it was given. */
  seen(message: Kept): unknown;
}
interface Provided<Kept> {
  readonly now: Clock['now'];
  readonly pass: (length: Duration) => Promise<void>;
  readonly accepted: () => Promise<readonly Kept[]>;
  readonly make: (provider: 'silent' | 'away' | 'refusing') => void;
}

function mail(name: string): Message {
  const words = `${name}: Grüße, "Zoë" & <co> 👋`;
  return {
    to: 'ada@example.com',
    toName: 'Ada Ö.',
    subject: words,
    text: `${words}\n`,
    html: '<p>Grüße</p>',
  };
}

function text(name: string): TextMessage {
  return { to: '+33612345678', text: `${name}: Grüße, "Zoë" & <co> 👋` };
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

/** The promises of every port that sends. */
function promisesOf<Subject extends Provided<Kept>, M extends Kept, Kept>({
  sender,
  message,
  seen,
}: Kind<Subject, M, Kept>): readonly Promised<Subject>[] {
  /** A call that gives up in two seconds. */
  function call({ now }: Subject, name: string, onceKey = name): SendCall {
    return { attemptId: attemptId(`attempt-${name}`), onceKey, deadline: now().add({ seconds: 2 }) };
  }

  function send(subject: Subject, name: string): ReturnType<Sender<M>['send']> {
    return sender(subject).send(message(name), call(subject, name));
  }

  return [
    {
      promise: 'send: Ok means that the provider has the message, once and as given',
      async run(subject) {
        await okOf(send(subject, 'one'));
        expect((await subject.accepted()).map(seen)).toEqual([seen(message('one'))]);
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
      notGivenBy: (subject) =>
        sender(subject).doubt === 'once' ? null : `the doubt of this sender is ${sender(subject).doubt}`,
      async run(subject) {
        await okOf(sender(subject).send(message('first'), call(subject, 'first', 'same')));
        await okOf(sender(subject).send(message('again'), call(subject, 'again', 'same')));
        expect(await subject.accepted()).toHaveLength(1);
      },
    },
    {
      promise: 'find: a message by its onceKey once it was accepted, null before',
      notGivenBy: (subject) => (sender(subject).find ? null : 'this sender cannot find a message'),
      async run(subject) {
        const found = () => sender(subject).find?.('one') ?? Promise.reject(new Error('no find'));
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
          const answer = await sender(subject).send(message('late'), { ...call(subject, 'late'), deadline });
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
}

const calendar: CalendarFile = {
  fileName: 'call.ics',
  method: 'REQUEST',
  content: `BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Grüße\\, 👋\r\n ${'folded '.repeat(8)}\r\nEND:VCALENDAR\r\n`,
};

/** What every Mailer promises, each as a test. */
export const mailerPromises: readonly Promised<MailerSubject>[] = [
  ...promisesOf<MailerSubject, Message, Sent>({
    sender: ({ mailer }) => mailer,
    message: mail,
    seen: ({ to, subject, text: words, html }) => [to, subject, words.trim(), html.trim()],
  }),
  {
    promise: 'send: a calendar file goes along whole, and none where none was given',
    async run({ mailer, now, accepted }) {
      const deadline = now().add({ seconds: 2 });
      const call = (name: string) => ({ attemptId: attemptId(`attempt-${name}`), onceKey: name, deadline });
      await okOf(mailer.send({ ...mail('with'), calendar }, call('with')));
      await okOf(mailer.send(mail('without'), call('without')));
      expect((await accepted()).map((one) => one.calendar ?? null)).toEqual([calendar, null]);
    },
  },
];

/** The same for `texterContract`. */
export const texterPromises = promisesOf<TexterSubject, TextMessage, TextMessage>({
  sender: ({ texter }) => texter,
  message: text,
  seen: ({ to, text: words }) => [to, words],
});
