import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { type EmbeddedStore, openEmbeddedStore } from '../src/index.ts';
import { startProcess } from './other-process.ts';
import { sampleOf } from './sample-record.ts';
import { temporaryFolder } from './temporary-folder.ts';

const writers = Array.from({ length: 8 }, (_, writer) => writer);

/** Lets a process save until it has printed `lines` answers, kills it, and tells the last revision of each record it printed. */
async function killedAfter(folder: string, lines: number): Promise<ReadonlyMap<string, number>> {
  const child = await startProcess('saving', [folder]);
  const exited = once(child, 'exit');
  let output = '';
  for await (const chunk of child.stdout) {
    output += chunk;
    if (!child.killed && output.split('\n').length > lines) child.kill('SIGKILL');
  }
  expect(await exited).toEqual([null, 'SIGKILL']);
  const whole = output.slice(0, output.lastIndexOf('\n')).split('\n');
  return new Map(whole.map((line) => [line.split(' ')[0] ?? '', Number(line.split(' ')[1])]));
}

async function revisionOf(store: EmbeddedStore, name: string): Promise<number> {
  return (await store.find([sampleOf(name).id])).unwrap()[0]?.revision ?? 0;
}

async function expectNothingLost(folder: string, answered: ReadonlyMap<string, number>): Promise<void> {
  const store = openEmbeddedStore({ folder }).unwrap();
  for (const [name, revision] of answered)
    expect(await revisionOf(store, name), name).toBeGreaterThanOrEqual(revision);
  for (const writer of writers)
    expect(await revisionOf(store, `${writer}-left`)).toBe(await revisionOf(store, `${writer}-right`));
  await store.close();
}

describe('a process killed with SIGKILL', () => {
  it('loses nothing that was answered Ok, keeps saves whole, and leaves the store free: ten times in each of two folders', async () => {
    const rounds = async (folder: string, step: number) => {
      for (let round = 0; round < 10; round += 1)
        await expectNothingLost(folder, await killedAfter(folder, 1 + round * step));
    };
    await Promise.all([rounds(temporaryFolder(), 7), rounds(temporaryFolder(), 29)]);
  }, 90_000);
});
