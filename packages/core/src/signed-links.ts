// Precall's own links in mails. Each can do one thing, names a person or a message by a hash or a random id alone, and
// cannot be made without the secret.
import type { Answers } from './content.ts';
import { type AttemptId, attemptId, type RecipientId, recipientId } from './ids.ts';

export type LinkUse =
  /** No more mails to this person. Holds for good. */
  | { readonly act: 'stop'; readonly recipient: RecipientId }
  /** The recipient of this message will be there. */
  | { readonly act: 'attend'; readonly attempt: AttemptId }
  /** The upcoming calls can be read, as long as the secret is this one. */
  | { readonly act: 'feed' }
  /** The host, to whom this message went, says who came. */
  | { readonly act: 'who_came'; readonly attempt: AttemptId };

export interface SignedLinks {
  /** Null while the address is not known. */
  url(use: LinkUse): string | null;
  /** What stands in a message's links where it is shown to another than its reader: they give no right. Null as of `url`. */
  shown(): Answers | null;
  /** Null for what was not made with this secret. */
  read(token: string): LinkUse | null;
}

/** Where the links are mounted by now; null: not known yet. */
export function baseUrlOf({ baseUrl }: { readonly baseUrl: string | (() => string | null) }): string | null {
  return typeof baseUrl === 'string' ? baseUrl : baseUrl();
}

/** `sign` gives a keyed hash: the same for the same words, and nobody else can make it. */
export function createSignedLinks({
  baseUrl,
  sign,
}: {
  /** Where `/link/...` is mounted, such as `https://calls.example.com`; null: not known yet. */
  readonly baseUrl: () => string | null;
  readonly sign: (words: string) => string;
}): SignedLinks {
  const signed = (words: string): string => `${words}.${sign(words)}`;
  return {
    url(use) {
      const base = baseUrl();
      if (!base) return null;
      const token = signed(wordsOf(use));
      return use.act === 'feed' ? `${trimmed(base)}/calendar/${token}.ics` : urlAt(base, token);
    },
    shown: () => linksShown(baseUrl()),
    read(token) {
      const words = /^([afsw]\.[\w-]{1,64})\.[0-9a-f]+$/.exec(token)?.[1];
      return words !== undefined && isSame(token, signed(words)) ? useIn(words) : null;
    },
  };
}

function urlAt(base: string, token: string): string {
  return `${trimmed(base)}/link/${token}`;
}

function trimmed(base: string): string {
  return base.replace(/\/+$/, '');
}

/** The links of a message that is nobody's: they lead to the page about links that are not known. */
export function linksShown(base: string | null): Answers | null {
  const url = base && urlAt(base, 'shown');
  return url ? { attend: url, stop: url } : null;
}

/** The links that one message carries; `act` is what the first of them is for. */
export function answersIn(
  links: SignedLinks | null,
  {
    recipient,
    attempt,
    act,
  }: {
    readonly recipient: RecipientId;
    readonly attempt: AttemptId;
    readonly act: 'attend' | 'who_came';
  },
): Answers | null {
  const attend = links?.url({ act, attempt });
  const stop = links?.url({ act: 'stop', recipient });
  return attend && stop ? { attend, stop } : null;
}

function wordsOf(use: LinkUse): string {
  if (use.act === 'feed') return 'f.calls';
  if (use.act === 'stop') return `s.${use.recipient}`;
  return `${use.act === 'attend' ? 'a' : 'w'}.${use.attempt}`;
}

function useIn(words: string): LinkUse {
  const name = words.slice(2);
  if (words.startsWith('f.')) return { act: 'feed' };
  if (words.startsWith('s.')) return { act: 'stop', recipient: recipientId(name) };
  return { act: words.startsWith('a.') ? 'attend' : 'who_came', attempt: attemptId(name) };
}

/** Takes as long whatever differs, so that a signature cannot be guessed digit by digit. */
function isSame(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let at = 0; at < b.length; at += 1) difference |= a.charCodeAt(at) ^ b.charCodeAt(at);
  return difference === 0;
}
