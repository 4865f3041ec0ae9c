// Contacts by an address, regardless of case.
import { Err, Ok } from '@precall/core';
import { z } from 'zod';
import type { Ask } from './hubspot-calls.ts';
import type { HubspotResult } from './hubspot-error.ts';

const contactShape = z.object({ id: z.string(), properties: z.record(z.string(), z.string().nullable()) });
export type Contact = z.infer<typeof contactShape>;

export const contactPath = (idOrEmail: string) => `/crm/v3/objects/contacts/${encodeURIComponent(idOrEmail)}`;

/** Null: there is none with that id. */
export async function readContact(
  ask: Ask,
  { path, names }: { readonly path: string; readonly names: readonly string[] },
): HubspotResult<Contact | null> {
  const answer = await ask({ kind: 'read', path: `${path}properties=${names.join(',')}`, names });
  return answer.andThen((found) => (found === null ? Ok(null) : read(contactShape, found.json)));
}

/**
 * First by the address itself, which HubSpot keeps once and in lower case: that sees what was made a moment ago. Only then
 * among the further addresses that a contact has after contacts were merged, by a search, which lags behind.
 */
export async function findContacts(
  ask: Ask,
  { email, names }: { readonly email: string; readonly names: readonly string[] },
): HubspotResult<readonly Contact[]> {
  const address = email.trim().normalize('NFC').toLowerCase();
  const one = await readContact(ask, { path: `${contactPath(address)}?idProperty=email&`, names });
  if (one.isErr()) return one;
  if (one.value) return Ok([one.value]);
  const answer = await ask({
    kind: 'search',
    path: '/crm/v3/objects/contacts/search',
    body: {
      // Whether a list of addresses equals one of them is said nowhere; whether a word of it does, is. Either will do.
      filterGroups: ['EQ', 'CONTAINS_TOKEN'].map((operator) => ({
        filters: [{ propertyName: further, operator, value: address }],
      })),
      properties: [...names, further],
      limit: 100,
    },
    names,
  });
  return answer.andThen((found) =>
    read(z.object({ results: z.array(contactShape) }), found?.json).map(({ results }) =>
      results.filter(({ properties }) => addressesIn(properties[further]).includes(address)),
    ),
  );
}

/** The addresses besides the first, parted by semicolons. */
const further = 'hs_additional_emails';

function addressesIn(list: string | null | undefined): readonly string[] {
  return (list ?? '').split(';').map((one) => one.trim().toLowerCase());
}

function read<Shape extends z.ZodType>(shape: Shape, json: unknown) {
  const parsed = shape.safeParse(json);
  if (parsed.success) return Ok(parsed.data);
  return Err({ kind: 'unavailable', reason: 'HubSpot answered in another shape than it documents' } as const);
}
