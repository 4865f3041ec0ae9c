import { describe, expect, it } from 'vitest';
import { retryAfterIn } from '../src/retry-after.ts';
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
  ])('says nothing by %j', (header) => {
    expect(secondsIn(header)).toBeNull();
  });
});
