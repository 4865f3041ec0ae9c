// Which secrets sign Cal.com's webhooks, or that unsigned ones are taken on purpose; and how Cal.com can be asked.
import { readBaseUrl, refuseWithout, shown, type VariableReading } from './variable-reading.ts';

/** As `createCalcomSource` takes them. */
export type CalcomSettings =
  | { readonly secrets: readonly string[] }
  /** Anybody who reaches the webhook can book and cancel: for private networks. */
  | { readonly unsigned: 'allow' };

/** How Cal.com is asked for what its webhooks did not tell. */
export interface CalcomApiSettings {
  readonly apiKey: string;
  /** Null: Cal.com's own. */
  readonly baseUrl: string | null;
}

const shortestSecret = 16;

export function readCalcomSettings(reading: VariableReading): CalcomSettings {
  const { value, raw, fault } = reading;
  const unsigned = value('CALCOM_UNSIGNED');
  // An empty secret counts as said: somebody meant to give one.
  const written = raw('CALCOM_WEBHOOK_SECRET');
  if (unsigned !== null && unsigned !== 'allow') {
    fault(`CALCOM_UNSIGNED is ${shown(unsigned)}: give allow to take unsigned webhooks, or leave it out.`);
  }
  if (written === undefined) {
    if (unsigned === null) {
      fault(
        "CALCOM_WEBHOOK_SECRET is not set: give the secret of the webhook in Cal.com's settings (or CALCOM_UNSIGNED=allow on a private network).",
      );
    }
    return { unsigned: 'allow' };
  }
  if (unsigned === 'allow') {
    fault(
      'CALCOM_UNSIGNED is allow although CALCOM_WEBHOOK_SECRET is set, and signatures would not be looked at: leave out one of the two.',
    );
  }
  return { secrets: readSecrets(written, reading) };
}

function readSecrets(written: string, { fault }: VariableReading): readonly string[] {
  const cure = `give the secret of the webhook in Cal.com's settings, at least ${shortestSecret} characters`;
  const pieces = written.split(',').map((piece) => piece.trim());
  for (const [index, piece] of pieces.entries()) {
    const which = pieces.length > 1 ? ` in piece ${index + 1}` : '';
    if (piece === '') fault(`CALCOM_WEBHOOK_SECRET is empty${which}: ${cure}.`);
    else if (piece === 'no-secret-provided')
      fault(
        `CALCOM_WEBHOOK_SECRET is${which} what Cal.com sends for a webhook without a secret: set one there, and ${cure}.`,
      );
    else if (piece.length < shortestSecret)
      fault(`CALCOM_WEBHOOK_SECRET is too short${which}: set a longer one in Cal.com, and ${cure}.`);
  }
  return pieces;
}

/** Null: Cal.com is not asked, and a webhook that was lost stays lost. */
export function readCalcomApiSettings(reading: VariableReading): CalcomApiSettings | null {
  const apiKey = reading.value('CALCOM_API_KEY');
  if (apiKey === null) {
    const main = { name: 'CALCOM_API_KEY', meaning: "a key of Cal.com's API" };
    refuseWithout(reading, main, ['CALCOM_BASE_URL']);
    return null;
  }
  return { apiKey, baseUrl: readBaseUrl(reading, 'CALCOM_BASE_URL') };
}
