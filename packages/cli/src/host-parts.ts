// The parts of somebody's own server, from the module that the server takes them from itself.
import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { NodePrecallOptions } from '@precall/node';
import { wrongUse } from './command-fault.ts';

/** What the server gives to `createPrecall`. Its store may be left out: of the embedded one there is only one at a time. */
export type HostParts = Omit<NodePrecallOptions, 'store'> & Partial<Pick<NodePrecallOptions, 'store'>>;

export interface ConfigOptions {
  /** The module's file. */
  readonly config?: string | undefined;
}

export interface FoundParts {
  /** Its name alone. */
  readonly file: string;
  readonly parts: HostParts;
}

/** Where no other is named. */
export const configNames = ['ts', 'mts', 'js', 'mjs'].map((ending) => `precall.config.${ending}`);

/** `--config`, else the first of `configNames` in the working folder; null: there is none. */
export function configPath({ config }: ConfigOptions): string | null {
  return config ?? configNames.find((name) => existsSync(name)) ?? null;
}

/** Those of the module at `configPath`; null: there is none. */
export async function partsOfHost(options: ConfigOptions): Promise<FoundParts | null> {
  const path = configPath(options);
  if (path === null) return null;
  const file = basename(path);
  const { parts } = await moduleIn(path);
  if (!isParts(parts))
    throw wrongUse(
      `${file} exports no \`parts\` with a \`source\` and a \`mailer\`: export what your server gives to createPrecall, such as export const parts = { source, mailer, crm, policy }.`,
    );
  return { file, parts };
}

/** What a module exports. Ends the command with a sentence where it cannot be loaded. */
export async function moduleIn(path: string): Promise<{ readonly [name: string]: unknown }> {
  try {
    return await import(pathToFileURL(resolve(path)).href);
  } catch (cause) {
    throw wrongUse(`${path} cannot be loaded${whyNot(cause)}`);
  }
}

/** A whole sentence, such as Precall's own about a wrong option, has its cure. */
function whyNot(cause: unknown): string {
  const [why = ''] = cause instanceof Error ? cause.message.split('\n') : ['an unknown fault'];
  return why.endsWith('.') ? `: ${why}` : ` (${why}): ${cureFor(cause)}`;
}

function cureFor(cause: unknown): string {
  const isUnknownEnding =
    cause instanceof Error && 'code' in cause && cause.code === 'ERR_UNKNOWN_FILE_EXTENSION';
  return isUnknownEnding
    ? "this Node loads no TypeScript: use 22.18 or later, set NODE_OPTIONS='--import tsx', or give a .mjs file."
    : 'it is loaded as an ES module, with the variables of this process.';
}

function isParts(value: unknown): value is HostParts {
  if (typeof value !== 'object' || value === null) return false;
  return (
    'source' in value &&
    'mailer' in value &&
    hasFunction(value.source, 'verify') &&
    hasFunction(value.mailer, 'send')
  );
}

/** Whether a part has this function, which its port may leave out. */
export function hasFunction<N extends string>(
  part: unknown,
  name: N,
): part is { readonly [F in N]: () => Promise<unknown> } {
  return typeof part === 'object' && part !== null && typeof Reflect.get(part, name) === 'function';
}

/**
 * Closes the parts that can be. What else the module opened would keep the command from ending: it is given a second, and then
 * the command ends with the exit code that it has by then.
 */
export async function closeParts(parts: object): Promise<void> {
  for (const part of new Set<unknown>(Object.values(parts)))
    if (hasFunction(part, 'close')) await part.close();
  setTimeout(() => process.exit(), 1_000).unref();
}
