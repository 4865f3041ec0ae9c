// What the local CRM really holds about a person: read from its file, not from Precall's memory of it.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AddressBookEntry } from '@precall/adapter-embedded';
import { Result } from '@precall/core';

/** Null: there is no such entry, or the file is not there or cannot be understood; the CRM itself says which. */
export async function readAddressBookEntry(folder: string, email: string): Promise<AddressBookEntry | null> {
  const text = await Result.wrapAsync(() => readFile(join(folder, 'address-book.json'), 'utf8'));
  const entries = text.andThen((json) => Result.wrap(() => JSON.parse(json) as readonly AddressBookEntry[]));
  return entries.map((all) => all.find((entry) => entry.email === email) ?? null).unwrapOr(null);
}
