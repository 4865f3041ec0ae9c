import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openEmbeddedStore } from '../src/index.ts';
import { fileName, openDatabase, releaseDatabase, type StoreFault } from '../src/open-database.ts';
import { migrations } from '../src/schema.ts';
import { outputOf } from './other-process.ts';
import { put, sampleOf } from './sample-record.ts';
import { temporaryFolder } from './temporary-folder.ts';

function faultOf(folder: string, steps = migrations): StoreFault {
  return openDatabase(folder, steps).unwrapErr();
}

/** A folder with the closed file of a store that holds one record. */
async function folderWithStore(): Promise<{ readonly folder: string; readonly file: string }> {
  const folder = temporaryFolder();
  const store = openEmbeddedStore({ folder }).unwrap();
  (await store.save([put(sampleOf('kept'))])).unwrap();
  await store.close();
  return { folder, file: join(folder, fileName) };
}

it('keeps a new file and its log to its owner, whoever may look into the folder', () => {
  const folder = temporaryFolder();
  chmodSync(folder, 0o755);
  const database = opened(folder);
  const files = readdirSync(folder).filter((name) => name.startsWith(fileName));
  expect(files.length).toBeGreaterThan(1);
  expect(files.map((name) => statSync(join(folder, name)).mode & 0o777)).toEqual(files.map(() => 0o600));
  releaseDatabase(database);
});

function one(database: ReturnType<typeof opened>, sql: string): unknown {
  const row = database.prepare(sql).raw(true).get();
  return Array.isArray(row) ? row[0] : undefined;
}

function opened(folder: string, steps = migrations) {
  return openDatabase(folder, steps).unwrap();
}

