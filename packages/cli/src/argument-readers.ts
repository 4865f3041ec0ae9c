// Arguments as the command line gives them, into what commands take; or a sentence about what to give.
import { type Instant, Temporal, wholeMilliseconds } from '@precall/core';
import { createSystemClock } from '@precall/node';
import { InvalidArgumentError } from 'commander';

/** An ISO 8601 moment, or a length from now, whose days have 24 hours. */
export function readMoment(text: string): Instant {
  try {
    if (!text.startsWith('P')) return wholeMilliseconds(Temporal.Instant.from(text));
    const milliseconds = Math.round(Temporal.Duration.from(text).total('milliseconds'));
    return wholeMilliseconds(createSystemClock().now().add({ milliseconds }));
  } catch {
    throw new InvalidArgumentError(
      'Give a moment with its offset, such as 2026-12-03T15:00:00Z or 2026-12-03T10:00-05:00, or a length from now in days, hours, minutes and seconds, such as P3DT2H or PT2H1M.',
    );
  }
}

export function readZone(text: string): string {
  try {
    if (/^[A-Za-z]/.test(text) && new Intl.DateTimeFormat('en', { timeZone: text })) return text;
  } catch {
    // Said below.
  }
  throw new InvalidArgumentError('Give the name of a time zone, such as America/Toronto.');
}

export function readAddress(text: string): string {
  if (/^[^\s@<>,;"]+@[^\s@<>,;"]+$/.test(text)) return text;
  throw new InvalidArgumentError('Give one mail address, such as ada@example.com.');
}

/** fetch takes no user in an address. */
export function readUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url && /^https?:$/.test(url.protocol) && !url.username && !url.password) return text;
  throw new InvalidArgumentError(
    'Give the whole http or https address of the webhook, such as https://precall.example.com/webhook/calcom-booking.',
  );
}

/** Of an option that may be given several times. */
export function gathered(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}
