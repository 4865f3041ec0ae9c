// What createPrecall is given, looked at before anything begins: a server in plain JavaScript has no compiler to do it.

import { nothingKnown } from './facts.ts';
import { theHost } from './ids.ts';
import { demand } from './invariant.ts';
import { type Policy, type QuietHours, rulesFor } from './policy.ts';
import type { PrecallOptions } from './precall.ts';
import { isKnownZone } from './wall-clock.ts';

/** Of the links' secret, in characters. */
const shortestSecret = 16;
const longestQuietHours = 20;

/** What each part must be able to do, and where it comes from. */
const parts: readonly (readonly [keyof PrecallOptions, readonly string[], string])[] = [
  ['source', ['verify', 'parse'], 'what createCalcomSource makes'],
  ['store', ['find', 'due', 'save'], 'what openEmbeddedStore opens, by orThrow(openEmbeddedStore(...))'],
  ['mailer', ['send'], 'what createMailbox or createSendgridMailer makes'],
];
const otherParts: typeof parts = [
  ['texter', ['send'], 'what createTwilioTexter makes'],
  [
    'crm',
    ['findContact', 'findMembership', 'update', 'recordSent', 'describe'],
    'what createNotionCrm makes',
  ],
];

/** Throws a sentence that names the option and what to give instead. */
export function checkOptions(options: PrecallOptions): void {
  demand(options, 'createPrecall: give it `source`, `store` and `mailer`.');
  for (const [name, can, cure] of parts) {
    demand(
      isAble(options[name], can),
      `createPrecall: \`${name}\` is missing, or is none: give ${cure}, or one of your own.`,
    );
  }
  for (const [name, can, cure] of otherParts) {
    const given = options[name];
    demand(
      given === undefined || isAble(given, can),
      `createPrecall: \`${name}\` lacks one of ${can.join(', ')}: give ${cure}, one of your own, or none.`,
    );
  }
  checkLinks(options.links);
  checkPolicy(options.policy, options.texter !== undefined);
}

function isAble(part: unknown, can: readonly string[]): boolean {
  const known: { readonly [name: string]: unknown } = Object(part);
  return can.every((name) => typeof known[name] === 'function');
}

function checkLinks(links: PrecallOptions['links']): void {
  if (!links) return;
  const { baseUrl, secret } = links;
  demand(
    typeof baseUrl === 'function' || /^https?:\/\/[^\s/]/.test(baseUrl),
    'createPrecall: `links.baseUrl` is no web address: give one such as https://calls.example.com.',
  );
  demand(
    secret === undefined || secret.length >= shortestSecret,
    `createPrecall: \`links.secret\` is shorter than ${shortestSecret} characters: give a longer one, or none to have one made and kept in the store.`,
  );
}

function checkPolicy(policy: Policy, hasTexter: boolean): void {
  checkHours('quietHours', policy.quietHours);
  checkHours('smsQuietHours', policy.smsQuietHours);
  const { timeZone } = policy.projection;
  demand(
    timeZone === null || isKnownZone(timeZone),
    'policy.projection.timeZone is no time zone: give a name such as Europe/Berlin, or null.',
  );
  if (typeof policy.rules === 'function') return;
  for (const { name, channel, fallback } of rulesFor(nothingKnown, policy, theHost)) {
    demand(
      hasTexter || (channel !== 'sms' && fallback !== 'sms'),
      `policy.rules: the rule "${name}" goes by sms: give createPrecall a \`texter\`, or the rule no sms.`,
    );
  }
}

function checkHours(name: 'quietHours' | 'smsQuietHours', hours: QuietHours | null): void {
  if (!hours) return;
  const { from, to } = hours;
  demand(
    isTime(from) && isTime(to),
    `policy.${name}: \`from\` and \`to\` are no times: give Temporal.PlainTime.from('21:00').`,
  );
  const length = (to.hour * 60 + to.minute - from.hour * 60 - from.minute + 1440) % 1440;
  demand(
    length <= longestQuietHours * 60,
    `policy.${name} are longer than ${longestQuietHours} hours: give shorter ones.`,
  );
}

/** A text has no hour. */
function isTime({ hour }: { readonly hour: unknown }): boolean {
  return typeof hour === 'number';
}
