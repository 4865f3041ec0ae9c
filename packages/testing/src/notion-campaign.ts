// The databases of a campaign, for the Notion stand-in.
import type { NotionDatabase, NotionRow } from './notion-data.ts';

/** The first owner's database of mail texts. */
export function textsDatabase(rows: readonly NotionRow[]): NotionDatabase {
  return {
    id: '33333333333333333333333333333333',
    properties: {
      'Template Name': { type: 'title' },
      'Subject Line': { type: 'rich_text' },
      'Email Body HTML': { type: 'rich_text' },
    },
    rows,
  };
}

/** The two databases of Precall's first owner, as far as calls concern them, with these rows. */
export function campaignDatabases({
  contacts = [],
  sequence = [],
}: {
  readonly contacts?: readonly NotionRow[];
  readonly sequence?: readonly NotionRow[];
}): { readonly contacts: NotionDatabase; readonly sequence: NotionDatabase } {
  return {
    contacts: {
      id: '11111111111111111111111111111111',
      properties: {
        Name: { type: 'title' },
        email: { type: 'email' },
        'Booking Status': { type: 'select', options: ['Not Booked', 'Booked', 'Completed', 'No-Show'] },
        'Diagnostic Call Date': { type: 'date' },
        'Christmas Campaign Status': { type: 'select', options: ['Nurture Sequence', 'Pre-Call Prep'] },
        Segment: { type: 'select', options: ['CRITICAL', 'URGENT', 'OPTIMIZE'] },
        'Assessment Score': { type: 'number' },
      },
      rows: contacts,
    },
    sequence: {
      id: '22222222222222222222222222222222',
      properties: {
        Name: { type: 'title' },
        Email: { type: 'email' },
        Campaign: { type: 'select', options: ['Christmas 2025'] },
        'First Name': { type: 'rich_text' },
        'Business Name': { type: 'rich_text' },
        'Email 1 Sent': { type: 'date' },
        'Email 2 Sent': { type: 'date' },
        'Email 3 Sent': { type: 'date' },
        'Email 4 Sent': { type: 'date' },
        'Email 5 Sent': { type: 'date' },
        'Email 6 Sent': { type: 'date' },
        'Email 7 Sent': { type: 'date' },
        'Template Type': { type: 'select', options: ['No-Show Recovery'] },
        'Sequence Completed': { type: 'checkbox' },
      },
      rows: sequence,
    },
  };
}
