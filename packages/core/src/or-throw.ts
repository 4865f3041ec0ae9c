// For a server's first lines, which cannot go on without their parts.
import type { Result } from './result.ts';

/** What went wrong, in a sentence: that of a store which cannot be opened, or of a port. */
type Told = { readonly sentence: string } | { readonly reason: string };

/**
 * What an Ok holds. Of an Err it throws an Error whose message is its sentence, and nothing beside: the option or the part that
 * is wrong, and the cure. The fault itself is the Error's `cause`.
 */
export function orThrow<T>(result: Result<T, Told>): T {
  if (result.isOk()) return result.value;
  const { error } = result;
  throw new Error('sentence' in error ? error.sentence : error.reason, { cause: error });
}
