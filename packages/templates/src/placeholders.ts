// What stands in braces in a text: `{{ fact }}` says something, `{% if fact %}` chooses.

export interface Placeholder {
  /** With its braces. */
  readonly source: string;
  readonly kind: 'says' | 'chooses';
  /** The name it says, of one that says; null where it says something else than a name. */
  readonly name: string | null;
  /** It says the name as it is: no filter changes it. */
  readonly isPlain: boolean;
  /** It has other words for a fact that is not known. */
  readonly hasDefault: boolean;
  /** Every name in it. */
  readonly mentions: readonly string[];
}

export interface Held {
  /** The text with a word in the place of each placeholder: one of letters and digits, which Markdown leaves alone. */
  readonly text: string;
  readonly placeholders: readonly Placeholder[];
}

const inBraces = /\{\{-?([\s\S]*?)-?\}\}|\{%-?([\s\S]*?)-?%\}/g;
const standIn = /xqheld(\d+)x/g;

export function hold(text: string): Held {
  const placeholders: Placeholder[] = [];
  const held = text.replace(inBraces, (source, said?: string, chosen?: string) => {
    placeholders.push(said === undefined ? choosing(source, chosen ?? '') : saying(source, said));
    return `xqheld${placeholders.length - 1}x`;
  });
  return { text: held, placeholders };
}

/** The placeholders of a part of what was held, in their order. */
export function heldIn(part: string, { placeholders }: Pick<Held, 'placeholders'>): readonly Placeholder[] {
  return [...part.matchAll(standIn)].flatMap(([, index]) => placeholders[Number(index)] ?? []);
}

/** Each placeholder in its place again. */
export function release(held: string, { placeholders }: Pick<Held, 'placeholders'>): string {
  return held.replace(standIn, (_, index) => placeholders[Number(index)]?.source ?? '');
}

/** Where a part of what was held is a stand-in and nothing else. */
export function isHeldAlone(part: string): boolean {
  return /^xqheld\d+x$/.test(part);
}

function saying(source: string, inner: string): Placeholder {
  const [, name = null, filters = ''] = /^\s*([A-Za-z_]\w*)\s*(\|[\s\S]*)?$/.exec(inner) ?? [];
  return {
    source,
    kind: 'says',
    name,
    isPlain: filters === '',
    hasDefault: /^\|\s*default\s*:/.test(filters),
    mentions: name === null ? [] : [name],
  };
}

function choosing(source: string, inner: string): Placeholder {
  const names = inner.replace(/"[^"]*"|'[^']*'/g, '').match(/[A-Za-z_]\w*/g) ?? [];
  return { source, kind: 'chooses', name: null, isPlain: true, hasDefault: false, mentions: names.slice(1) };
}
