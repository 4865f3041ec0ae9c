// Where the call takes place, out of Calendly's kinds of location.
import { type Place, plainText } from '@precall/core';
import { z } from 'zod';
import { longestLink, text } from './text-shapes.ts';

/** Null: the event has none. What is no location at all counts as not said. */
export const locationShape = z
  .object({ type: text, location: text, join_url: text })
  .nullish()
  .catch(undefined);

/** Null: nothing said. `textNumber` is the invitee's phone, as given for text messages. */
export function placeOf(
  location: z.infer<typeof locationShape>,
  textNumber: string | null | undefined,
): Place | null {
  if (location === undefined) return null;
  if (location === null) return { kind: 'none' };
  const { type, location: words, join_url: link } = location;
  const made = urlPlace(link);
  if (made) return made;
  // Calendly speaks while the conference is still being made, and says no more when it is there.
  if (link !== undefined || conference.test(type ?? '')) return { kind: 'pending' };
  return (
    spokenPlace(words) ?? (type === 'outbound_call' ? spokenPlace(textNumber) : null) ?? { kind: 'none' }
  );
}

/** `google_conference`, `microsoft_teams_conference`, `webex_conference`, `zoom`, `gotomeeting`. */
const conference = /(?:conference|^zoom|^gotomeeting)$/;
const longestAddress = 500;

function spokenPlace(words: string | null | undefined): Place | null {
  const url = urlPlace(words);
  if (url) return url;
  const said = plainText(words, longestAddress);
  if (said === null) return null;
  const isPhone = /^[+\d\s()./-]{6,30}$/.test(said) && said.replace(/\D/g, '').length >= 6;
  return isPhone ? { kind: 'phone', number: said } : { kind: 'address', text: said };
}

/** Null for what is no URL of the web. One that cannot be used is pending: there is a link, but we do not have it. */
function urlPlace(words: string | null | undefined): Place | null {
  const url = words?.trim() ?? '';
  if (!/^https?:\/\//i.test(url)) return null;
  if (url.length > longestLink || /\p{C}/u.test(url) || !URL.canParse(url)) return { kind: 'pending' };
  return /\s/.test(url) ? null : { kind: 'link', url };
}
