// One request, given up when its time is over.
import { type Clock, NoAnswerInTime, Temporal } from '@precall/core';

export interface Answer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly body: string;
}

/** Rejects where there is no answer. */
export async function request(
  address: string,
  init: {
    readonly method: string;
    readonly headers?: Record<string, string>;
    readonly body?: string | URLSearchParams;
  },
  { clock, byMs }: { readonly clock: Clock; readonly byMs: number },
): Promise<Answer> {
  const abort = new AbortController();
  const cancel = clock.at(Temporal.Instant.fromEpochMilliseconds(byMs), () =>
    abort.abort(new NoAnswerInTime()),
  );
  try {
    // What opens the calendar goes nowhere else.
    const response = await fetch(address, { ...init, redirect: 'error', signal: abort.signal });
    const { status, headers } = response;
    return { status, retryAfter: headers.get('retry-after'), body: await response.text() };
  } catch (cause) {
    throw abort.signal.aborted ? abort.signal.reason : cause;
  } finally {
    cancel();
  }
}
