import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openEmbeddedStore } from '../src/index.ts';
import { fileName } from '../src/open-database.ts';
import { outputOf } from './other-process.ts';
import { put, sampleOf } from './sample-record.ts';
import { temporaryFolder } from './temporary-folder.ts';

function open() {
  const folder = temporaryFolder();
  const store = openEmbeddedStore({ folder }).unwrap();
  onTestFinished(() => store.close());
  return { folder, store };
}

const bodied = (name: string) => sampleOf(name, { body: JSON.stringify('x'.repeat(4000)) });
const named = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => bodied(`${prefix}-${index}`));

describe('backup', () => {
  it('makes a copy that opens and holds everything saved before, while saving goes on and nobody else gets in', async () => {
    const { folder, store } = open();
    const before = named('before', 1500);
    (await store.save(before.map(put))).unwrap();
    const target = join(folder, 'backup.db');

    const [made, intruder, meanwhile] = await Promise.all([
      store.backup(target),
      outputOf('opening', [folder]),
      store.save(named('meanwhile', 1500).map(put)),
    ]);
    expect(made.isOk()).toBe(true);
    expect(JSON.parse(intruder).answer).toBe('in_use');
    expect(meanwhile.unwrap()).toHaveLength(1500);
    expect(JSON.parse(await outputOf('opening', [folder])).answer).toBe('in_use');

    const elsewhere = temporaryFolder();
    renameSync(target, join(elsewhere, fileName));
    const copy = openEmbeddedStore({ folder: elsewhere }).unwrap();
    expect((await copy.find(before.map(({ id }) => id))).unwrap()).toHaveLength(1500);
    await copy.close();
    expect((await store.find(named('meanwhile', 1500).map(({ id }) => id))).unwrap()).toHaveLength(1500);
  });

  it.skipIf(process.platform === 'win32')(
    'keeps the file still and locked while it is copied, however long that takes',
    async () => {
      const { folder, store } = open();
      const target = join(folder, 'backup.db');
      // The copy stops at a pipe that nobody reads.
      execFileSync('mkfifo', [`${target}.partial`]);
      const backup = store.backup(target);
      const before = statSync(join(folder, fileName), { bigint: true }).mtimeNs;
      (await store.save(named('meanwhile', 3500).map(put))).unwrap();
      expect(JSON.parse(await outputOf('opening', [folder])).answer).toBe('in_use');
      expect(statSync(join(folder, fileName), { bigint: true }).mtimeNs).toBe(before);
      await store.close();
      expect((await backup).isErr()).toBe(true);
      expect(existsSync(`${target}.partial`)).toBe(false);
    },
  );

  it('replaces an older backup only by a complete one', async () => {
    const { folder, store } = open();
    (await store.save([put(sampleOf('kept'))])).unwrap();
    const target = join(folder, 'backup.db');
    writeFileSync(target, 'older');
    mkdirSync(`${target}.partial`);
    expect((await store.backup(target)).unwrapErr().kind).toBe('unavailable');
    expect(readFileSync(target, 'utf8')).toBe('older');
  });

  it('says what was wrong when the copy cannot be written, and works the next time', async () => {
    const { folder, store } = open();
    expect((await store.backup(join(folder, 'no', 'such', 'folder.db'))).unwrapErr()).toEqual({
      kind: 'unavailable',
      reason: 'the store could not be backed up (ENOENT)',
    });
    expect((await store.backup(join(folder, 'backup.db'))).isOk()).toBe(true);
  });

  it('never replaces the store itself', async () => {
    const { folder, store } = open();
    for (const name of [fileName, `${fileName}-wal`])
      expect((await store.backup(join(folder, '.', name))).unwrapErr().kind).toBe('rejected');
  });

  it('is made one at a time', async () => {
    const { folder, store } = open();
    const [first, second] = await Promise.all(
      ['a.db', 'b.db'].map((name) => store.backup(join(folder, name))),
    );
    expect(first?.isOk()).toBe(true);
    expect(second?.unwrapErr().kind).toBe('unavailable');
  });

  it('is given up when the store closes, and leaves nothing half done', async () => {
    const { folder, store } = open();
    const backup = store.backup(join(folder, 'backup.db'));
    await store.close();
    expect((await backup).unwrapErr()).toEqual({
      kind: 'unavailable',
      reason: 'the store could not be backed up (the store was closed)',
    });
    expect(existsSync(join(folder, 'backup.db'))).toBe(false);
    expect(existsSync(join(folder, 'backup.db.partial'))).toBe(false);
  });
});
