// The shapes Calendly's webhooks come in. Unknown keys pass and are dropped. What changes the meaning of a webhook must
// have its type; what is only nice to know counts as absent when it has not.
import { isAddress } from '@precall/core';
import { z } from 'zod';
import { moment } from './moment.ts';
import { address, memberShape, personFields } from './person.ts';
import { locationShape } from './place.ts';
import { text } from './text-shapes.ts';

/**
 * The id within an invitee's URI: its booking's uid. Calendly's pages to move and to cancel end in it too, so whoever knows
 * it can do both.
 */
const inviteeId = z.string().transform((uri, context) => {
  const id = /\/scheduled_events\/[\w-]{1,100}\/invitees\/([\w-]{1,100})$/.exec(uri.slice(-300))?.[1];
  if (id !== undefined) return id;
  context.addIssue({ code: 'custom', message: "must be an invitee's URI" });
  return z.NEVER;
});

const span = { start_time: moment, end_time: moment };
function inOrder({ start_time, end_time }: z.infer<z.ZodObject<typeof span>>): boolean {
  return start_time.epochMilliseconds <= end_time.epochMilliseconds;
}
const endFirst = { path: ['end_time'], message: 'must not be before start_time' };

/** Those with an address that can be used. */
const guests = z
  .array(z.object({ email: z.string() }).nullish().catch(null))
  .nullish()
  .catch(null)
  .transform((list) => (list ?? []).map((guest) => guest?.email.trim() ?? '').filter(isAddress));

const eventShape = z
  .object({
    ...span,
    name: text,
    event_type: text,
    location: locationShape,
    invitees_counter: z.object({ limit: z.number() }).nullish().catch(null),
    event_memberships: z.array(memberShape).nullish().catch(null),
    event_guests: guests,
  })
  .refine(inOrder, endFirst);

export const inviteeShape = z.object({
  created_at: moment,
  payload: z.object({
    ...personFields,
    uri: inviteeId,
    old_invitee: inviteeId.nullish(),
    rescheduled: z.boolean().nullish(),
    cancellation: z.object({ canceler_type: text }).nullish().catch(null),
    cancel_url: text,
    reschedule_url: text,
    text_reminder_number: text,
    scheduled_event: eventShape,
  }),
});
export type InviteeWebhook = z.infer<typeof inviteeShape>;

export const noShowShape = z.object({
  created_at: moment,
  payload: z.object({
    uri: inviteeId,
    email: address,
    scheduled_event: z.object(span).refine(inOrder, endFirst).nullish().catch(null),
  }),
});

/** Every webhook names its event. */
export const eventNameShape = z.object({ event: z.string().min(1, 'must not be empty') });
