// The end of every command: its answer on standard output, or what went wrong on standard error, and the exit code.
import type { Answer } from './answer.ts';
import { CommandFault, exitCodes } from './command-fault.ts';

/** With `json` a fault is printed on standard output too, as `{ fault }`. */
export async function printAnswer(json: true | undefined, work: Promise<Answer>): Promise<void> {
  try {
    const answer = await work;
    process.stdout.write(json ? `${JSON.stringify(answer.json, null, 2)}\n` : `${answer.words}\n`);
    process.exitCode = answer.exitCode ?? exitCodes.well;
  } catch (cause) {
    const fault = faultOf(cause);
    process.stderr.write(`error: ${fault.message}\n`);
    if (json) printFault(fault.message);
    process.exitCode = fault.exitCode;
  }
}

/** As --json has it. */
export function printFault(fault: string): void {
  process.stdout.write(`${JSON.stringify({ fault }, null, 2)}\n`);
}

/** What the system says of a file names it: that is enough. Anything else is a bug, and is thrown on. */
function faultOf(cause: unknown): CommandFault {
  if (cause instanceof CommandFault) return cause;
  if (cause instanceof Error && 'syscall' in cause && 'code' in cause)
    return new CommandFault(`${cause.message}: give a file that can be read or written.`, 'fault');
  throw cause;
}
