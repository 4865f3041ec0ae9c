// `npm run bench`: runs the benchmarks and prints the table. `--only a,b` runs some; `--json file` keeps the results, those
// of other benchmarks in the file included.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { benchmarks } from './benchmarks.ts';
import { machine } from './harness.ts';
import { type Results, table } from './table.ts';

const { values } = parseArgs({ options: { only: { type: 'string' }, json: { type: 'string' } } });
const wanted = values.only?.split(',') ?? benchmarks.map(({ name }) => name);
for (const name of wanted) {
  if (!benchmarks.some((one) => one.name === name)) {
    console.error(`No benchmark is named ${name}. There are: ${benchmarks.map((one) => one.name).join(', ')}.`);
    process.exit(64);
  }
}

let results: Results = values.json && existsSync(values.json) ? kept(values.json) : {};
for (const { name, skipped, run } of benchmarks.filter((one) => wanted.includes(one.name))) {
  const why = skipped?.() ?? null;
  if (why !== null) console.log(`${name}: skipped: ${why}\n`);
  const measured = why === null ? { ran: machine(), rows: await run() } : null;
  if (measured) console.log(`${table({ [name]: measured })}\n`);
  if (measured) results = { ...results, [name]: measured };
  if (values.json) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`);
}

function kept(file: string): Results {
  return JSON.parse(readFileSync(file, 'utf8'));
}
