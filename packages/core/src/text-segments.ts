// How many segments a text message takes, which is what a carrier counts and bills (3GPP TS 23.038 and 23.040).
import { counted } from './counted.ts';

/** What a text message weighs: its encoding, and how many segments it takes. */
export interface Segments {
  /** GSM-7 where every sign is in its alphabet, else all of the text is in UCS-2. */
  readonly encoding: 'gsm7' | 'ucs2';
  /** Units of the encoding: septets, or 16 bits. */
  readonly units: number;
  readonly segments: number;
}

const basic =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
/** Written as an escape and a sign. */
const extended = '\f^{}\\[~]|€';
const septets = new Map([
  ...[...basic].map((sign) => [sign, 1] as const),
  ...[...extended].map((sign) => [sign, 2] as const),
]);
/** Units of a message that is alone, and of each part of one that is not. */
const room = { gsm7: { alone: 160, part: 153 }, ucs2: { alone: 70, part: 67 } } as const;

/** A sign of two units is never torn apart between two segments. */
export function segmentsOf(text: string): Segments {
  const signs = [...text];
  const gsm7 = signs.flatMap((sign) => septets.get(sign) ?? []);
  const encoding = gsm7.length === signs.length ? 'gsm7' : 'ucs2';
  const sizes = encoding === 'gsm7' ? gsm7 : signs.map(({ length }) => length);
  const units = sizes.reduce((sum, size) => sum + size, 0);
  const { alone, part } = room[encoding];
  if (units <= alone) return { encoding, units, segments: 1 };
  let segments = 1;
  let used = 0;
  for (const size of sizes) {
    if (used + size > part) {
      segments += 1;
      used = 0;
    }
    used += size;
  }
  return { encoding, units, segments };
}

/** Such as `2 segments of GSM-7, 201 units`: for people who write texts. */
export function segmentsInWords(text: string): string {
  const { encoding, units, segments } = segmentsOf(text);
  const name = { gsm7: 'GSM-7', ucs2: 'UCS-2' }[encoding];
  return `${counted(segments, 'segment')} of ${name}, ${counted(units, 'unit')}`;
}

/** The text with signs that GSM-7 lacks written as their nearest (`í` as `i`, `’` as `'`), where that makes all of it GSM-7; else as it is. */
export function inGsm7(text: string): string {
  const plain = [...text].map((sign) => (septets.has(sign) ? sign : nearest(sign))).join('');
  return segmentsOf(plain).encoding === 'gsm7' ? plain : text;
}

const alike: ReadonlyMap<string, string> = new Map([
  ['’', "'"],
  ['‘', "'"],
  ['“', '"'],
  ['”', '"'],
  ['–', '-'],
  ['—', '-'],
  ['−', '-'],
  ['…', '...'],
]);

function nearest(sign: string): string {
  if (/^\p{Z}$/u.test(sign)) return ' ';
  return alike.get(sign) ?? sign.normalize('NFD').replace(/\p{M}/gu, '');
}
