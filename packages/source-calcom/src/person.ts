// Attendees and hosts: addresses that name one person, and names, zones and languages that can be relied on.
import {
  type BookingUpdate,
  isAddress,
  knownZone,
  type Links,
  plainText,
  remembered,
  type UpdateAttendee,
  type UpdateHost,
} from '@precall/core';
import { z } from 'zod';
import { text } from './text-shapes.ts';
import { phoneNumber } from './texting.ts';

/** One address, trimmed, that cannot smuggle a second one or a line break into a mail. */
export const address = z.string().transform((written, context) => {
  const email = written.trim();
  if (isAddress(email)) return email;
  context.addIssue({ code: 'custom', message: 'must be one e-mail address' });
  return z.NEVER;
});

/** Ahead of UTC, in a person's zone, at the start of the call. */
const minutes = z.number().nullish().catch(null);

/** `language.locale` in webhooks, `locale` where a row of the database is sent as it is. */
export const attendeeShape = z.object({
  email: address,
  name: text,
  firstName: text,
  timeZone: text,
  locale: text,
  phoneNumber: text,
  language: z.object({ locale: text }).nullish().catch(null),
  utcOffset: minutes,
});

export const hostShape = z
  .object({
    name: text,
    email: text,
    username: text,
    timeZone: text,
    locale: text,
    language: z.object({ locale: text }).nullish().catch(null),
  })
  .nullish()
  .catch(null);

export function attendeeOf(person: z.infer<typeof attendeeShape>, links: Links | null): UpdateAttendee {
  const phone = phoneNumber(person.phoneNumber);
  return {
    email: person.email,
    mailable: !person.email.toLowerCase().endsWith(phoneOnly),
    name: plainText(person.name, longestName),
    firstName: plainText(person.firstName, longestName),
    timeZone: knownZone(person.timeZone),
    locale: knownLocale(person.language?.locale ?? person.locale),
    links,
    ...(phone !== null && { phone }),
  };
}

/** Whether the organizer's address is kept, so that they can be asked who came. Whoever reads a mail never sees it. */
export type HostAddress = 'keep' | 'drop';

/** Without `keep` name and zone only, whether the booking page hides the address or not. */
export function hostOf(person: z.infer<typeof hostShape>, kept: HostAddress): UpdateHost | null {
  const name = plainText(person?.name, longestName);
  if (!person || name === null) return null;
  const host = { name, timeZone: knownZone(person.timeZone) };
  const email = person.email?.trim() ?? '';
  if (kept === 'drop' || !isAddress(email)) return host;
  return { ...host, address: { email, locale: knownLocale(person.language?.locale ?? person.locale) } };
}

/** What is said of the zones that are known here. */
export function offsetsOf(
  people: readonly z.infer<typeof attendeeShape>[],
): NonNullable<BookingUpdate['offsets']> {
  return people.flatMap(({ timeZone: name, utcOffset }) => {
    const timeZone = knownZone(name);
    return timeZone !== null && typeof utcOffset === 'number' ? [{ timeZone, minutes: utcOffset }] : [];
  });
}

const longestName = 100;
/** The stand-in address of somebody who gave a phone number only. */
const phoneOnly = '@sms.cal.com';

function knownLocale(tag: string | null | undefined): string | null {
  return tag && tag.length <= 35 ? canonicalLocale(tag) : null;
}

const canonicalLocale = remembered(200, (tag: string): string | null => {
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? null;
  } catch {
    return null;
  }
});
