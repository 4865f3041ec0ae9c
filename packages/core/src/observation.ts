// What happens in here, for whoever counts or traces it: plain values, nothing about anybody, every set of words closed.
import type { EventsAnswer, IntakeAnswer } from './answer.ts';
import type { PortError, PortResult } from './ports.ts';
import type { Shell } from './shell.ts';
import type { Instant } from './temporal.ts';
import type { Trouble } from './trouble.ts';

/** One thing that happened; a union that may grow with a new kind. */
export type Observation =
  /** A booking webhook was answered; from its body having come in. */
  | ({ readonly kind: 'webhook'; readonly answer: IntakeAnswer['kind'] } & Span)
  /** A post of delivery events was answered. */
  | ({ readonly kind: 'delivery_events'; readonly answer: EventsAnswer['kind'] } & Span)
  /** A page of due bookings was read, decided about and saved. Empty ones are not told. */
  | ({
      readonly kind: 'dispatch_page';
      readonly bookings: number;
      readonly error: PortError['kind'] | null;
    } & Span)
  /** A send has ended; from its claim to the mailer's answer. */
  | (Sent & Span & { readonly kind: 'send'; readonly dueAt: Instant })
  /** A send whose process died was concluded. */
  | (Sent & { readonly kind: 'send_abandoned' })
  /** Planned reminders are not wanted any more. */
  | { readonly kind: 'reminders_dropped'; readonly count: number }
  /** One person's fields were brought up to date in the CRM, or were not. */
  | ({ readonly kind: 'crm_write'; readonly error: PortError['kind'] | null } & Span)
  /** One call's event was brought up to date in the calendar, or was not. */
  | ({ readonly kind: 'calendar_write'; readonly error: PortError['kind'] | null } & Span)
  /** A source said another offset from UTC for somebody's zone than the one that is known here. */
  | { readonly kind: 'zone_mismatch' }
  | { readonly kind: 'trouble'; readonly trouble: Trouble['kind'] };

/** Hears of each thing as it happens, and must not keep anybody waiting. */
export type Observe = (observation: Observation) => void;

/** By the clock that was given to `createPrecall`. */
interface Span {
  readonly startedAt: Instant;
  readonly endedAt: Instant;
}

interface Sent {
  /** `released`: it was claimed and not made; it will be claimed again. */
  readonly outcome: 'accepted' | 'refused' | 'unknown' | 'released';
  /** Of a send that failed. */
  readonly error: PortError['kind'] | null;
  /** An earlier attempt at the same reminder may have reached its recipient. */
  readonly again: boolean;
}

/** Whoever is told must not disturb what goes on: what a hook throws, or rejects with, is dropped. */
export function harmless<Told>(hook: ((told: Told) => void) | undefined): (told: Told) => void {
  return (told) => {
    try {
      const answer: unknown = hook?.(told);
      if (answer instanceof Promise) answer.catch(() => undefined);
    } catch {}
  };
}

/** The page that `take` gives, told when anything was in it. */
export async function observedPage(
  { clock, observe }: Pick<Shell, 'clock' | 'observe'>,
  take: () => PortResult<number>,
): PortResult<number> {
  const startedAt = clock.now();
  const page = await take();
  const bookings = page.isOk() ? page.value : 0;
  const error = page.isOk() ? null : page.error.kind;
  if (bookings > 0 || error)
    observe({ kind: 'dispatch_page', bookings, error, startedAt, endedAt: clock.now() });
  return page;
}
