// HTML that keeps its structure whatever is put into it, and words from outside made fit to be shown.
import { invariant } from './invariant.ts';

const markup: unique symbol = Symbol('markup');
/** A finished piece of HTML; only `html` makes one. */
export interface Html {
  readonly [markup]: string;
  /** As `htmlText`. */
  toString(): string;
}

class Piece implements Html {
  readonly [markup]: string;

  constructor(text: string) {
    this[markup] = text;
  }

  toString(): string {
    return this[markup];
  }
}
const own: unique symbol = Symbol('own');
/** A relative URL on the page's own server; only `ownUrl` makes one. */
export interface OwnUrl {
  readonly [own]: string;
}
/** Null adds nothing, a list its members one after the other. */
export type Insert = string | number | null | Html | OwnUrl | readonly Insert[];

/**
 * Builds HTML from a template. What is inserted is escaped by where it stands: in text, where pieces made by `html`
 * go in as they are, or in a quoted attribute. An attribute that holds a URL takes one whole URL and shows `#` unless
 * it is https:, mailto: or tel:, or made by `ownUrl`. Throws where nothing can be made safe: inside a tag, an unquoted attribute, a style,
 * a script.
 */
export function html(literals: TemplateStringsArray, ...inserts: readonly Insert[]): Html {
  const places = placesOf(literals);
  const pieces = inserts.map((insert, i) => {
    if (places[i] === 'text') return inText(insert);
    if (places[i] === 'url' && isOwnUrl(insert)) return escaped(insert[own]);
    invariant(typeof insert === 'string' || typeof insert === 'number', 'an attribute takes plain words');
    return escaped(places[i] === 'url' ? safeUrl(String(insert)) : String(insert));
  });
  return new Piece(literals.map((literal, i) => literal + (pieces[i] ?? '')).join(''));
}

/**
 * The way from a page `up` levels below the root to another page of the same server: `../operator/bookings?status=agreed`.
 * Relative, so that it holds under any prefix that a server or a proxy puts before it; whatever the words, it leads
 * nowhere else.
 */
export function ownUrl(
  up: number,
  segments: readonly string[],
  query: { readonly [name: string]: string | null } = {},
): OwnUrl {
  invariant(!segments.some((one) => /^\.{0,2}$/.test(one)), 'a segment of a path is a name');
  const asked = Object.entries(query)
    .flatMap(([name, value]) => (value === null ? [] : [`${encoded(name)}=${encoded(value)}`]))
    .join('&');
  return { [own]: `${'../'.repeat(up) || './'}${segments.map(encoded).join('/')}${asked && `?${asked}`}` };
}

/** As it stands in a `location` header. */
export function ownUrlText(url: OwnUrl): string {
  return url[own];
}

function encoded(words: string): string {
  return encodeURIComponent(words.replace(/\p{Cs}/gu, '\ufffd'));
}

/** The HTML as text. */
export function htmlText(piece: Html): string {
  return piece[markup];
}

/** The URL itself where a link may lead to it (https:, mailto:, tel:, nothing invisible in it), else `#`. */
export function safeUrl(url: string): string {
  return /^(?:https:\/\/|mailto:|tel:)[^\s\p{C}]+$/iu.test(url) ? url : '#';
}

/**
 * A person's name, or other words that a stranger chose, as one line of at most 100 characters (or `limit`), in which
 * no mail program finds a link: `http://evil.com` becomes `http evil. com`. Empty when nothing visible is left.
 */
export function unlinked(text: string, limit = 100): string {
  // Mail programs make links of schemes and of dots before letters; a full-width dot is one in a host name too.
  const apart = oneLine(text, limit)
    .replaceAll('://', ' ')
    .replace(/([.。．｡])(?=\p{L})/gu, '$1 ');
  return oneLine(apart, limit);
}

/**
 * One line of at most `limit` characters, fit for a subject: composed (NFC), without control characters, line
 * separators, direction overrides and other invisible characters, lone surrogates replaced, blanks collapsed.
 */
export function oneLine(text: string, limit = 200): string {
  if (text.length <= limit && plainWords.test(text)) return text;
  // Cut first, so that a huge text costs no more than a long one.
  const visible = text
    .slice(0, 10 * limit)
    .replace(/[\p{Cc}\p{Z}]+/gu, ' ')
    .replace(/\p{Cs}/gu, '\ufffd')
    .replace(invisible, '')
    .normalize('NFC');
  return [...visible.replace(/ +/g, ' ').trim()].slice(0, limit).join('').trim();
}

/** Nothing but visible ASCII with a blank between: it is one line already. */
const plainWords = /^[!-~]+(?: [!-~]+)*$/;
/** Invisible characters except the two joiners, which Persian and Indian names and emoji are written with. */
const invisible = /(?![\u200c\u200d])\p{Cf}/gu;

type Place = 'text' | 'attribute' | 'url';
const placesKnown = new WeakMap<TemplateStringsArray, readonly Place[]>();

/** Where each insert of a template stands; looked at once per template. */
function placesOf(literals: TemplateStringsArray): readonly Place[] {
  const known = placesKnown.get(literals);
  if (known) return known;
  const places = literals.slice(1).map((next, i) => placeBetween(literals.slice(0, i + 1).join(''), next));
  placesKnown.set(literals, places);
  return places;
}

function placeBetween(before: string, next: string): Place {
  invariant(!/<(script|style)\b(?!.*<\/\1)/is.test(before), 'nothing is inserted into a script or a style');
  const openTag = before.replace(/<\/?[a-z](?:"[^"]*"|'[^']*'|[^"'>])*>/gi, '').match(/<\/?[a-z].*/is)?.[0];
  if (openTag === undefined) return 'text';
  const [, name, doubleQuoted, singleQuoted] =
    openTag.replace(/=(?:"[^"]*"|'[^']*')/g, '').match(/\s([^\s=]+)=(?:"([^"]*)|'([^']*))$/) ?? [];
  invariant(name, 'inside a tag only quoted attributes take an insert');
  invariant(!/^(?:on.*|style|srcdoc|srcset)$/i.test(name), `nothing is inserted into the attribute ${name}`);
  if (!/^(?:href|src|action|formaction)$/i.test(name)) return 'attribute';
  const isWhole = !(doubleQuoted ?? singleQuoted) && /^["']/.test(next);
  invariant(isWhole, `the attribute ${name} takes one insert, the whole URL`);
  return 'url';
}

function inText(insert: Insert): string {
  if (insert === null) return '';
  if (typeof insert !== 'object') return escaped(String(insert));
  if (isOwnUrl(insert)) return escaped(insert[own]);
  return isHtml(insert) ? insert[markup] : insert.map(inText).join('');
}

function isOwnUrl(insert: Insert): insert is OwnUrl {
  return typeof insert === 'object' && insert !== null && own in insert;
}

function isHtml(insert: Html | readonly Insert[]): insert is Html {
  return markup in insert;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
