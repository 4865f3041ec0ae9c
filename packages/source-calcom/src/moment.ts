// Moments as Cal.com writes them: UTC or with the server's offset, with or without a fraction. Always an instant.
import { type Instant, Temporal, wholeMilliseconds } from '@precall/core';
import { z } from 'zod';

export interface Span {
  readonly startAt: Instant;
  readonly endAt: Instant;
}

/** An ISO 8601 date and time with zone or offset, in whole milliseconds. */
export const moment = z.string().transform((text, context): Instant => {
  const instant = instantOf(text);
  if (instant) return instant;
  context.addIssue({
    code: 'custom',
    message: 'must be an ISO 8601 date and time with Z or an offset, of the years 1970 to 9999',
  });
  return z.NEVER;
});

/** Null unless both are known and in order. */
export function spanOf(startAt: Instant | null | undefined, endAt: Instant | null | undefined): Span | null {
  return startAt && endAt && startAt.epochMilliseconds <= endAt.epochMilliseconds ? { startAt, endAt } : null;
}

const longestText = 64;
// Sums and differences of moments within these years cannot leave what Temporal can count.
const firstMoment = 0;
const afterLastMoment = Temporal.Instant.from('+010000-01-01T00:00:00Z').epochMilliseconds;

function instantOf(text: string): Instant | null {
  if (text.length > longestText) return null;
  try {
    const instant = wholeMilliseconds(Temporal.Instant.from(text));
    const at = instant.epochMilliseconds;
    return firstMoment <= at && at < afterLastMoment ? instant : null;
  } catch {
    return null;
  }
}
