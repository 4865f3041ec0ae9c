// Words that strangers typed, made fit to be kept: one line, well-formed, no longer than said.
import { z } from 'zod';

/** Of something that is nice to know: a value of another type counts as absent. */
export const text = z.string().nullish().catch(null);

/** Null when nothing is left. `longest` in UTF-16 units; no character is cut in two. */
export function plainText(written: string | null | undefined, longest: number): string | null {
  if (!written) return null;
  const line = written
    .replace(/\p{Cs}/gu, '\uFFFD')
    .replace(/[\p{Cc}\u2028\u2029]/gu, ' ')
    .trim();
  return line.slice(0, longest).replace(/[\uD800-\uDBFF]$/, '') || null;
}

/** An https link to a page of Calendly's; null for whatever else: it acts on somebody's booking. */
export function pageLink(written: string | null | undefined): string | null {
  if (!written || written.length > longestLink || !/^https:\/\//i.test(written)) return null;
  if (/[\s\p{C}]/u.test(written) || !URL.canParse(written)) return null;
  const { username, password, href } = new URL(written);
  return username || password || href.length > longestLink ? null : href;
}

export const longestLink = 2_000;
