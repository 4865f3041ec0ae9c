// Calendly as a booking source: who may speak (the signature and its age), and what was said (the parser).
import { type BookingSource, type Clock, type Duration, milliseconds, Temporal } from '@precall/core';
import { parseWebhook } from './parse-webhook.ts';
import { isSigned } from './signature.ts';

/** Whose signature is believed, and how far its moment may lie from now. */
export interface CalendlySourceOptions {
  /** The subscription's signing key; several while it is being changed. Each at least 16 characters. */
  readonly secrets: readonly string[];
  /** Asked at each webhook: the signature carries the moment at which it was made. */
  readonly clock: Pick<Clock, 'now'>;
  /** How far that moment may lie before or after the clock's: 3 minutes, as in Calendly's own example, unless said otherwise. */
  readonly tolerance?: Duration;
  /** `keep`: the host's address is kept, so that a rule can ask them who came. It stands in no mail to anybody else. */
  readonly hostAddress?: 'keep' | 'drop';
}

/** Throws for options that would let anybody speak, or nobody; the message names the option and its cure, never a secret. */
export function createCalendlySource(options: CalendlySourceOptions): BookingSource {
  const { secrets, clock, tolerance = usualTolerance, hostAddress = 'drop' } = options;
  const fault = faultOf(secrets, tolerance);
  if (fault !== null) throw new Error(`createCalendlySource: ${fault}`);
  return {
    name: 'calendly',
    verify: (headers, rawBody) =>
      isSigned({ headers, rawBody }, { secrets, now: clock.now(), tolerance }) ? 'authentic' : 'forged',
    parse: (json, receivedAt) => parseWebhook(json, receivedAt, hostAddress),
  };
}

const usualTolerance = Temporal.Duration.from({ minutes: 3 });
const longestTolerance = Temporal.Duration.from({ hours: 7 * 24 });
const shortestSecret = 16;

function faultOf(secrets: readonly string[], tolerance: Duration): string | null {
  if (!Array.isArray(secrets) || secrets.length === 0)
    return "option `secrets` is empty; give the webhook subscription's signing key.";
  for (const [index, secret] of secrets.entries()) {
    if (typeof secret !== 'string' || secret.trim().length < shortestSecret) {
      return `option \`secrets[${index}]\` is shorter than ${shortestSecret} characters; make a subscription with a longer signing key and give it here.`;
    }
  }
  const ms = milliseconds(tolerance);
  if (ms >= 1_000 && ms <= milliseconds(longestTolerance)) return null;
  return 'option `tolerance` is out of range; give a second or more and 7 days at most.';
}
