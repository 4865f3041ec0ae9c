// Shapes of the words in Calendly's webhooks, and its links.
import { z } from 'zod';

/** Of something that is nice to know: a value of another type counts as absent. */
export const text = z.string().nullish().catch(null);

/** An https link to a page of Calendly's; null for whatever else: it acts on somebody's booking. */
export function pageLink(written: string | null | undefined): string | null {
  if (!written || written.length > longestLink || !/^https:\/\//i.test(written)) return null;
  if (/[\s\p{C}]/u.test(written) || !URL.canParse(written)) return null;
  const { username, password, href } = new URL(written);
  return username || password || href.length > longestLink ? null : href;
}

export const longestLink = 2_000;
