// Runs the benchmarks, or those named: `--only embedded-intake,plans`; `--json file` adds what they found to the file.
import { parseArgs } from 'node:util';
import { checkpoint } from './checkpoint.ts';
import { dispatchLimit } from './dispatch-limit.ts';
import { embeddedDispatch } from './embedded-dispatch.ts';
import { embeddedIntake } from './embedded-intake.ts';
import { growth } from './growth.ts';
import { httpCpu } from './http-cpu.ts';
import { installSize } from './install-size.ts';
import { intakeLimit } from './intake-limit.ts';
import { intakeShares } from './intake-shares.ts';
import { jobQueues } from './job-queues.ts';
import { lateness } from './lateness.ts';
import type { Row } from './measure.ts';
import { memory } from './memory.ts';
import { mongoDispatch } from './mongo-dispatch.ts';
import { mongoIntake } from './mongo-intake.ts';
import { notionRequests } from './notion-requests.ts';
import { plans } from './plans.ts';
import { keepRows, machineNow } from './results.ts';
import { rowInWords } from './row-in-words.ts';
import { start } from './start.ts';
import { workers } from './workers.ts';

/** A benchmark gives its rows, or says in a sentence why it cannot run here. */
const benchmarks: { readonly [name: string]: (name: string) => Promise<readonly Row[] | string> } = {
  'embedded-intake': embeddedIntake,
  'embedded-dispatch': embeddedDispatch,
  'dispatch-limit': dispatchLimit,
  checkpoint,
  plans,
  'intake-shares': intakeShares,
  'intake-limit': intakeLimit,
  'http-cpu': httpCpu,
  'mongo-intake': mongoIntake,
  'mongo-dispatch': mongoDispatch,
  'job-queues': jobQueues,
  growth,
  start,
  memory,
  'install-size': installSize,
  lateness,
  workers,
  'notion-requests': notionRequests,
};

const { values } = parseArgs({
  options: { only: { type: 'string' }, json: { type: 'string' }, list: { type: 'boolean' } },
});
const wanted = values.only?.split(',') ?? Object.keys(benchmarks);
const unknown = wanted.filter((name) => !(name in benchmarks));
if (values.list || unknown.length > 0) {
  if (unknown.length > 0) process.exitCode = 64;
  console.log(`There are: ${Object.keys(benchmarks).join(', ')}.`);
} else {
  console.log(machineNow());
  for (const name of wanted) {
    const found = (await benchmarks[name]?.(name)) ?? [];
    if (typeof found === 'string') console.log(`${name}: skipped: ${found}`);
    else for (const row of found) console.log(rowInWords(row));
    if (values.json) keepRows(values.json, name, found);
  }
}
// Plain Agenda keeps a timer after its `stop`, and with it the process.
process.exit();
