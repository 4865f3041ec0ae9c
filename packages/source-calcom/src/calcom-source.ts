// Cal.com as a booking source: who may speak (the signature), and what was said (the parser).
import type { BookingSource, BookingSourceApi } from '@precall/core';
import { parseWebhook } from './parse-webhook.ts';
import { isSigned } from './signature.ts';

/** Exactly one of `secrets` and `unsigned`. */
export interface CalcomSourceOptions {
  /** The webhook's secret as set in Cal.com; several while it is being changed. Each at least 16 characters. */
  readonly secrets?: readonly string[];
  /** Takes every webhook, signed or not, without looking at the signature: for a private network only. */
  readonly unsigned?: 'allow';
  /** What Cal.com can be asked, such as `createCalcomApi` makes: webhooks that were lost are made up for. */
  readonly api?: BookingSourceApi | null;
  /**
   * Questions of the booking form, by the names of its fields (slugs), whose answers are kept for rules and words to depend
   * on. None unless given: what nobody uses is not kept.
   */
  readonly answers?: readonly string[];
  /**
   * Slug of the booking's question whether they may be texted, of Cal.com's type Checkbox: what is answered to it is
   * kept as consent, with the question's words. Without it nobody has given any.
   */
  readonly consentField?: string | null;
  /** `keep`: the organizer's address is kept, so that a rule can ask them who came. It stands in no mail to anybody else. */
  readonly hostAddress?: 'keep' | 'drop';
}

/** Throws for options that would let anybody speak; the message names the option and its cure, never a secret. */
export function createCalcomSource(options: CalcomSourceOptions): BookingSource {
  const {
    secrets = [],
    unsigned,
    api = null,
    answers = [],
    consentField = null,
    hostAddress = 'drop',
  } = options;
  const fault = faultOf(secrets, unsigned);
  if (fault !== null) throw new Error(`createCalcomSource: ${fault}`);
  return {
    name: 'calcom',
    verify: (headers, rawBody) =>
      unsigned === 'allow' || isSigned(headers, rawBody, secrets) ? 'authentic' : 'forged',
    parse: (json, receivedAt) => parseWebhook(json, receivedAt, { answers, consentField, hostAddress }),
    ...(api && { api }),
  };
}

/** What Cal.com sends in place of a signature when its webhook has no secret: no proof, whoever knows it. */
const noSecret = 'no-secret-provided';
const shortestSecret = 16;

function faultOf(secrets: readonly string[], unsigned: string | undefined): string | null {
  if (unsigned !== undefined && unsigned !== 'allow') {
    return "option `unsigned` can only be 'allow'; leave it out and give `secrets`.";
  }
  if (unsigned === 'allow') {
    if (secrets.length === 0) return null;
    return 'options `secrets` and `unsigned` exclude each other; leave out `unsigned` to have signatures checked.';
  }
  if (!Array.isArray(secrets) || secrets.length === 0) {
    return "option `secrets` is empty; give the secret set in Cal.com's webhook settings (or `unsigned: 'allow'` on a private network).";
  }
  for (const [index, secret] of secrets.entries()) {
    if (typeof secret !== 'string' || secret.trim() === '') {
      return `option \`secrets[${index}]\` is blank; give the secret set in Cal.com's webhook settings.`;
    }
    if (secret.trim() === noSecret) {
      return `option \`secrets[${index}]\` is what Cal.com sends when its webhook has no secret; set one there and give it here.`;
    }
    if (secret.trim().length < shortestSecret) {
      return `option \`secrets[${index}]\` is shorter than ${shortestSecret} characters; set a longer one in Cal.com's webhook settings and give it here.`;
    }
  }
  return null;
}
