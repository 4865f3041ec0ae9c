// Calls to whoever sends: begun in time or not at all, and the sender left alone for as long as it asked.
import { createMemoryClock, createMemoryMailer, createMemoryTexter } from '@precall/adapter-memory';
import { type Mailer, type PortError, Temporal } from '@precall/core';
import { describe, expect, it } from 'vitest';
import { createCalls } from '../src/calls.ts';
import { attemptId, type ReminderKey } from '../src/ids.ts';
import { claim, running } from '../src/ledger.ts';
import type { LedgerEntry } from '../src/ledger-types.ts';
import type { Outgoing } from '../src/outgoing.ts';
import { ana, at } from './agreed-call.ts';
import { bareShell } from './bare-shell.ts';

const noon = at('2026-11-23T12:00:00Z');
const seconds = (count: number) => Temporal.Duration.from({ seconds: count });
const key = 'reminder' as ReminderKey;
const mail: Outgoing = {
  channel: 'mail',
  message: { to: 'ana@example.com', toName: null, subject: 'Soon', text: 'Soon.', html: '<p>Soon.</p>' },
};
const text: Outgoing = { channel: 'sms', message: { to: '+15550100', text: 'Soon.' } };
const entry: LedgerEntry = {
  ...{ rule: '2h', recipient: ana, startAt: noon.add({ hours: 2 }), dueAt: noon },
  ...{ attempts: [], final: null, retryAt: null, waiting: null },
};

/** Calls at noon; each `make` is for a claim saved at that moment. */
function phone(options: { readonly texter?: 'none'; readonly send?: Mailer['send'] } = {}) {
  const { shell } = bareShell();
  const clock = createMemoryClock(noon);
  const mailer = createMemoryMailer({ clock });
  const texter = createMemoryTexter({ clock });
  const calls = createCalls(
    { ...shell, clock },
    {
      mail: { ...mailer, send: options.send ?? mailer.send },
      ...(options.texter !== 'none' && { sms: texter }),
    },
  );
  let count = 0;
  function make(outgoing: Outgoing, claimedAt = clock.now()) {
    const attempt = running(claim(entry, attemptId(`attempt-${++count}`), claimedAt));
    if (!attempt) throw new Error('it was claimed just now');
    return calls.make({ key, attempt, outgoing });
  }
  const wish = (wait?: number): PortError => ({
    kind: 'unavailable',
    reason: 'busy',
    ...(wait !== undefined && { retryAfter: seconds(wait) }),
  });
  return { clock, mailer, texter, calls, make, wish, names: shell.names };
}

describe('a call to whoever sends', () => {
  it('names the attempt, the reminder by a hash that is the same each time, and ends ten seconds later', async () => {
    const { make, mailer, texter, names } = phone();
    expect(await make(mail)).toEqual({ kind: 'accepted', messageId: 'memory-1' });
    expect(await make(text)).toEqual({ kind: 'accepted', messageId: 'memory-1' });
    const said = [...mailer.calls, ...texter.calls].map(({ deadline, ...call }) => [call, `${deadline}`]);
    const onceKey = names.onceKey(key);
    expect(said).toEqual([
      [{ attemptId: 'attempt-1', onceKey }, '2026-11-23T12:00:10Z'],
      [{ attemptId: 'attempt-2', onceKey }, '2026-11-23T12:00:10Z'],
    ]);
  });

  it('is begun within two seconds of its claim, or not at all', async () => {
    const { make, mailer, clock } = phone();
    await clock.advance(seconds(2));
    expect(await make(mail, noon)).toMatchObject({ kind: 'accepted' });
    await clock.advance(Temporal.Duration.from({ milliseconds: 1 }));
    expect(await make(mail, noon)).toEqual({ kind: 'released' });
    expect(mailer.calls).toHaveLength(1);
  });

  it('is given up after eleven seconds, when whoever sends does not', async () => {
    const { make, calls, clock } = phone({ send: () => new Promise<never>(() => undefined) });
    let settled: unknown = null;
    void make(mail).then((settlement) => {
      settled = settlement;
    });
    await clock.advance(Temporal.Duration.from({ milliseconds: 10_999 }));
    expect(settled).toBeNull();
    await clock.advance(Temporal.Duration.from({ milliseconds: 1 }));
    const reason = `${calls.limitsOf('mail').who} did not answer in time`;
    expect(settled).toEqual({ kind: 'failed', error: { kind: 'unknown', reason } });
    expect([calls.limitsOf('mail').who, calls.limitsOf('sms').who]).toEqual(['the mailer', 'the texter']);
  });
});

describe('whoever asked for patience', () => {
  it('is left alone until then, and asked again at that moment', async () => {
    const { make, mailer, calls, clock, wish } = phone();
    mailer.answerNext(wish(60));
    expect(await make(mail)).toEqual({ kind: 'failed', error: wish(60) });
    expect(`${calls.pausedUntil('mail')}`).toBe('2026-11-23T12:01:00Z');
    expect(await make(mail)).toEqual({ kind: 'released' });
    await clock.advance(seconds(60));
    expect(calls.pausedUntil('mail')).toBeNull();
    expect(await make(mail)).toMatchObject({ kind: 'accepted' });
  });

  it('keeps only its own messages back', async () => {
    const { make, mailer, calls, wish } = phone();
    mailer.answerNext(wish(60));
    await make(mail);
    expect(calls.pausedUntil('sms')).toBeNull();
    expect(await make(text)).toMatchObject({ kind: 'accepted' });
  });

  it('twice is left alone until the later of both moments', async () => {
    const { make, mailer, calls, wish } = phone();
    mailer.answerNext(wish(60));
    mailer.answerNext(wish(5));
    await Promise.all([make(mail), make(mail)]);
    expect(`${calls.pausedUntil('mail')}`).toBe('2026-11-23T12:01:00Z');
  });

  it.each<[string, PortError]>([
    ['does not say for how long', { kind: 'unavailable', reason: 'away' }],
    ['refuses one message', { kind: 'rejected', reason: 'no' }],
    [
      'says so of a message that may have gone',
      { kind: 'unknown', reason: '?', retryAfter: seconds(60) } as never,
    ],
  ])('is not one who %s', async (_, error) => {
    const { make, mailer, calls } = phone();
    mailer.answerNext(error);
    expect(await make(mail)).toEqual({ kind: 'failed', error });
    expect(calls.pausedUntil('mail')).toBeNull();
  });
});

describe('nothing can leave', () => {
  it('while the mailer wants to be left alone, where there is no texter', async () => {
    const { make, mailer, calls, wish } = phone({ texter: 'none' });
    expect(calls.idleUntil()).toBeNull();
    mailer.answerNext(wish(60));
    await make(mail);
    expect(`${calls.idleUntil()}`).toBe('2026-11-23T12:01:00Z');
  });

  it('where there are both until the first of them may be asked again', async () => {
    const { make, mailer, texter, calls, wish } = phone();
    mailer.answerNext(wish(60));
    await make(mail);
    expect(calls.idleUntil()).toBeNull();
    texter.answerNext(wish(40));
    await make(text);
    expect(`${calls.idleUntil()}`).toBe('2026-11-23T12:00:40Z');
  });
});
