// Invitees, their guests and hosts: addresses that name one person, and names and zones that can be relied on.
import {
  isAddress,
  knownZone,
  type Links,
  plainText,
  type UpdateAttendee,
  type UpdateHost,
} from '@precall/core';
import { z } from 'zod';
import { text } from './text-shapes.ts';

/** One address, trimmed, that cannot smuggle a second one or a line break into a mail. */
export const address = z
  .string()
  .transform((written) => written.trim())
  .refine(isAddress, 'must be one e-mail address');

export const personFields = { email: address, name: text, first_name: text, last_name: text, timezone: text };

/** Calendly's webhooks tell nobody's language. */
export function inviteeOf(
  person: z.infer<z.ZodObject<typeof personFields>>,
  links: Links | null,
): UpdateAttendee {
  const { email, name, first_name: first, last_name: last, timezone } = person;
  return {
    email,
    mailable: true,
    name: plainText(name, longestName) ?? plainText(`${first ?? ''} ${last ?? ''}`, longestName),
    firstName: plainText(first, longestName),
    timeZone: knownZone(timezone),
    locale: null,
    links,
  };
}

export function guestOf(email: string): UpdateAttendee {
  return inviteeOf({ email, name: null, first_name: null, last_name: null, timezone: null }, null);
}

/** Whether the host's address is kept, so that they can be asked who came. Whoever reads a mail never sees it. */
export type HostAddress = 'keep' | 'drop';

export const memberShape = z.object({ user_name: text, user_email: text });

/** The first of the hosts; their zones and languages are not told. */
export function hostOf(
  [member]: readonly z.infer<typeof memberShape>[],
  kept: HostAddress,
): UpdateHost | null {
  const name = plainText(member?.user_name, longestName);
  if (name === null) return null;
  const email = member?.user_email?.trim() ?? '';
  const host = { name, timeZone: null };
  return kept === 'keep' && isAddress(email) ? { ...host, address: { email, locale: null } } : host;
}

const longestName = 100;
