// The rules that a command decides by: the host's own, as far as the command can know them.
import { basename } from 'node:path';
import { defaultPolicy, forSegment, inTestMode, type Policy } from '@precall/core';
import { createSystemClock, readingOf, type Variables } from '@precall/node';
import { wrongUse } from './command-fault.ts';
import { createDrawingBoard } from './drawing-board.ts';
import { type ConfigOptions, closeParts, configPath, moduleIn } from './host-parts.ts';

export interface PolicyOptions extends ConfigOptions {
  readonly policy?: string | undefined;
  /** As it is for people of that segment. */
  readonly segment?: string | undefined;
}

export interface Rules {
  readonly policy: Policy;
  /** The name of the file that they are of; null: they are the default ones. */
  readonly file: string | null;
  /** For the words of an answer: whose rules these are. */
  readonly line: string;
}

/**
 * By those of `--policy`, else of the host's module, else the default ones; in minutes where TESTING_MODE is set. What the
 * module opened is closed afterwards.
 */
export async function withRules<T>(
  { policy: file, config, segment }: PolicyOptions,
  variables: Variables,
  use: (rules: Rules) => Promise<T>,
): Promise<T> {
  const path = file ?? configPath({ config });
  if (path === null) return await use(adapted(defaultRules));
  const found = await moduleIn(path);
  try {
    return await use(adapted(rulesIn(found, { path, isAsked: file !== undefined })));
  } finally {
    await closeParts(isObject(found.parts) ? found.parts : {});
  }

  function adapted(rules: Rules): Rules {
    const policy = segment === undefined ? rules.policy : forSegment(rules.policy, segment);
    const { value } = readingOf(variables, () => undefined);
    return { ...rules, policy: value('TESTING_MODE') === 'true' ? inTestMode(policy) : policy };
  }
}

const defaultRules: Rules = {
  policy: defaultPolicy,
  file: null,
  line: 'by the default rules; --policy FILE for your own',
};

/** A host whose parts have no policy goes by the default one; a file that was named for its policy must have one. */
function rulesIn(
  { policy, parts }: { readonly [name: string]: unknown },
  { path, isAsked }: { readonly path: string; readonly isAsked: boolean },
): Rules {
  const file = basename(path);
  const found = policy ?? (isObject(parts) ? parts.policy : undefined);
  if (found === undefined && !isAsked)
    return { ...defaultRules, line: `by the default rules: ${file} has no policy` };
  if (!isPolicy(found))
    throw wrongUse(
      `${path} exports no policy, or not all of one: export const policy = { ...defaultPolicy, rules }, or \`parts\` with such a one.`,
    );
  checkRules(found, path);
  return { policy: found, file, line: `by the rules of ${file}` };
}

/** Those of a function are seen only once it is asked about a call. */
function checkRules(policy: Policy, file: string): void {
  try {
    createDrawingBoard({ policy, now: createSystemClock().now(), consentField: null });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'an unknown fault.';
    throw wrongUse(`Nothing can be planned by the policy of ${file}: ${why}`);
  }
}

function isPolicy(value: unknown): value is Policy {
  return isObject(value) && Object.keys(defaultPolicy).every((name) => name in value);
}

function isObject(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null;
}
