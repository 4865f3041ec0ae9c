// The local Crm: an address book in a JSON file that a person may read and edit.
import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Crm,
  Err,
  type Fields,
  type Found,
  Ok,
  type PortError,
  type PortResult,
  Result,
  textOf,
} from '@precall/core';
import { replaceFile } from './durable-file.ts';

/** As the file holds it; whatever else stands in an entry is kept. */
export interface AddressBookEntry {
  readonly email: string;
  readonly fields: { readonly [property: string]: unknown };
  readonly campaigns: {
    readonly [campaign: string]: { readonly sent: { readonly [rule: string]: unknown } };
  };
}

/** The local Crm, and what is in it. */
export interface AddressBook extends Crm {
  /** Everybody in it, in the order of the file. */
  entries(): PortResult<readonly AddressBookEntry[]>;
}

/** `isSpoiled`: the file is there and not understood, which a person can mend. */
type BookError = PortError & { readonly isSpoiled?: true };
type BookResult<T> = Promise<Result<T, BookError>>;

/** What a change makes of the entries, and what it answers; the same entries when nothing changes. */
interface Changed<T> {
  readonly entries: readonly AddressBookEntry[];
  readonly answer: Result<T, PortError>;
}

export const addressBookName = 'address-book.json';

/**
 * `folder/address-book.json`, an array of entries. A contact that is looked for and not known is added. A contact's ref is
 * its address in lower case: do not log it. Texts, choices, dates and addresses are written as they are, moments as
 * ISO text in UTC, and a cleared field is null. The file is read again when it changed; one that is not understood
 * is left as it is, and `unavailable` until somebody mends it.
 */
export function createAddressBook({ folder }: { readonly folder: string }): AddressBook {
  const path = join(folder, addressBookName);
  let read: { readonly version: string; readonly entries: readonly AddressBookEntry[] } | null = null;
  let turn: Promise<unknown> = Promise.resolve();

  return {
    findContact: (email) =>
      change((entries) => {
        const found = entries.filter((entry) => refOf(entry.email) === refOf(email));
        if (found.length > 0) return { entries, answer: Ok(foundAmong(found, refOf(email))) };
        const added = { email, fields: {}, campaigns: {} };
        return { entries: [...entries, added], answer: Ok({ kind: 'one', ref: refOf(email) }) };
      }),
    findMembership: (email, campaign) =>
      change((entries) => {
        const members = entries.filter(
          (entry) => refOf(entry.email) === refOf(email) && Object.hasOwn(entry.campaigns, campaign),
        );
        return { entries, answer: Ok(foundAmong(members, memberRef(email, campaign))) };
      }),
    update: (ref, fields) =>
      change((entries) => {
        const fieldsAfter = (entry: AddressBookEntry) => ({ ...entry.fields, ...plainValues(fields) });
        return changeOne(
          entries,
          (entry) => refOf(entry.email) === ref,
          (entry) => ({ ...entry, fields: fieldsAfter(entry) }),
        );
      }),
    read: (ref, properties) =>
      change((entries) => {
        const entry = entries.find((one) => refOf(one.email) === ref);
        if (!entry) return { entries, answer: noSuchEntry };
        const textIn = (name: string): string | null => {
          const value = Object.hasOwn(entry.fields, name) ? entry.fields[name] : null;
          if (typeof value === 'boolean') return `${value}`;
          return typeof value === 'string' ? value : null;
        };
        return {
          entries,
          answer: Ok(Object.fromEntries(properties.map((name) => [name, textIn(name)]))),
        };
      }),
    recordSent: (ref, step, at) =>
      change((entries) =>
        changeOne(
          entries,
          (entry) => Object.keys(entry.campaigns).some((name) => memberRef(entry.email, name) === ref),
          (entry) => withMark(entry, { ref, step, at: at.toString() }),
        ),
      ),
    entries: () => change((entries) => ({ entries, answer: Ok(entries) })),
    async describe() {
      const state = await change((entries) => ({ entries, answer: Ok.EMPTY }));
      if (state.isOk()) return Ok([]);
      if (!state.error.isSpoiled) return state;
      return Ok([
        { where: addressBookName, fault: state.error.reason, cure: 'mend the file, or move it away' },
      ]);
    },
  };

  /** One at a time, each on what the file holds by then. */
  function change<T>(make: (entries: readonly AddressBookEntry[]) => Changed<T>): BookResult<T> {
    const result = turn.then(() => changeNow(make));
    turn = result;
    return result;
  }

  async function changeNow<T>(make: (entries: readonly AddressBookEntry[]) => Changed<T>): BookResult<T> {
    try {
      for (;;) {
        const before = await readAgain();
        if (before.isErr()) return before;
        const { entries, answer } = make(before.value.entries);
        if (entries === before.value.entries) return answer;
        await mkdir(folder, { recursive: true, mode: 0o700 });
        // Somebody saved the file meanwhile: once more, on theirs.
        if ((await versionOf(path)) !== before.value.version) continue;
        await replaceFile(path, `${JSON.stringify(entries, null, 2)}\n`);
        read = null;
        return answer;
      }
    } catch (cause) {
      const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'no code';
      return Err({ kind: 'unavailable', reason: `${addressBookName} cannot be read or written (${code})` });
    }
  }

  async function readAgain(): BookResult<NonNullable<typeof read>> {
    const version = await versionOf(path);
    if (read?.version === version) return Ok(read);
    const entries = version === 'absent' ? Ok([]) : parseEntries(await readFile(path, 'utf8'));
    if (entries.isErr()) {
      const reason = `${addressBookName} ${entries.error}`;
      return Err({ kind: 'unavailable', reason, isSpoiled: true });
    }
    read = { version, entries: entries.value };
    return Ok(read);
  }
}

