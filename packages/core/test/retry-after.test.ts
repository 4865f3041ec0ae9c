import { describe, expect, it } from 'vitest';
import { retryAfterIn, withinReason } from '../src/retry-after.ts';
import { milliseconds, Temporal } from '../src/temporal.ts';

const now = Temporal.Instant.from('2026-03-02T12:00:00Z');
const secondsIn = (header: string | null) => {
  const wait = retryAfterIn(header, now);
  return wait && milliseconds(wait) / 1_000;
};

describe('retryAfterIn', () => {
  it.each([
    ['37', 37],
    [' 0.5 ', 0.5],
    ['0.25', 0.25],
    ['3600', 3_600],
    ['86400', 3_600],
    ['Mon, 02 Mar 2026 12:01:00 GMT', 60],
    ['Thu, 31 Dec 2026 12:01:00 GMT', 3_600],
  ])('asks by %j for %s s: at most an hour', (header, seconds) => {
    expect(secondsIn(header)).toBe(seconds);
  });

  it.each([
    null,
    '',
    '0',
    '-3',
    'soon',
    '9'.repeat(400),
    '2026-03-02T12:01:00Z',
    'Mon, 02 Mar 2026 11:59:00 GMT',
    'Mon, 02 Mai 2026 12:01:00 GMT',
    'Mon, 31 Feb 2026 12:01:00 GMT',
    'on Mon, 02 Mar 2026 12:01:00 GMT',
    'Mon, 02 Mar 2026 12:01:00 GMT+1',
  ])('says nothing by %j', (header) => {
    expect(secondsIn(header)).toBeNull();
  });
});

describe('withinReason', () => {
  const wish = (text: string) =>
    ({ kind: 'unavailable', reason: 'busy', retryAfter: Temporal.Duration.from(text) }) as const;
  const granted = (text: string) => {
    const error = withinReason(wish(text));
    return error.kind === 'unavailable' && `${error.retryAfter}`;
  };

  it('grants an hour at most', () => {
    expect(granted('PT1M')).toBe('PT1M');
    expect(granted('PT1H')).toBe('PT1H');
    expect(granted('PT1H0.001S')).toBe('PT1H');
    expect(withinReason(wish('PT24H'))).toMatchObject({ kind: 'unavailable', reason: 'busy' });
  });

  it.each(['unavailable', 'rejected', 'unknown'] as const)(
    'leaves what is %s without a wish as it is',
    (kind) => {
      const error = { kind, reason: 'no' };
      expect(withinReason(error)).toBe(error);
    },
  );
});
