// HubSpot's properties against the configuration: asked anew each time, every fault with its cure.
import { Err, Ok, type Projection, type SchemaFault } from '@precall/core';
import type { Ask } from './hubspot-calls.ts';
import type { MembershipOptions } from './hubspot-crm.ts';
import type { HubspotError, HubspotResult } from './hubspot-error.ts';
import { optionNamed, type Properties, propertyNamed, readProperties } from './schema.ts';

interface Expected {
  /** Or its label. */
  readonly name: string;
  readonly types: readonly string[];
  readonly options: readonly string[];
  /** It is written, so that HubSpot must let us, and it must hold one value. */
  readonly isWritten: boolean;
  /** It is only read, and must hold one value all the same. */
  readonly holdsOne?: boolean;
}

export async function findSchemaFaults(
  ask: Ask,
  configured: { readonly membership: MembershipOptions | null; readonly projection: Projection },
): HubspotResult<readonly SchemaFault[]> {
  const properties = await readProperties(ask);
  if (properties.isErr()) return told(properties.error, 'crm.schemas.contacts.read');
  // Its answer is not looked at: only whether there is one.
  const contacts = await ask({
    kind: 'read',
    path: '/crm/v3/objects/contacts?limit=1&properties=hs_object_id',
  });
  if (contacts.isErr()) return told(contacts.error, 'crm.objects.contacts.read');
  return Ok(expectedOf(configured).flatMap((one) => faultsIn(properties.value, one)));
}

function expectedOf({
  membership,
  projection: { properties, values, campaign },
}: Parameters<typeof findSchemaFaults>[1]): readonly Expected[] {
  const choice = ['enumeration', 'string'];
  const written = [
    {
      name: properties.status,
      types: choice,
      options: [values.booked, values.notBooked, values.noShow, values.completed].filter(
        (one) => one !== null,
      ),
    },
    { name: properties.callDate, types: ['date'], options: [] },
    { name: properties.campaignStatus, types: choice, options: [values.preCall] },
    values.confirmed === null
      ? { name: properties.confirmed, types: ['date', 'datetime', 'bool'], options: [] }
      : { name: properties.confirmed, types: choice, options: [values.confirmed] },
    ...Object.values(membership?.sentProperties ?? {}).map((name) => ({
      name,
      types: ['datetime', 'date'],
      options: [],
    })),
  ];
  const campaigns = membership && {
    name: membership.campaignProperty,
    types: choice,
    options: campaign === null ? [] : [campaign],
    isWritten: false,
  };
  const read = [
    { name: properties.segment, types: choice },
    { name: properties.smsConsent, types: ['bool', ...choice] },
  ];
  return [
    ...(campaigns ? [campaigns] : []),
    ...written.flatMap(({ name, ...rest }) => (name === null ? [] : [{ name, ...rest, isWritten: true }])),
    ...read.flatMap(({ name, types }) =>
      name === null ? [] : [{ name, types, options: [], isWritten: false, holdsOne: true }],
    ),
  ];
}

function faultsIn(
  properties: Properties,
  { name, types, options, isWritten, holdsOne = false }: Expected,
): readonly SchemaFault[] {
  const where = `HubSpot, contact property "${name}"`;
  const property = propertyNamed(properties, name);
  const wanted = types.join(' or ');
  if (!property) {
    const isAmbiguous = properties.some(({ label }) => label === name);
    return [
      isAmbiguous
        ? {
            where,
            fault: 'Several properties have this label.',
            cure: 'Give the internal name of the one that is meant.',
          }
        : {
            where,
            fault: 'No property has this label or internal name.',
            cure: `Make it in HubSpot's settings, under Properties (${wanted}), or configure the name that it has.`,
          },
    ];
  }
  if (!types.includes(property.type) || ((isWritten || holdsOne) && property.isMultiple)) {
    const type = property.isMultiple ? 'checkboxes, which hold several values' : property.type;
    return [
      {
        where,
        fault: `It is of type ${type}.`,
        cure: `Make another of type ${wanted}, and configure its name.`,
      },
    ];
  }
  if (isWritten && property.isReadOnly)
    return [
      {
        where,
        fault: 'HubSpot alone may write it.',
        cure: `Make another of type ${wanted}, and configure its name.`,
      },
    ];
  return options
    .filter((option) => property.options !== null && optionNamed(property, option) === null)
    .map((option) => ({
      where,
      fault: `It has no option "${option}".`,
      cure: `Add the option "${option}" to it in HubSpot's settings, under Properties.`,
    }));
}

/** What HubSpot says no to is a finding; an answer that could not be had is none. */
async function told(error: HubspotError, scope: string): HubspotResult<readonly SchemaFault[]> {
  const { status } = error;
  if (status === 401) {
    const cure = 'Copy the access token of the private app once more, and check that it was not rotated.';
    return Ok([{ where: 'HubSpot, token', fault: 'HubSpot does not take the token.', cure }]);
  }
  if (status === 403) {
    const fault = `The token lacks the scope ${scope}.`;
    const cure = `Give the private app the scopes ${scopes}.`;
    return Ok([{ where: 'HubSpot, token', fault, cure }]);
  }
  return Err(error);
}

const scopes = 'crm.objects.contacts.read, crm.objects.contacts.write and crm.schemas.contacts.read';
