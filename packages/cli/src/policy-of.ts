// The policy that a command decides by: the host's own, as far as the command can know it.
import { defaultPolicy, forSegment, inTestMode, type Policy } from '@precall/core';
import { createSystemClock, readingOf, type Variables } from '@precall/node';
import { wrongUse } from './command-fault.ts';
import { createDrawingBoard } from './drawing-board.ts';
import { moduleIn } from './host-parts.ts';

export interface PolicyOptions {
  readonly policy?: string | undefined;
  /** As it is for people of that segment. */
  readonly segment?: string | undefined;
}

/** That of `--policy`, else the default one; in minutes where TESTING_MODE is set. */
export async function policyOf(
  { policy: file, segment }: PolicyOptions,
  variables: Variables,
): Promise<Policy> {
  const given = file === undefined ? defaultPolicy : await policyIn(file);
  const policy = segment === undefined ? given : forSegment(given, segment);
  const { value } = readingOf(variables, () => undefined);
  return value('TESTING_MODE') === 'true' ? inTestMode(policy) : policy;
}

async function policyIn(file: string): Promise<Policy> {
  const { policy, parts } = await moduleIn(file);
  const found = policy ?? (isObject(parts) ? parts.policy : undefined);
  if (!isPolicy(found))
    throw wrongUse(
      `${file} exports no policy: --policy takes a module that exports \`policy\`, such as export const policy = { ...defaultPolicy, rules }, or \`parts\` with one.`,
    );
  checkRules(found, file);
  return found;
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
