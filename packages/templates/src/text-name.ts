// What a text is for, from its name: `72h`, `72h.fr`, `default`, `default.pt-BR`; as a file with its ending.
import type { RuleName } from '@precall/core';

export interface Purpose {
  /** Null: for every rule that has no text of its own. */
  readonly rule: RuleName | null;
  /** In lower case; null: for everybody who has none in their own language. */
  readonly language: string | null;
}

/** Null: for no rule of these. `rules` null: they are not known beforehand, and any name may be one. */
export function purposeOf(name: string, rules: readonly RuleName[] | null): Purpose | null {
  const named = name.trim().replace(/\.(?:md|html)$/i, '');
  // A rule's name may hold dots.
  const whole = ruleCalled(named, rules ?? []);
  if (whole !== undefined) return { rule: whole, language: null };
  const [, first = named, tag = null] = /^(.+)\.([a-z]{2,3}(?:-[a-z0-9]{2,8})?)$/i.exec(named) ?? [];
  const rule = ruleCalled(first, rules ?? [first]);
  return rule === undefined ? null : { rule, language: tag?.toLowerCase() ?? null };
}

/** However it is written: `72H` is `72h`. */
function ruleCalled(name: string, rules: readonly RuleName[]): RuleName | null | undefined {
  if (name.toLowerCase() === 'default') return null;
  return rules.find((rule) => rule.toLowerCase() === name.toLowerCase());
}
