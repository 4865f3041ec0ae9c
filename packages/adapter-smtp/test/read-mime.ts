// As much of MIME as nodemailer writes for a message in two parts, and for one with a calendar file.
import type { CalendarFile } from '@precall/core';

export interface MimeMail {
  readonly headers: { readonly [name: string]: string };
  readonly text: string;
  readonly html: string;
  readonly calendar?: CalendarFile;
}

export function readMime(bytes: Buffer): MimeMail {
  const { headers, body } = partIn(bytes.toString('latin1'));
  const parts = partsIn({ headers, body });
  const decoded = (type: string) => {
    const part = parts.find(({ headers }) => headers['content-type']?.startsWith(type));
    return part ? decode(part.body, part.headers['content-transfer-encoding'] ?? '7bit') : '';
  };
  const words = Object.entries(headers).map(([name, value]) => [name, decodeWords(value)] as const);
  const calendar = calendarIn(parts, decoded('application/ics'));
  return {
    headers: Object.fromEntries(words),
    text: decoded('text/plain'),
    html: decoded('text/html'),
    ...(calendar && { calendar }),
  };
}

type Part = ReturnType<typeof partIn>;

/** Parts within parts: an attachment stands beside the alternatives. */
function partsIn(part: Part): readonly Part[] {
  const boundary = /boundary="([^"]+)"/.exec(part.headers['content-type'] ?? '')?.[1];
  if (boundary === undefined) return [part];
  return part.body.split(`--${boundary}`).slice(1, -1).map(partIn).flatMap(partsIn);
}

/** Once as an alternative, which says the method, and once attached, which says the name. */
function calendarIn(parts: readonly Part[], content: string): CalendarFile | null {
  const said = (name: string, field: RegExp) =>
    parts.flatMap(({ headers }) => field.exec(headers[name] ?? '')?.[1] ?? [])[0];
  const method = said('content-type', /^text\/calendar;.* method=(\w+)/);
  const fileName = said('content-disposition', /^attachment; filename="?([\w.]+)/);
  if ((method !== 'REQUEST' && method !== 'CANCEL') || fileName === undefined) return null;
  return { fileName, method, content };
}

function partIn(source: string) {
  const raw = source.replace(/^\r\n/, '');
  const end = raw.indexOf('\r\n\r\n');
  const lines = raw
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  const headers = lines.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
  });
  return { headers: Object.fromEntries(headers), body: raw.slice(end + 4) };
}

function decode(body: string, encoding: string): string {
  const unstuffed = body.replace(/\r\n/g, '\n');
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString();
  if (encoding === 'quoted-printable') return decodeQuoted(unstuffed.replace(/=\n/g, ''));
  return Buffer.from(unstuffed, 'latin1').toString();
}

function decodeQuoted(text: string): string {
  const bytes = text.replace(/=([0-9A-F]{2})/g, (_whole, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString();
}

/** RFC 2047; blanks between two encoded words are no part of the text. */
function decodeWords(value: string): string {
  return value
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?UTF-8\?([QB])\?(.*?)\?=/gi, (_whole, kind: string, text: string) =>
      kind.toUpperCase() === 'B'
        ? Buffer.from(text, 'base64').toString()
        : decodeQuoted(text.replace(/_/g, ' ')),
    );
}
