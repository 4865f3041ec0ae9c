// Words that strangers typed, made fit to be kept: one line, well-formed, no longer than said.
import { z } from 'zod';

/** Of something that is nice to know: a value of another type counts as absent. */
export const text = z.string().nullish().catch(null);

/** Of a booking or a seat. */
export const uid = z
  .string()
  .regex(/^[^\s\p{C}]{1,200}$/u, 'must be 1 to 200 printable characters without blanks');

/** Null when nothing is left. `longest` in UTF-16 units; no character is cut in two. */
export function plainText(text: string | null | undefined, longest: number): string | null {
  if (!text) return null;
  const line = text
    .replace(/\p{Cs}/gu, '\uFFFD')
    .replace(/[\p{Cc}\u2028\u2029]/gu, ' ')
    .trim();
  return line.slice(0, longest).replace(/[\uD800-\uDBFF]$/, '') || null;
}
