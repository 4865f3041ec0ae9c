// Twilio's signature on what it posts: HMAC-SHA1, in base64, over the address it was told to post to and the fields in the
// order of their names (twilio.com/docs/usage/security). SHA-1 is Twilio's choice; as an HMAC it still holds.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Headers } from '@precall/core';
import type { Form } from './form.ts';

/** As Twilio makes it: `url` is the whole address with its query. */
export function twilioSignature(authToken: string, url: string, form: Form): string {
  const byName = new Map<string, Set<string>>();
  for (const [name, value] of form) byName.set(name, (byName.get(name) ?? new Set()).add(value));
  const fields = [...byName]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, values]) => [...values].sort(inOrder).map((value) => name + value));
  return createHmac('sha1', authToken)
    .update(url + fields.join(''), 'utf8')
    .digest('base64');
}

/** One line of the header, and the signature of the fields under the token. Never throws. */
export function isSigned(
  headers: Headers,
  form: Form,
  { authToken, url }: { readonly authToken: string; readonly url: string },
): boolean {
  const name = 'x-twilio-signature';
  const lines = Object.hasOwn(headers, name) ? headers[name] : undefined;
  const line = lines?.length === 1 ? lines[0] : undefined;
  if (typeof line !== 'string') return false;
  // Some of Twilio's products sign the address with its port, some without.
  return addressesOf(url).some((address) => isSame(line, twilioSignature(authToken, address, form)));
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function addressesOf(url: string): readonly string[] {
  const parts = /^(https?):\/\/([^/:]+)(:\d+)?(.*)$/s.exec(url);
  if (!parts) return [url];
  const [, scheme = '', host = '', port, rest = ''] = parts;
  const usual = scheme === 'https' ? ':443' : ':80';
  return [url, `${scheme}://${host}${port ? '' : usual}${rest}`];
}

function inOrder(a: string, b: string): number {
  return a < b ? -1 : Number(a !== b);
}
