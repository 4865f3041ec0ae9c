// The booking page's own links to move and to cancel, built as Cal.com's CalEventParser builds them.
import { type Links, remembered } from '@precall/core';
import { z } from 'zod';
import { hostShape } from './person.ts';
import { text, uid } from './text-shapes.ts';

const flag = z.boolean().nullish().catch(null);

export const linkFields = {
  uid,
  type: text,
  bookerUrl: text,
  platformClientId: text,
  platformRescheduleUrl: text,
  platformCancelUrl: text,
  disableRescheduling: flag,
  disableCancelling: flag,
  organizer: hostShape,
  team: z
    .object({
      id: z.number().nullish().catch(null),
      members: z
        .array(z.object({ email: text }))
        .nullish()
        .catch(null),
    })
    .nullish()
    .catch(null),
};
type LinkFields = z.infer<z.ZodObject<typeof linkFields>>;

/** The links of whoever booked, or with `seat` of that seat alone; null: not known. */
export function linksOf(booking: LinkFields, seat: string | null): Links | null {
  const { uid: booked, bookerUrl, platformRescheduleUrl, platformCancelUrl } = booking;
  if (!bookerUrl && !platformRescheduleUrl && !platformCancelUrl) return null;
  const page = booking.platformClientId ? null : bookerUrl;
  const moved = seat ?? booked;
  const cancel = { cancel: 'true', allRemainingBookings: 'false' };
  const seated = seat ? { seatReferenceUid: seat } : {};
  return {
    move: booking.disableRescheduling
      ? null
      : platformRescheduleUrl
        ? link(platformRescheduleUrl, [moved], { ...platformQuery(booking), reschedule: 'true' })
        : link(page, ['reschedule', moved], {}),
    cancel: booking.disableCancelling
      ? null
      : platformCancelUrl
        ? link(platformCancelUrl, [booked], { ...platformQuery(booking), ...cancel, ...seated })
        : link(page, ['booking', booked], { ...cancel, ...seated }),
  };
}

function platformQuery({ type, organizer, team }: LinkFields): { readonly [name: string]: string } {
  return {
    ...(type ? { slug: type } : {}),
    ...(organizer?.username ? { username: organizer.username } : {}),
    ...(team?.id ? { teamId: String(team.id) } : {}),
  };
}

const longestLink = 2_000;
const isPage = remembered(100, (base: string) => /^https:\/\//i.test(base) && URL.canParse(base));

/** Null unless it is an https link: what stands in a mail to act on somebody's booking travels encrypted. */
function link(
  base: string | null | undefined,
  path: readonly string[],
  query: { readonly [name: string]: string },
): string | null {
  if (!base || base.length > longestLink || !isPage(base)) return null;
  const written = [base.endsWith('/') ? base.slice(0, -1) : base, ...path.map(encodeURIComponent)].join('/');
  if (!URL.canParse(written)) return null;
  const url = new URL(written);
  for (const [name, value] of Object.entries(query)) url.searchParams.append(name, value);
  return url.username || url.password || url.href.length > longestLink ? null : url.href;
}
