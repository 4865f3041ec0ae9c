// All texts of one reading: which is for whom, and what is wrong.
import type { Content, MailFacts, Rule, RuleName, SchemaFault } from '@precall/core';
import { type CompiledText, compileText, type WrittenText } from './compile-text.ts';
import { type Purpose, purposeOf } from './text-name.ts';

export interface TextSet {
  readonly faults: readonly SchemaFault[];
  /** The words for a rule: the text that is for it and the recipient's language, else its own, else `usual`. */
  contentFor(rule: Rule, usual: Content): Content;
}

interface Slot extends Purpose {
  readonly name: string;
  /** Null: it cannot be used. */
  readonly text: CompiledText | null;
}

/** `rules`: those of the policy; null where they are not known beforehand. */
export function textSet(
  written: readonly WrittenText[],
  { rules: known, others }: { readonly rules: readonly Rule[] | null; readonly others: 'fault' | 'ignored' },
): TextSet {
  const rules = known?.map(({ name }) => name) ?? null;
  const faults: SchemaFault[] = [];
  const slots: Slot[] = [];
  for (const one of written) {
    const named = purposeOf(one.name, rules);
    const compiled = compileText(one, { ...(named?.language && { spoken: named.language }) });
    const said = compiled.isOk() ? compiled.value : null;
    const purpose = said?.rule ? purposeOf(said.rule, rules) : named;
    if (!purpose) {
      if (others === 'fault') faults.push(forNoRule(one.name, said?.rule ?? null, rules));
      continue;
    }
    const slot = { ...purpose, name: one.name, text: said };
    const same = slots.find(({ rule, language }) => rule === slot.rule && language === slot.language);
    if (same) {
      faults.push({
        where: one.name,
        fault: `It is for the same rule and language as ${same.name}, which is used.`,
        cure: 'Delete one of the two, or rename it.',
      });
      continue;
    }
    slots.push(slot);
    if (compiled.isErr()) faults.push(...compiled.error);
  }
  faults.push(...unwritten(slots, known));
  return { faults, contentFor: (rule, usual) => contentFor(slots, rule, usual) };
}

function forNoRule(name: string, said: string | null, rules: readonly RuleName[] | null): SchemaFault {
  return {
    where: name,
    fault: `It is for no rule of the policy${said === null ? '' : `: there is no rule "${said}"`}.`,
    cure: `Name it after one of ${(rules ?? []).join(', ')}, or default, with a language behind a dot if you like.`,
  };
}

/** A rule with words of its own does without. */
function unwritten(slots: readonly Slot[], rules: readonly Rule[] | null): readonly SchemaFault[] {
  return (rules ?? [])
    .filter(({ name, content }) => !content && !slots.some(({ rule }) => rule === name || rule === null))
    .map(({ name: rule }) => ({
      where: rule,
      fault: `There is no text for the rule "${rule}": its reminders have the default words.`,
      cure: `Write one named ${rule}, or one named default for all rules.`,
    }));
}

/** A text for all rules is none for one with words of its own: what is said after a no-show is no reminder. */
function contentFor(slots: readonly Slot[], { name, content }: Rule, usual: Content): Content {
  const fallback = content ?? usual;
  const own = slots.filter(({ rule }) => rule === name || (rule === null && !content));
  if (!own.some(({ text }) => text)) return fallback;
  const lengths = own.flatMap(({ text }) => text?.validFor ?? []);
  const shortest = lengths.sort((a, b) => a.total('milliseconds') - b.total('milliseconds'))[0];
  const validFor = shortest ?? fallback.validFor;
  return {
    // A text that lacks a fact gives way to other words: nobody goes without a reminder because of it.
    needs: [],
    ...(validFor && { validFor }),
    render: (facts) => chosen(own, name, facts)?.tell(facts) ?? fallback.render(facts),
  };
}

/** The rule's own before those for all rules, the recipient's language before none. A text with a fault has no other in its place. */
function chosen(own: readonly Slot[], rule: RuleName, { locale }: MailFacts): CompiledText | null {
  const tag = locale.toLowerCase();
  const [language = ''] = tag.split('-');
  for (const wanted of [rule, null]) {
    for (const spoken of [tag, language, null]) {
      const slot = own.find((one) => one.rule === wanted && one.language === spoken);
      if (slot) return slot.text;
    }
  }
  return null;
}
