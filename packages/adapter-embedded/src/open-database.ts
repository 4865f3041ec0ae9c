// Opens the store's file: takes its lock, sets it up, brings its tables up to date, or says in a sentence why not.
import { chmodSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Err, Ok, type Result } from '@precall/core';
import Libsql from 'libsql';
import { applicationId, migrations } from './schema.ts';

export type Database = Libsql.Database;

/**
 * `in_use`: another process (or this one) has the store open. `unreadable`: the file is damaged or not ours.
 * `newer_version`: a later Precall wrote it. `not_writable`: the folder or the file cannot be written.
 * `sentence` names the file and says what to do. Unwrapped, it is the message of what is thrown.
 */
export interface StoreFault {
  readonly kind: 'in_use' | 'unreadable' | 'newer_version' | 'not_writable';
  readonly sentence: string;
}

export const fileName = 'precall.db';

/** Files up to this size are looked through at every start, in half a second at most; larger ones would take seconds. */
const lookedThroughBytes = 64 * 1024 * 1024;

/**
 * The open file, locked for this process until `releaseDatabase`. While it is open nothing else in this process may
 * open or copy it: closing any descriptor of the file gives up the POSIX lock for the whole process.
 */
export function openDatabase(folder: string, steps = migrations): Result<Database, StoreFault> {
  if (typeof folder !== 'string' || folder === '') return notWritable('`folder` is missing');
  const file = join(folder, fileName);
  try {
    makeFolder(folder);
  } catch {
    return notWritable(`the folder ${folder} cannot be made`);
  }
  let size: number | undefined;
  try {
    size = statSync(file, { throwIfNoEntry: false })?.size;
  } catch {
    return notWritable(`the folder ${folder} may not be entered`);
  }
  if (size === 0) return unreadable(file, 'is empty');
  if (size === undefined && existsSync(`${file}-wal`))
    return unreadable(file, 'is missing although its write-ahead log is there');
  let database: Database | null = null;
  try {
    database = new Libsql(file);
    // The page size counts only before the first table. Exclusive before WAL: then a second process is refused at once. WAL
    // after the search for damage: it writes into the header, and a damaged file stays as it is.
    database.exec('pragma page_size = 16384; pragma locking_mode = exclusive; begin exclusive;');
    // It holds names and addresses, whoever may look into the folder; its log is made with the rights of the file.
    if (size === undefined) chmodSync(file, 0o600);
    const damage = findDamage(database, file);
    database.exec(`rollback; ${damage ? '' : 'pragma journal_mode = wal;'}
      pragma synchronous = full; pragma journal_size_limit = 67108864;`);
    const fault = damage ?? bringUpToDate(database, file, steps);
    if (!fault) return Ok(database);
    releaseDatabase(database);
    return fault;
  } catch (cause) {
    return database ? giveUp(database, folder, cause) : toStoreFault(cause, file);
  }
}

/** One by one: the `recursive` of Node 20 never ends below a folder that takes no others, such as /proc. */
function makeFolder(folder: string): void {
  if (isFolder(folder)) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (cause) {
    // Another process may have made it just now.
    if (!isFolder(folder)) throw cause;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/**
 * Gives the file back. `close` alone would not: libsql finalizes statements only when they are collected as garbage,
 * and until then the connection lives on with its lock. Leaving WAL and exclusive mode unlocks at once.
 */
export function releaseDatabase(database: Database): void {
  try {
    database.exec(
      'pragma journal_mode = delete; pragma locking_mode = normal; select count(*) from sqlite_master;',
    );
  } finally {
    database.close();
  }
}

/** After an error: what it says about the file, and as much of a release as the state of the file allows. */
export function giveUp(database: Database, folder: string, cause: unknown): Err<StoreFault> {
  try {
    if (database.inTransaction) database.exec('rollback');
    releaseDatabase(database);
  } catch {
    // `cause` says what is wrong.
  }
  return toStoreFault(cause, join(folder, fileName));
}

function bringUpToDate(database: Database, file: string, steps: readonly string[]): Err<StoreFault> | null {
  const version = readNumber(database, 'select user_version from pragma_user_version');
  const owner = readNumber(database, 'select application_id from pragma_application_id');
  const tables = readNumber(database, 'select count(*) from sqlite_master');
  if (tables > 0 && owner !== applicationId)
    return unreadable(file, 'is a database, but not a store of Precall');
  if (version > steps.length)
    return refused(
      'newer_version',
      `${file} was written by a newer version of Precall (its tables are at ${version}, this version knows ${steps.length}): run that version or a later one.`,
    );
  if (version === steps.length) return null;
  database.exec('begin immediate');
  for (const step of steps.slice(version)) database.exec(step);
  database.exec(`pragma application_id = ${applicationId}; pragma user_version = ${steps.length}; commit;`);
  return null;
}

/** A changed bit may make a record unfindable, which no reading would notice. */
function findDamage(database: Database, file: string): Err<StoreFault> | null {
  const bytes = readNumber(
    database,
    'select page_count * page_size from pragma_page_count, pragma_page_size',
  );
  if (bytes > lookedThroughBytes) return null;
  const found = database.prepare('pragma integrity_check(1)').raw(true).get();
  return Array.isArray(found) && found[0] === 'ok' ? null : unreadable(file, 'is damaged');
}

function readNumber(database: Database, sql: string): number {
  const row = database.prepare(sql).raw(true).get();
  return Array.isArray(row) ? Number(row[0]) : 0;
}

function toStoreFault(cause: unknown, file: string): Err<StoreFault> {
  const code = codeOf(cause);
  if (/^SQLITE_(BUSY|LOCKED)/.test(code))
    return refused(
      'in_use',
      `${file} is in use by another host: stop that host, or give this one a folder of its own.`,
    );
  if (/^SQLITE_(READONLY|CANTOPEN|PERM|AUTH|FULL|IOERR)/.test(code))
    return notWritable(`${file} cannot be written (${code})`);
  if (code.startsWith('SQLITE_')) return unreadable(file, `cannot be read as a store (${code})`);
  return notWritable(`${file} cannot be opened`);
}

/** Such as SQLITE_FULL; libsql's own texts may hold paths, so they go no further. */
export function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'no code';
}

function unreadable(file: string, what: string): Err<StoreFault> {
  return refused(
    'unreadable',
    `${file} ${what}: put a backup in its place, or move it away to start with an empty store.`,
  );
}

function notWritable(what: string): Err<StoreFault> {
  return refused(
    'not_writable',
    `${what}: give a folder on a disk with room that this process may write to.`,
  );
}

/** `unwrap` throws an Error that says of its value what this says as text. */
class Refusal implements StoreFault {
  readonly kind: StoreFault['kind'];
  readonly sentence: string;

  constructor(kind: StoreFault['kind'], sentence: string) {
    this.kind = kind;
    this.sentence = sentence;
  }

  toString(): string {
    return this.sentence;
  }
}

function refused(kind: StoreFault['kind'], sentence: string): Err<StoreFault> {
  return Err(new Refusal(kind, sentence));
}
