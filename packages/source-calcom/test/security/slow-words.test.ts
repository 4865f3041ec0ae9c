// S10: the longest words that a webhook can carry cost no more to read than any others.
import { describe, expect, it } from 'vitest';
import { receivedAt, sampleWith, source } from '../samples.ts';

const longest = 31_000;
/** Far above what reading in one pass takes, far below what reading once per character takes. */
const boundMs = 60;

const adversarial: readonly (readonly [string, string])[] = [
  ['blanks before a letter', `a${' '.repeat(longest)}b`],
  ['one letter', 'a'.repeat(longest)],
  ['dots', '.'.repeat(longest)],
  ['the beginnings of schemes', 'https://'.repeat(longest / 8)],
  ['at signs', '@'.repeat(longest)],
  ['letters and dots', 'a.'.repeat(longest / 2)],
  ['digits and brackets', '+1 (2) '.repeat(longest / 7)],
  ['dashes', '-'.repeat(longest)],
  ['half pairs', '\ud800'.repeat(longest)],
  ['combining marks', `a${'\u0301'.repeat(longest)}`],
  ['percent signs', `https://a.example/${'%'.repeat(longest)}`],
];
const fields = (words: string) => [
  { attendees: [{ email: `${words}@example.com` }] },
  { attendees: [{ email: 'a@example.com', name: words, firstName: words, timeZone: words }] },
  { attendees: [{ email: 'a@example.com', language: { locale: words } }] },
  { organizer: { name: words, email: words, timeZone: words } },
  { location: words, metadata: { videoCallUrl: words } },
  { bookerUrl: words, eventTitle: words, type: words },
  { uid: words },
  { startTime: words, endTime: words },
  { cancellationReason: words, cancelledBy: words },
];

describe('the longest words, in any field (S10)', () => {
  it.each(adversarial)('take no time to speak of: %s', (_what, words) => {
    for (const field of fields(words)) {
      const json = sampleWith('BOOKING_CREATED', field);
      // The best of five: what the machine does besides is no concern of this test.
      const taken = Array.from({ length: 5 }, () => cpuMs(() => source.parse(json, receivedAt)));
      expect(Math.min(...taken)).toBeLessThan(boundMs);
    }
  });
});

function cpuMs(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
