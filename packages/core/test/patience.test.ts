// How long an answer is waited for, and that who asked for patience is left alone.
import { createMemoryClock, createMemoryCrm } from '@precall/adapter-memory';
import { type PortResult, Temporal } from '@precall/core';
import { withFaults } from '@precall/testing';
import { describe, expect, it } from 'vitest';
import { patientCrm } from '../src/crm-patience.ts';
import { createPatience } from '../src/patience.ts';
import { Err, Ok } from '../src/result.ts';
import { within } from '../src/within.ts';
import { at } from './agreed-call.ts';

const seconds = (count: number) => Temporal.Duration.from({ seconds: count });
const clockNow = () => createMemoryClock(at('2026-11-23T12:00:00Z'));
const busy = (wait: number) =>
  Err({ kind: 'unavailable', reason: 'busy', retryAfter: seconds(wait) } as const);

describe('an answer within a limit', () => {
  const never = new Promise<never>(() => undefined);

  it('is handed on as it came, and nothing is waited for any more', async () => {
    const clock = clockNow();
    const limits = { clock, limit: seconds(30), who: 'the CRM' };
    expect((await within(limits, Promise.resolve(Ok(7)))).unwrap()).toBe(7);
    expect((await within(limits, Promise.resolve(busy(1)))).unwrapErr()).toMatchObject({ reason: 'busy' });
    await clock.advance(seconds(0));
    expect(clock.pending()).toEqual([]);
  });

  it('that does not come is unknown once the limit is over, not before', async () => {
    const clock = clockNow();
    let answer: unknown = null;
    const asked = within({ clock, limit: seconds(30), who: 'the CRM' }, never).then((given) => {
      answer = given;
      return given;
    });
    await clock.advance(Temporal.Duration.from({ milliseconds: 29_999 }));
    expect(answer).toBeNull();
    await clock.advance(seconds(1));
    expect((await asked).unwrapErr()).toEqual({
      kind: 'unknown',
      reason: 'the CRM did not answer in time',
    });
  });

  it('of a port that breaks its promise is unknown', async () => {
    const broken = Promise.reject(new Error('no'));
    const answer = await within({ clock: clockNow(), limit: seconds(30), who: 'the CRM' }, broken);
    expect(answer.unwrapErr()).toEqual({ kind: 'unknown', reason: 'the CRM rejected its promise' });
  });
});

describe('whoever asks for patience', () => {
  function asked() {
    const clock = clockNow();
    const patiently = createPatience(clock, 'The CRM');
    let calls = 0;
    const ask = (answer: Awaited<PortResult<number>>) =>
      patiently(async () => {
        calls += 1;
        return answer;
      });
    return { clock, ask, calls: () => calls };
  }

  it('is left alone until then, and whoever asks meanwhile hears how long that is', async () => {
    const { clock, ask, calls } = asked();
    expect((await ask(busy(60))).unwrapErr()).toMatchObject({ reason: 'busy' });
    await clock.advance(seconds(20));
    const { retryAfter, ...error } = (await ask(Ok(1))).unwrapErr() as { readonly retryAfter?: unknown };
    expect(error).toEqual({ kind: 'unavailable', reason: 'The CRM asked for patience.' });
    expect(`${retryAfter}`).toBe('PT40S');
    expect(calls()).toBe(1);
    await clock.advance(seconds(40));
    expect((await ask(Ok(1))).unwrap()).toBe(1);
  });

  it('is left alone for an hour at most, however long it asks for', async () => {
    const { clock, ask } = asked();
    const { retryAfter } = (await ask(busy(86_400))).unwrapErr() as { readonly retryAfter?: unknown };
    expect(`${retryAfter}`).toBe('PT1H');
    await clock.advance(seconds(3_599));
    expect((await ask(Ok(1))).isErr()).toBe(true);
    await clock.advance(seconds(1));
    expect((await ask(Ok(1))).unwrap()).toBe(1);
  });

  it.each([
    ['is only away', Err({ kind: 'unavailable', reason: 'away' } as const)],
    ['refuses one request', Err({ kind: 'rejected', reason: 'no' } as const)],
    ['was perhaps not heard', Err({ kind: 'unknown', reason: 'late', retryAfter: seconds(60) } as const)],
    ['answers', Ok(1)],
  ])('is not one who %s', async (_, answer) => {
    const { ask, calls } = asked();
    await ask(answer);
    await ask(Ok(2));
    expect(calls()).toBe(2);
  });

  it('twice is left alone until the later of both moments', async () => {
    const { clock, ask, calls } = asked();
    await Promise.all([ask(busy(60)), ask(busy(5))]);
    await clock.advance(seconds(30));
    await ask(Ok(1));
    expect(calls()).toBe(2);
  });
});

describe('a CRM with patience', () => {
  const calls = {
    read: ['contact', ['Segment']],
    findContact: ['ana@example.com'],
    findMembership: ['ana@example.com', 'Christmas 2025'],
    update: ['contact', {}],
    recordSent: ['contact', '24h', at('2026-12-02T15:00:00Z')],
  } as const;

  it.each(Object.entries(calls))(
    'is asked to %s as it would be without, until it asked for some',
    async (method, args) => {
      const clock = clockNow();
      const heard: unknown[] = [];
      let isBusy = false;
      const error = busy(60).unwrapErr();
      const crm = withFaults(createMemoryCrm({ contacts: [{ email: 'ana@example.com' }] }), (call) => {
        heard.push([call.method, call.args]);
        return isBusy ? { effect: 'lost', error } : null;
      });
      const patient = patientCrm(crm, clock);
      const ask = () =>
        (patient as never as Record<string, (...given: unknown[]) => PortResult<unknown>>)[method]?.(...args);
      await ask();
      expect(heard).toEqual([[method, args]]);
      isBusy = true;
      await ask();
      const waiting = await ask();
      expect(waiting?.unwrapErr().reason).toBe('The CRM asked for patience.');
      expect(heard).toHaveLength(2);
    },
  );

  it('reads nothing where it cannot', () => {
    const { read, ...crm } = createMemoryCrm();
    expect(read).toBeDefined();
    expect(patientCrm(crm, clockNow()).read).toBeUndefined();
  });
});
