// Where the call takes place, out of the four fields in which Cal.com may say so.
import { type Place, plainText } from '@precall/core';
import { z } from 'zod';
import { text } from './text-shapes.ts';
import { answersShape } from './texting.ts';

export const placeFields = {
  location: text,
  previousLocation: text,
  metadata: z.object({ videoCallUrl: text }).nullish().catch(null),
  videoCallData: z.object({ url: text }).nullish().catch(null),
  responses: z
    .object({
      location: z
        .object({ value: z.object({ optionValue: text }) })
        .nullish()
        .catch(null),
    })
    .catchall(answersShape)
    .nullish()
    .catch(null),
};
type PlaceFields = z.infer<z.ZodObject<typeof placeFields>>;

/** Null: nothing said. The booker may have supplied the link: it is untrusted. */
export function placeOf(booking: PlaceFields): Place | null {
  const urls = [booking.metadata?.videoCallUrl, booking.videoCallData?.url].map(urlPlace);
  const spoken = located(booking);
  return [...urls, spoken].find(isLink) ?? urls.find((url) => url !== null) ?? spoken;
}

/**
 * After BOOKING_LOCATION_UPDATED: the new `location` wins, because the other fields may still hold the old link. They
 * count only where the new location is an app that makes its links itself.
 */
export function newPlaceOf(booking: PlaceFields): Place | null {
  if (booking.location === undefined) return null;
  const spoken = located(booking);
  if (spoken?.kind !== 'pending') return spoken ?? { kind: 'none' };
  const made = [booking.metadata?.videoCallUrl, booking.videoCallData?.url];
  const fresh = made.filter((url) => url?.trim() !== booking.previousLocation?.trim());
  return fresh.map(urlPlace).find(isLink) ?? spoken;
}

const longestLink = 2_000;
const longestAddress = 500;
/** Kinds of location; what the person chose or typed stands in the response. */
const tokens = new Set(['phone', 'userPhone', 'attendeeInPerson', 'inPerson', 'link', 'somewhereElse']);

function located({ location, responses }: PlaceFields): Place | null {
  const said = location?.trim() ?? '';
  if (said.startsWith('integrations:')) return { kind: 'pending' };
  return spokenPlace(tokens.has(said) ? (responses?.location?.value.optionValue?.trim() ?? '') : said);
}

function spokenPlace(said: string): Place | null {
  const url = urlPlace(said);
  if (url) return url;
  if (/^[+\d\s()./-]{6,30}$/.test(said) && said.replace(/\D/g, '').length >= 6) {
    return { kind: 'phone', number: said };
  }
  const address = plainText(said, longestAddress);
  return address === null ? null : { kind: 'address', text: address };
}

/** Null for what is no URL of the web. One that cannot be used is pending: there is a link, but we do not have it. */
function urlPlace(said: string | null | undefined): Place | null {
  const url = said?.trim() ?? '';
  if (!/^https?:\/\//i.test(url)) return null;
  if (url.length > longestLink || /\p{C}/u.test(url) || !URL.canParse(url)) return { kind: 'pending' };
  return /\s/.test(url) ? null : { kind: 'link', url };
}

function isLink(place: Place | null): place is Place {
  return place?.kind === 'link';
}
