// For what can only be a bug of ours or of an adapter, never for input.

/** Throws when `condition` does not hold. `sentence` says what should have been true. */
export function invariant(condition: unknown, sentence: string): asserts condition {
  if (!condition) throw new Error(`Invariant broken: ${sentence}`);
}
