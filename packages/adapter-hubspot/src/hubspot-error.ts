// What a request that failed means, by HTTP status. HubSpot's own sentences repeat values, so none of them is passed on: of its
// body only words of ours that it names.
import { type Instant, type PortError, type Result, retryAfterIn, Temporal } from '@precall/core';

/** `status`: of HubSpot's answer, where there was one. */
export type HubspotError = PortError & { readonly status?: number };
export type HubspotResult<T> = Promise<Result<T, HubspotError>>;

export interface Answer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly body: string;
}

/** `names`: the properties that were asked for or written. */
export function toHubspotError(
  { status, retryAfter: said, body }: Answer,
  {
    isWrite,
    names,
    now,
  }: { readonly isWrite: boolean; readonly names: readonly string[]; readonly now: Instant },
): HubspotError {
  const meant = names.filter((name) => body.includes(name));
  const about = status === 400 && meant.length > 0 ? ` about ${meant.join(', ')}` : '';
  const reason = `HubSpot answered ${status}${about}`;
  // 5xx is also its answer to what took too long, and may have been done.
  if (status >= 500) return { kind: isWrite ? 'unknown' : 'unavailable', reason, status };
  const retryAfter = retryAfterIn(said, now) ?? (status === 429 ? usualPause(body) : null);
  // A token can be mended, a lock (423) and a migration (477) pass, and then the write is wanted.
  const isForNow = [401, 403, 408, 409, 423, 425, 429, 477].includes(status);
  if (!isForNow) return { kind: 'rejected', reason, status };
  return { kind: 'unavailable', reason, status, ...(retryAfter && { retryAfter }) };
}

/** HubSpot names the limit that was met, and often no length: a second, ten seconds, or the day. */
function usualPause(body: string): Temporal.Duration {
  if (/"policyName"\s*:\s*"DAILY"/.test(body)) return Temporal.Duration.from({ hours: 1 });
  return Temporal.Duration.from({ seconds: 10 });
}
