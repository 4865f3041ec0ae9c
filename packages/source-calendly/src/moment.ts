// Moments as Calendly writes them: UTC with microseconds. Always an instant of whole milliseconds.
import { type Instant, Temporal, wholeMilliseconds } from '@precall/core';
import { z } from 'zod';

export const moment = z.string().transform((text, context): Instant => {
  const instant = text.length <= longestText ? instantOf(text) : null;
  if (instant) return instant;
  context.addIssue({
    code: 'custom',
    message: 'must be an ISO 8601 date and time with Z or an offset, of the years 1970 to 9999',
  });
  return z.NEVER;
});

const longestText = 64;
const afterLastMs = Date.UTC(10_000, 0);

function instantOf(text: string): Instant | null {
  try {
    const instant = wholeMilliseconds(Temporal.Instant.from(text));
    // Sums and differences of moments within these years cannot leave what Temporal can count.
    return instant.epochMilliseconds >= 0 && instant.epochMilliseconds < afterLastMs ? instant : null;
  } catch {
    return null;
  }
}
