// The lines at the head of a file that say what it is for. Not YAML, to which `subject: {{first_name}}, your call: soon` is
// a map of a map: a name, a colon, and the rest of the line as it is.
import { Err, Ok, type Result, Temporal } from '@precall/core';
import type { Finding } from './check-places.ts';

const keys = ['subject', 'language', 'rule', 'validFor'] as const;
export type FrontMatter = { readonly [K in (typeof keys)[number]]?: string };

const form = 'Begin the file with ---, a line such as subject: Your call with {{organizer}}, and ---.';

export function readFrontMatter(
  source: string,
): Result<{ readonly front: FrontMatter; readonly body: string }, Finding> {
  const [, head, body] =
    /^\uFEFF?---[ \t]*\r?\n([\s\S]*?)^---[ \t]*(?:\r?\n|$)([\s\S]*)$/m.exec(source) ?? [];
  if (head === undefined || body === undefined || !/^\uFEFF?---/.test(source))
    return Err({ fault: 'It has no front matter.', cure: form });
  const front: { [K in (typeof keys)[number]]?: string } = {};
  for (const line of head.split(/\r?\n/).filter((one) => !/^\s*(?:#|$)/.test(one))) {
    const [, name = '', written = ''] = /^\s*([\w-]+)\s*:(.*)$/.exec(line) ?? [];
    const key = keys.find((one) => one === name);
    if (!key)
      return Err({
        fault: `The line ${JSON.stringify(line.trim())} of its front matter is not understood.`,
        cure: `Write one of ${keys.join(', ')}, a colon and a value.`,
      });
    front[key] = unquoted(written.trim());
  }
  return Ok({ front, body });
}

function unquoted(text: string): string {
  return /^(["'])(.*)\1$/.exec(text)?.[2] ?? text;
}

/** Such as `12h`, `30min` or `2d`. */
export function readLength(text: string): Result<Temporal.Duration, Finding> {
  const [, count = '', unit = ''] = /^([1-9]\d{0,3})\s*(min|h|d)$/.exec(text) ?? [];
  const hours = { d: 24, h: 1 }[unit];
  if (count === '')
    return Err({
      fault: `validFor is ${JSON.stringify(text)}, which is no length.`,
      cure: 'Write one such as 30min, 12h or 2d.',
    });
  const length = hours === undefined ? { minutes: Number(count) } : { hours: Number(count) * hours };
  return Ok(Temporal.Duration.from(length));
}
