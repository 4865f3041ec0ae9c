// Saves without end in the folder given and prints what was answered Ok: `<record> <revision>`.
import { openEmbeddedStore } from '../src/index.ts';
import { sampleOf } from './sample-record.ts';

const [folder = ''] = process.argv.slice(2);
const store = openEmbeddedStore({ folder }).unwrap();
await Promise.all(Array.from({ length: 8 }, (_, writer) => saveWithoutEnd(writer)));

/** Two records each time, always at the same revision. */
async function saveWithoutEnd(writer: number): Promise<never> {
  const pair = [`${writer}-left`, `${writer}-right`];
  const found = (await store.find(pair.map((name) => sampleOf(name).id))).unwrap();
  for (let revision = (found[0]?.revision ?? 0) + 1; ; revision += 1) {
    const writes = pair.map((name) => ({
      put: sampleOf(name, { revision }),
      expected: revision - 1,
      history: [],
    }));
    const answers = (await store.save(writes)).unwrap();
    if (answers.join() !== 'saved,saved') throw new Error(`unexpected: ${answers.join()}`);
    const lines = pair.map((name) => `${name} ${revision}\n`).join('');
    await new Promise((resolve) => process.stdout.write(lines, resolve));
  }
}
