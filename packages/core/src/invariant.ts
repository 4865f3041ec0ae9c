// What cannot be gone on from. Never for input.

/** For what can only be a bug of ours or of an adapter. Throws when `condition` does not hold. `sentence` says what should have been true. */
export function invariant(condition: unknown, sentence: string): asserts condition {
  if (!condition) throw new Error(`Invariant broken: ${sentence}`);
}

/** For what somebody configured. Throws `sentence`, which names the option and says what to give, when `condition` does not hold. */
export function demand(condition: unknown, sentence: string): asserts condition {
  if (!condition) throw new Error(sentence);
}
