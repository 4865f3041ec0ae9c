// npm run simulate -- --seed N | --seeds COUNT --from N | --crash-points all|STRIDE: a long run takes every core.
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { runSimulateCommand } from '../../src/simulation/command.ts';
import { overProcesses, worksForAnother } from './processes.ts';

// Every Err takes a stack along, which nobody looks at here and which costs a tenth of the time.
Error.stackTraceLimit = 0;
if (!worksForAnother()) {
  const spread = overProcesses(fileURLToPath(import.meta.url), availableParallelism());
  process.exitCode = await runSimulateCommand(process.argv.slice(2), {
    print: (line) => console.log(line),
    spread,
  });
}
