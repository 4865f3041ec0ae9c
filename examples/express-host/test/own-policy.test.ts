// docs/write-a-policy.md shows what is compiled in own-policy.ts, and this is what it plans.
import { readFileSync } from 'node:fs';
import { type Policy, planReminders } from '@precall/core';
import { describe, expect, it } from 'vitest';
import { agreedCall, ana, at } from '../../../packages/core/test/agreed-call.ts';
import { byLeadTime, onTheWallClock, withOwnWords } from './own-policy.ts';

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
    expect(shown).toHaveLength(4);
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

  it('has its own words for one rule', () => {
    const { rules } = withOwnWords;
    expect(typeof rules === 'function' ? [] : rules.map(({ content }) => content?.needs ?? null)).toEqual([
      ['host'],
      null,
    ]);
  });
});
