// What the HubSpot stand-in holds: contact properties, and contacts.

/** A property of a contact, by its type. */
export interface HubspotProperty {
  /** As people see it. */
  readonly label: string;
  readonly type: 'string' | 'enumeration' | 'date' | 'datetime' | 'number' | 'bool' | 'phone_number';
  /** Of an enumeration: one value or several. `select` unless said otherwise. */
  readonly fieldType?: 'select' | 'radio' | 'checkbox';
  /** Labels by internal value. */
  readonly options?: { readonly [value: string]: string };
  /** Its options stand elsewhere, and are not told. */
  readonly externalOptions?: boolean;
  /** HubSpot alone writes it. */
  readonly readOnly?: boolean;
}
/** By internal name. */
export type HubspotProperties = { readonly [name: string]: HubspotProperty };

/** Values by internal name; a property that is not there is empty. */
export type HubspotValues = { readonly [name: string]: string };

export interface HeldContact {
  readonly id: string;
  values: HubspotValues;
  /** As the search sees it. */
  indexed: HubspotValues;
}

/** What every account has. */
const ofEveryAccount: HubspotProperties = {
  email: { label: 'Email', type: 'string' },
  hs_additional_emails: { label: 'Additional email addresses', type: 'string', readOnly: true },
  hs_object_id: { label: 'Record ID', type: 'number', readOnly: true },
};

export function withOwn(properties: HubspotProperties): Map<string, HubspotProperty> {
  return new Map(Object.entries({ ...ofEveryAccount, ...properties }));
}

/** Addresses in lower case, each of one contact only; throws for contacts that HubSpot could not have. */
export function holdContacts(contacts: readonly HubspotValues[]): HeldContact[] {
  const held = contacts.map((given, index): HeldContact => {
    const id = String(151_001 + index);
    const values = { ...lowered(given), hs_object_id: id };
    return { id, values, indexed: values };
  });
  const taken = held.flatMap(({ values }) => addressesOf(values));
  const twice = taken.find((address, index) => taken.indexOf(address) !== index);
  if (twice !== undefined) throw new Error(`HubSpot keeps an address once: ${twice}`);
  return held;
}

export function lowered(values: HubspotValues): HubspotValues {
  const addresses = ['email', 'hs_additional_emails'].flatMap((name) =>
    values[name] === undefined ? [] : [[name, values[name].toLowerCase()]],
  );
  return { ...values, ...Object.fromEntries(addresses) };
}

/** The first, and those that it has from contacts merged into it. */
export function addressesOf({ email, hs_additional_emails: further = '' }: HubspotValues): readonly string[] {
  return [email, ...further.split(';')].flatMap((address) => address || []);
}

/** The contact properties of a campaign, whose labels are those of core's default projection; for the stand-in. */
export const hubspotCampaign = {
  booking_status: {
    label: 'Booking Status',
    type: 'enumeration',
    options: { booked: 'Booked', not_booked: 'Not Booked', no_show: 'No-Show', completed: 'Completed' },
  },
  diagnostic_call_date: { label: 'Diagnostic Call Date', type: 'date' },
  christmas_campaign_status: {
    label: 'Christmas Campaign Status',
    type: 'enumeration',
    fieldType: 'radio',
    options: { nurture: 'Nurture Sequence', pre_call: 'Pre-Call Prep' },
  },
  campaigns: {
    label: 'Campaigns',
    type: 'enumeration',
    fieldType: 'checkbox',
    options: { christmas_2025: 'Christmas 2025', other: 'Other' },
  },
  reminder_72h_sent: { label: 'Reminder 72h sent', type: 'datetime' },
  reminder_24h_sent: { label: 'Reminder 24h sent', type: 'datetime' },
  reminder_2h_sent: { label: 'Reminder 2h sent', type: 'datetime' },
} as const satisfies HubspotProperties;
