// Content lines of RFC 5545: what is written stays one value of one property, whoever wrote it.
import type { Instant } from '@precall/core';

/** A parameter's value is quoted unless it is one word; its caret, quotes and line breaks are written as in RFC 6868. */
export interface Line {
  readonly name: string;
  readonly parameters?: { readonly [name: string]: string };
  /** As it is to stand there: see `escaped`. */
  readonly value: string;
}

/** Each line ends with CRLF and holds at most 75 octets (section 3.1). */
export function written(lines: readonly Line[]): string {
  return lines.map((line) => `${folded(unfolded(line))}\r\n`).join('');
}

/** A value of type TEXT (section 3.3.11). Control characters are gone before. */
export function escaped(text: string): string {
  return text.replace(/[\\;,]/g, (mark) => `\\${mark}`).replace(/\n/g, '\\n');
}

/** In UTC (section 3.3.5, form 2), in whole seconds: there are no others. */
export function momentText(moment: Instant): string {
  return moment.toString({ smallestUnit: 'second' }).replace(/[-:]/g, '');
}

function unfolded({ name, parameters = {}, value }: Line): string {
  const all = Object.entries(parameters).map(([each, one]) => `;${each}=${quoted(one)}`);
  return `${name}${all.join('')}:${value}`;
}

function quoted(text: string): string {
  if (/^[A-Z-]+$/.test(text)) return text;
  return `"${text.replace(/\^/g, '^^').replace(/\n/g, '^n').replace(/"/g, "^'")}"`;
}

const longestLine = 75;

/** No character is cut in two; the blank that begins a further line counts. */
function folded(line: string): string {
  const encoder = new TextEncoder();
  let octets = 0;
  let text = '';
  for (const character of line) {
    const length = encoder.encode(character).length;
    if (octets + length > longestLine) {
      text += '\r\n ';
      octets = 1;
    }
    text += character;
    octets += length;
  }
  return text;
}
