// A vendor's adapter, loaded when its part is configured. Whoever does not use it need not have it installed.
import { wrongUse } from './command-fault.ts';

/** What `load` imports of the package `name`. Ends the command with the cure where that package is not installed. */
export async function vendorPart<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    if (!isMissing(cause, name)) throw cause;
    throw wrongUse(
      `${name} is not installed: run npm install ${name} where the precall command is installed.`,
    );
  }
}

function isMissing(cause: unknown, name: string): boolean {
  return (
    cause instanceof Error &&
    'code' in cause &&
    cause.code === 'ERR_MODULE_NOT_FOUND' &&
    cause.message.includes(`'${name}'`)
  );
}
