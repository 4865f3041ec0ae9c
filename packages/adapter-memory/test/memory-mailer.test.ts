import { attemptId, type Message, type SendCall, Temporal } from '@precall/core';
import { describe, expect, it } from 'vitest';
import { createMemoryClock, createMemoryMailer } from '../src/index.ts';

const noon = Temporal.Instant.from('2026-03-02T12:00:00Z');
const message: Message = {
  to: 'ada@example.com',
  toName: null,
  subject: 'Soon',
  text: 'Soon',
  html: '<p>Soon</p>',
};
const call: SendCall = { attemptId: attemptId('a1'), onceKey: 'o1', deadline: noon.add({ seconds: 10 }) };

function mailerAt(doubt?: 'once' | 'reported' | 'silent') {
  const clock = createMemoryClock(noon);
  return { clock, mailer: createMemoryMailer({ clock, ...(doubt && { doubt }) }) };
}

describe('createMemoryMailer', () => {
  it('keeps what it accepts, with the call and the moment', async () => {
    const { mailer } = mailerAt();
    const answer = await mailer.send(message, call);
    const [kept] = mailer.sent;
    expect(kept).toMatchObject({ message, attemptId: 'a1', onceKey: 'o1' });
    expect(kept?.at.equals(noon)).toBe(true);
    expect(answer.unwrapOr(null)).toEqual({ messageId: kept?.messageId });
  });

  it('drops a repeated onceKey only where its doubt is `once`', async () => {
    for (const [doubt, count] of [
      ['once', 1],
      ['reported', 2],
      ['silent', 2],
    ] as const) {
      const { mailer } = mailerAt(doubt);
      await mailer.send(message, call);
      await mailer.send(message, { ...call, attemptId: attemptId('a2') });
      expect([mailer.sent.length, mailer.calls.length]).toEqual([count, 2]);
    }
  });

  it('answers by script, call by call, and keeps the message where only the answer was bad', async () => {
    const { mailer } = mailerAt();
    mailer.answerNext({ kind: 'unavailable', reason: 'busy' });
    mailer.answerNext({ kind: 'unknown', reason: 'reset' }, 'accepted');
    const kinds: string[] = [];
    for (const onceKey of ['o1', 'o2', 'o3']) {
      const answer = await mailer.send(message, { ...call, onceKey });
      kinds.push(answer.isErr() ? answer.error.kind : 'Ok');
    }
    expect(kinds).toEqual(['unavailable', 'unknown', 'Ok']);
    expect(mailer.sent.map(({ onceKey }) => onceKey)).toEqual(['o2', 'o3']);
  });

  it('gives up at the deadline where the script says no answer', async () => {
    const { clock, mailer } = mailerAt();
    mailer.answerNext('no_answer');
    let kind = 'waiting';
    void mailer.send(message, call).then((answer) => {
      kind = answer.isErr() ? answer.error.kind : 'Ok';
    });
    await clock.advance(Temporal.Duration.from({ milliseconds: 9_999 }));
    expect(kind).toBe('waiting');
    await clock.advance(Temporal.Duration.from({ milliseconds: 1 }));
    expect([kind, mailer.sent.length]).toEqual(['unknown', 0]);
  });
});
