// Which words a message has: a rule's own, one of two that are compared, or the policy's.
import type { Content } from './content.ts';
import type { RecipientId, RuleName } from './ids.ts';
import type { Policy, Rule } from './policy.ts';

/** Of two texts that are compared: the rule's own, or its other one. */
export type TextName = 'a' | 'b';

/** Null: the rule has no two texts. */
export function textFor(rule: Rule, recipient: RecipientId): TextName | null {
  return rule.otherContent ? half(rule.name, recipient) : null;
}

export function contentFor(rule: Rule, recipient: RecipientId, policy: Pick<Policy, 'content'>): Content {
  if (rule.otherContent && half(rule.name, recipient) === 'b') return rule.otherContent;
  return rule.content ?? policy.content;
}

/**
 * Half of the people, another half for each rule, and each person always the same one. A recipient's id is a keyed hash of
 * their address: mixed with the rule's name it needs no table, and nobody without the key can foretell it. Mixed by the
 * finalizer of MurmurHash3, so that every digit of both bears on the one bit that is taken.
 */
function half(rule: RuleName, recipient: RecipientId): TextName {
  let mixed = 0;
  const named = `${rule}|${recipient}`;
  for (let at = 0; at < named.length; at += 1) mixed = Math.imul(mixed ^ named.charCodeAt(at), 0x01000193);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return ((mixed ^ (mixed >>> 16)) & 1) === 0 ? 'a' : 'b';
}
