// Shapes of the words in Cal.com's webhooks.
import { z } from 'zod';

/** Of something that is nice to know: a value of another type counts as absent. */
export const text = z.string().nullish().catch(null);

/** Of a booking or a seat. */
export const uid = z
  .string()
  .regex(/^[^\s\p{C}]{1,200}$/u, 'must be 1 to 200 printable characters without blanks');
