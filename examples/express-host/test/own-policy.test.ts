// docs/write-a-policy.md shows what is compiled in own-policy.ts, and this is what it plans.
import { readFileSync } from 'node:fs';
import {
  createMemoryClock,
  createMemoryCrm,
  createMemoryEntropy,
  createMemoryMailer,
  createMemoryStore,
} from '@precall/adapter-memory';
import { createPrecall, forSegment, type Policy, planReminders, textOf } from '@precall/core';
import { createCalcomSource } from '@precall/source-calcom';
import { describe, expect, it } from 'vitest';
import { agreedCall, ana, at } from '../../../packages/core/test/agreed-call.ts';
import { bookedBody } from '../src/demo/sample-booking.ts';
import { afterTheCall, byLeadTime, inOtherWords, onTheWallClock, withOwnWords } from './own-policy.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const plan = (policy: Policy, agreedAt: string) =>
  planReminders(
    agreedCall({
      startAt: at('2026-12-03T09:30:00Z'),
      agreedAt: at(agreedAt),
      people: { [ana]: { timeZone: 'Europe/Berlin' } },
    }),
    policy,
  ).map(({ rule, dueAt, skip }) => `${rule.name} ${dueAt}${skip ? ` ${skip}` : ''}`);

describe('docs/write-a-policy.md', () => {
  it('shows what is compiled', () => {
    const shown = [...read('../../../docs/write-a-policy.md').matchAll(/```ts\n(.*?)```/gs)].map(
      ([, code]) => code,
    );
    const regions = [...read('own-policy.ts').matchAll(/\/\/ #region [^\n]*\n(.*?)\/\/ #endregion/gs)];
    expect(shown).toEqual(regions.map(([, code]) => code));
    expect(shown).toHaveLength(6);
  });

  it("plans the evening before on the recipient's clock, and nothing in the night", () => {
    expect(plan(onTheWallClock, '2026-11-20T12:00:00Z')).toEqual([
      'evening-before 2026-12-02T17:00:00Z',
      '2h 2026-12-03T07:30:00Z',
    ]);
  });

  it('plans a week ahead only what was booked over two weeks ahead', () => {
    expect(plan(byLeadTime, '2026-11-01T12:00:00Z')).toHaveLength(3);
    expect(plan(byLeadTime, '2026-11-25T12:00:00Z')).toEqual([
      '24h 2026-12-02T09:30:00Z',
      '2h 2026-12-03T07:30:00Z',
    ]);
  });

  it('reminds everybody before the call, and people of one segment a week ahead too', () => {
    const names = (policy: Policy) => plan(policy, '2026-11-01T12:00:00Z').map((line) => line.split(' ')[0]);
    expect(names(afterTheCall)).toEqual(['24h', '2h']);
    expect(names(forSegment(afterTheCall, 'CRITICAL'))).toEqual(['week', '24h', '2h']);
  });

  it('writes into the CRM by its own names, and leaves out what it does not have', async () => {
    const crm = createMemoryCrm({ unknown: 'add' });
    const clock = createMemoryClock(at('2026-11-20T12:00:00Z'));
    const precall = createPrecall({
      source: createCalcomSource({ unsigned: 'allow' }),
      store: createMemoryStore(),
      mailer: createMemoryMailer({ clock }),
      entropy: createMemoryEntropy('policy'),
      clock,
      crm,
      policy: inOtherWords,
    });
    const call = {
      uid: 'a',
      bookedAt: clock.now(),
      startAt: at('2026-12-03T09:30:00Z'),
      guest: 'ana@example.com',
    };
    const body = new TextEncoder().encode(bookedBody(call, clock.now()));
    await precall.receive({ headers: { 'content-type': ['application/json'] }, body });
    await precall.tick();
    const written = crm
      .contacts()
      .flatMap(({ fields }) => Object.entries(fields).map(([name, field]) => `${name}: ${textOf(field)}`));
    expect(written.toSorted()).toEqual(['call_date: 2026-12-03', 'stage: call booked']);
  });

  it('has its own words for one rule', () => {
    const { rules } = withOwnWords;
    expect(typeof rules === 'function' ? [] : rules.map(({ content }) => content?.needs ?? null)).toEqual([
      ['host'],
      null,
    ]);
  });
});
