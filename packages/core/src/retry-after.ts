// How long an outside system asks to be left alone.
import type { PortError } from './ports.ts';
import { type Duration, type Instant, milliseconds, Temporal } from './temporal.ts';

/** A wish to wait longer, such as a header's with a digit too many, must not keep back a day's work. */
const longestPatience = Temporal.Duration.from({ hours: 1 });

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * What a `Retry-After` header asks for, in seconds or as a date (RFC 9110, 10.2.3), at most an hour; null where there is none,
 * where it is not understood, and where it is over already.
 */
export function retryAfterIn(header: string | null, now: Instant): Duration | null {
  const text = header?.trim() ?? '';
  const ms = /^\d{1,7}(?:\.\d+)?$/.test(text) ? Number(text) * 1_000 : msUntil(text, now);
  if (!(ms > 0)) return null;
  return shorter(Temporal.Duration.from({ milliseconds: Math.ceil(ms) }));
}

/** NaN: this is no date, or none of the form in which every server has to write it (RFC 9110, 5.6.7). */
function msUntil(text: string, now: Instant): number {
  const found = /^[A-Z][a-z]{2}, (\d\d) ([A-Z][a-z]{2}) (\d{4}) (\d\d:\d\d:\d\d) GMT$/.exec(text);
  const [, day, month = '', year, time] = found ?? [];
  const number = `${months.indexOf(month) + 1}`.padStart(2, '0');
  try {
    return (
      Temporal.Instant.from(`${year}-${number}-${day}T${time}Z`).epochMilliseconds - now.epochMilliseconds
    );
  } catch {
    return Number.NaN;
  }
}

/** The same error, with a wish for patience that can be granted. */
export function withinReason(error: PortError): PortError {
  if (error.kind !== 'unavailable' || !error.retryAfter) return error;
  return { ...error, retryAfter: shorter(error.retryAfter) };
}

function shorter(length: Duration): Duration {
  return milliseconds(length) > milliseconds(longestPatience) ? longestPatience : length;
}