/** Changes with every save of the file. */
async function versionOf(path: string): Promise<string> {
  try {
    const { mtimeNs, size, ino } = await stat(path, { bigint: true });
    return `${mtimeNs} ${size} ${ino}`;
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return 'absent';
    throw cause;
  }
}

function parseEntries(text: string): Result<readonly AddressBookEntry[], string> {
  const json = Result.wrap((): unknown => JSON.parse(text.replace(/^\uFEFF/, '')));
  if (json.isErr()) return Err('is not valid JSON');
  if (!Array.isArray(json.value)) return Err('is not an array of entries');
  const entries: AddressBookEntry[] = [];
  for (const [index, value] of json.value.entries()) {
    const entry = parseEntry(value);
    if (!entry)
      return Err(
        `has a fault in entry ${index + 1}: it takes { email, fields, campaigns: { name: { sent: {} } } }`,
      );
    entries.push(entry);
  }
  return Ok(entries);
}

/** `fields`, `campaigns` and `sent` may be left out. */
function parseEntry(value: unknown): AddressBookEntry | null {
  if (!isObject(value) || typeof value.email !== 'string') return null;
  const { fields = {}, campaigns = {} } = value;
  if (!isObject(fields) || !isObject(campaigns)) return null;
  const members: [string, { sent: { [rule: string]: unknown } }][] = [];
  for (const [name, campaign] of Object.entries(campaigns)) {
    if (!isObject(campaign)) return null;
    const { sent = {} } = campaign;
    if (!isObject(sent)) return null;
    members.push([name, { ...campaign, sent }]);
  }
  return { ...value, email: value.email, fields, campaigns: Object.fromEntries(members) };
}

const noSuchEntry = Err({ kind: 'rejected', reason: 'the address book has no such entry' } as const);

function changeOne(
  entries: readonly AddressBookEntry[],
  isIt: (entry: AddressBookEntry) => boolean,
  make: (entry: AddressBookEntry) => AddressBookEntry,
): Changed<void> {
  const index = entries.findIndex(isIt);
  const entry = entries[index];
  if (!entry) return { entries, answer: noSuchEntry };
  const after = make(entry);
  const same = JSON.stringify(after) === JSON.stringify(entry);
  return { entries: same ? entries : entries.with(index, after), answer: Ok.EMPTY };
}

/** A mark that is there stays: it may be another's. */
function withMark(
  entry: AddressBookEntry,
  mark: { readonly ref: string; readonly step: string; readonly at: string },
): AddressBookEntry {
  const campaigns = Object.entries(entry.campaigns).map(([name, campaign]) => {
    const isMarked = (campaign.sent[mark.step] ?? null) !== null;
    if (memberRef(entry.email, name) !== mark.ref || isMarked) return [name, campaign];
    return [name, { ...campaign, sent: { ...campaign.sent, [mark.step]: mark.at } }];
  });
  return { ...entry, campaigns: Object.fromEntries(campaigns) };
}

function foundAmong(entries: readonly AddressBookEntry[], ref: string): Found<string> {
  if (entries.length === 0) return { kind: 'none' };
  return entries.length === 1 ? { kind: 'one', ref } : { kind: 'many' };
}

function plainValues(fields: Fields): { readonly [property: string]: string | null } {
  return Object.fromEntries(Object.entries(fields).map(([property, field]) => [property, textOf(field)]));
}

function memberRef(email: string, campaign: string): string {
  return JSON.stringify([refOf(email), campaign]);
}

function refOf(email: string): string {
  return email.trim().normalize('NFC').toLowerCase();
}

function isObject(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