describe('openDatabase', () => {
  it('makes the folder, and a file of 16 kB pages that is written through before an answer', () => {
    const database = opened(join(temporaryFolder(), 'a', 'b'));
    expect(one(database, 'select page_size from pragma_page_size')).toBe(16384);
    expect(one(database, 'pragma journal_mode')).toBe('wal');
    expect(one(database, 'pragma locking_mode')).toBe('exclusive');
    expect(one(database, 'pragma synchronous')).toBe(2);
    releaseDatabase(database);
  });

  it('refuses a second process within a second, and lets it in once the first has closed', async () => {
    const folder = temporaryFolder();
    const store = openEmbeddedStore({ folder }).unwrap();
    const refused = JSON.parse(await outputOf('opening', [folder]));
    expect(refused.answer).toBe('in_use');
    expect(refused.tookMs).toBeLessThan(1000);
    await store.close();
    expect(JSON.parse(await outputOf('opening', [folder])).answer).toBe('opened');
  });

  it('refuses a second opening in this process, without giving up the lock', async () => {
    const folder = temporaryFolder();
    const store = openEmbeddedStore({ folder }).unwrap();
    expect(faultOf(folder)).toEqual({
      kind: 'in_use',
      sentence: `${join(folder, fileName)} is in use by another host: stop that host, or give this one a folder of its own.`,
    });
    expect(JSON.parse(await outputOf('opening', [folder])).answer).toBe('in_use');
    await store.close();
  });

  it('is an Error with that sentence where somebody unwraps it', async () => {
    const folder = temporaryFolder();
    const store = openEmbeddedStore({ folder }).unwrap();
    const again = openEmbeddedStore({ folder });
    const sentence = `${join(folder, fileName)} is in use by another host: stop that host`;
    expect(() => again.unwrap()).toThrow(`Tried to unwrap Error: ${sentence}`);
    await store.close();
  });

  it('runs the steps that are missing, each once, on a file from an older version', () => {
    const folder = temporaryFolder();
    const older = opened(folder, ['create table a (x)', 'insert into a values (1)']);
    releaseDatabase(older);
    const newer = opened(folder, [
      'create table a (x)',
      'insert into a values (1)',
      'alter table a add column y',
      'update a set y = 2',
    ]);
    expect(newer.prepare('select x, y from a').raw(true).all()).toEqual([[1, 2]]);
    expect(one(newer, 'pragma user_version')).toBe(4);
    releaseDatabase(newer);
  });

  it('runs all missing steps or none', () => {
    const folder = temporaryFolder();
    releaseDatabase(opened(folder, ['create table a (x)']));
    const faulty = ['create table a (x)', 'insert into a values (1)', 'insert into nowhere values (1)'];
    expect(faultOf(folder, faulty).kind).toBe('unreadable');
    const before = opened(folder, ['create table a (x)']);
    expect(one(before, 'select count(*) from a')).toBe(0);
    releaseDatabase(before);
  });

  it('refuses a file from a newer version with a sentence, and leaves it usable for that version', () => {
    const folder = temporaryFolder();
    const newer = [...migrations, 'create table later (x)'];
    releaseDatabase(opened(folder, newer));
    expect(faultOf(folder)).toEqual({
      kind: 'newer_version',
      sentence: `${join(folder, fileName)} was written by a newer version of Precall (its tables are at 2, this version knows 1): run that version or a later one.`,
    });
    releaseDatabase(opened(folder, newer));
  });

  it.each([
    ['a header overwritten', (file: string) => writeFileSync(file, readFileSync(file).fill(0xff, 0, 100))],
    ['a file cut to its header', (file: string) => truncateSync(file, 50)],
    ['a file cut to its first page', (file: string) => truncateSync(file, 16384)],
    ['another kind of file', (file: string) => writeFileSync(file, 'Dear diary,\n'.repeat(9000))],
  ])('refuses %s and does not start afresh over it', async (_, damage) => {
    const { folder, file } = await folderWithStore();
    damage(file);
    const before = readFileSync(file);
    expect(faultOf(folder).kind).toBe('unreadable');
    expect(faultOf(folder).sentence).toContain(file);
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it('refuses a file with a bit of an id flipped, in its table or in its index, and changes nothing in it', async () => {
    const { folder, file } = await folderWithStore();
    const whole = readFileSync(file);
    const { id } = sampleOf('kept');
    const inIds: number[] = [];
    for (let at = whole.indexOf(id); at >= 0; at = whole.indexOf(id, at + 1)) inIds.push(at);
    expect(inIds.length).toBeGreaterThanOrEqual(2);
    for (const at of inIds) {
      const damaged = Buffer.from(whole);
      damaged.writeUInt8(damaged.readUInt8(at) ^ 1, at);
      writeFileSync(file, damaged);
      expect(faultOf(folder)).toMatchObject({
        kind: 'unreadable',
        sentence: expect.stringContaining('backup'),
      });
      // The header counts openings.
      expect(readFileSync(file).subarray(100).equals(damaged.subarray(100))).toBe(true);
    }
  });

  it('refuses an emptied file, and a lost one whose write-ahead log is still there', async () => {
    const { folder, file } = await folderWithStore();
    truncateSync(file, 0);
    expect(faultOf(folder).kind).toBe('unreadable');
    expect(statSync(file).size).toBe(0);
    rmSync(file);
    writeFileSync(`${file}-wal`, 'log');
    expect(faultOf(folder).kind).toBe('unreadable');
  });

  it('refuses a database that is not a store', () => {
    const folder = temporaryFolder();
    const other = opened(folder, ['create table a (x)']);
    other.exec('pragma application_id = 7');
    releaseDatabase(other);
    expect(faultOf(folder).kind).toBe('unreadable');
  });

  it('refuses a store that lacks a table', () => {
    const folder = temporaryFolder();
    const store = opened(folder);
    store.exec('drop table history');
    releaseDatabase(store);
    expect(openEmbeddedStore({ folder }).unwrapErr().kind).toBe('unreadable');
  });

  it('says that a folder cannot be written', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), '');
    expect(faultOf(join(folder, 'file')).kind).toBe('not_writable');
    mkdirSync(join(folder, 'sub', fileName), { recursive: true });
    expect(faultOf(join(folder, 'sub')).kind).toBe('not_writable');
  });

  it.skipIf(!process.setegid || process.getuid?.() !== 0)(
    'says that a folder of somebody else may not be entered',
    () => {
      const folder = temporaryFolder();
      mkdirSync(join(folder, 'theirs'), { mode: 0o700 });
      chmodSync(folder, 0o711);
      process.seteuid?.(65_534);
      try {
        expect(faultOf(join(folder, 'theirs')).kind).toBe('not_writable');
      } finally {
        process.seteuid?.(0);
      }
    },
  );

  it.each(['', undefined as never])('says that no folder was given: %o', (folder) => {
    expect(faultOf(folder)).toMatchObject({
      kind: 'not_writable',
      sentence: '`folder` is missing: give a folder on a disk with room that this process may write to.',
    });
  });

  // Elsewhere than on Linux there is no folder that root may not write to.
  it.skipIf(!existsSync('/proc/self'))(
    'says so at once also of one in which nobody can make folders',
    async () => {
      const { answer } = JSON.parse(await outputOf('opening', ['/proc/precall/store']));
      expect(answer).toBe('not_writable');
    },
  );

  it('opens a copy of a closed store', async () => {
    const { file } = await folderWithStore();
    const folder = temporaryFolder();
    copyFileSync(file, join(folder, fileName));
    const store = openEmbeddedStore({ folder }).unwrap();
    expect((await store.find([sampleOf('kept').id])).unwrap()).toEqual([sampleOf('kept')]);
    await store.close();
  });
});
