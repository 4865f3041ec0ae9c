// What the local CRM really holds about a person: read from its file, not from Precall's memory of it.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AddressBookEntry } from '@precall/adapter-embedded';

/** Null: nothing yet. */
export async function readAddressBookEntry(folder: string, email: string): Promise<AddressBookEntry | null> {
  try {
    const text = await readFile(join(folder, 'address-book.json'), 'utf8');
    const entries = JSON.parse(text) as readonly AddressBookEntry[];
    return entries.find((entry) => entry.email === email) ?? null;
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null;
    throw cause;
  }
}
