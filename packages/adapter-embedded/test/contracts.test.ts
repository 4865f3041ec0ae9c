// The contracts of the ports that this package stands in for.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FieldValue, Store } from '@precall/core';
import { Temporal } from '@precall/core';
import {
  type CrmSubject,
  crmContract,
  type MailerSubject,
  mailerContract,
  type SampleContact,
  storeContract,
} from '@precall/testing';
import { createAddressBook, createMailbox, type EmbeddedStore, openEmbeddedStore } from '../src/index.ts';
import { minute } from './sample-record.ts';
import { temporaryFolder } from './temporary-folder.ts';

const opened = new Map<Store, { readonly store: EmbeddedStore; readonly folder: string }>();

function open(folder: string): EmbeddedStore {
  const store = openEmbeddedStore({ folder }).unwrap();
  opened.set(store, { store, folder });
  return store;
}

/** Answers the folder. */
async function close(store: Store): Promise<string> {
  const known = opened.get(store);
  await known?.store.close();
  return known?.folder ?? '';
}

storeContract({
  create: () => open(temporaryFolder()),
  reopen: async (store) => open(await close(store)),
  close: async (store) => {
    await close(store);
  },
});

crmContract({
  create: addressBook,
  skipped: { 'findContact: none where there is none': 'the address book adds a contact it does not know' },
});

mailerContract({
  create: mailbox,
  skipped: {
    'send: gives up at the deadline with unknown, or unavailable if nothing was sent':
      'a local folder is never silent',
    'send: a provider that refuses the message for good is rejected': 'the mailbox takes every message',
  },
});

function addressBook(contacts: readonly SampleContact[]): CrmSubject {
  const folder = temporaryFolder();
  const path = join(folder, 'address-book.json');
  const entries = contacts.map(({ email, fields, campaigns }) => ({
    email,
    fields: Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, plain(field)])),
    campaigns,
  }));
  writeFileSync(path, JSON.stringify(entries));
  const entryOf = (
    email: string,
  ): { fields: Record<string, string | null>; campaigns: Record<string, Sent> } =>
    JSON.parse(readFileSync(path, 'utf8')).find(
      (entry: { email: string }) => entry.email.toLowerCase() === email.toLowerCase(),
    );
  return {
    crm: createAddressBook({ folder }),
    read: async (email) => entryOf(email).fields,
    readMark: async (email, campaign, step) => {
      const mark = entryOf(email).campaigns[campaign]?.sent[step];
      return mark ? Temporal.Instant.from(mark) : null;
    },
  };
}

interface Sent {
  readonly sent: { readonly [step: string]: string };
}

function plain(field: FieldValue): string | null {
  return field.value === null ? null : `${field.value}`;
}

function mailbox(): MailerSubject {
  const folder = temporaryFolder();
  let now = minute(0);
  const mailer = createMailbox({ folder, clock: { now: () => now } });
  return {
    mailer,
    now: () => now,
    pass: async (length) => {
      now = now.add(length);
    },
    accepted: async () => (await mailer.list({ limit: 1000, cursor: null })).unwrap().items.toReversed(),
    make: () => writeFileSync(join(folder, 'mailbox'), 'a file where the folder should be'),
  };
}
