// npm run simulate -- --seed N | --seeds COUNT --from N
import { runSimulateCommand } from '../../src/simulation/command.ts';

const begunAt = process.hrtime.bigint();
process.exitCode = await runSimulateCommand(process.argv.slice(2), { print: (line) => console.log(line) });
console.log(`${(Number(process.hrtime.bigint() - begunAt) / 1e9).toFixed(1)} s`);
