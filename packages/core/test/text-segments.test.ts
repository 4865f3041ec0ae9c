// What a text message weighs, against the numbers of 3GPP TS 23.038 and 23.040.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inGsm7, segmentsInWords, segmentsOf } from '../src/index.ts';

describe('segmentsOf', () => {
  it.each([
    ['nothing', '', 'gsm7', 0, 1],
    ['the longest single one', 'a'.repeat(160), 'gsm7', 160, 1],
    ['one sign more', 'a'.repeat(161), 'gsm7', 161, 2],
    ['two full ones', 'a'.repeat(306), 'gsm7', 306, 2],
    ['one sign more than two', 'a'.repeat(307), 'gsm7', 307, 3],
    ['signs of the alphabet that are not ASCII', 'àéùÄÖÜñ¿Ω@', 'gsm7', 10, 1],
    ['a sign that takes an escape', '€'.repeat(80), 'gsm7', 160, 1],
    ['an escape that would be torn apart', `${'a'.repeat(152)}€${'a'.repeat(10)}`, 'gsm7', 164, 2],
    ['an escape torn apart by a full part', `${'a'.repeat(152)}€${'a'.repeat(152)}`, 'gsm7', 306, 3],
    ['one sign out of the alphabet', 'í', 'ucs2', 1, 1],
    ['the longest single one in UCS-2', 'í'.repeat(70), 'ucs2', 70, 1],
    ['one sign more in UCS-2', 'í'.repeat(71), 'ucs2', 71, 2],
    ['a sign of two units', '👋', 'ucs2', 2, 1],
    ['signs of two units that do not fill a part', '👋'.repeat(67), 'ucs2', 134, 3],
  ] as const)('counts %s', (_, text, encoding, units, segments) => {
    expect(segmentsOf(text)).toEqual({ encoding, units, segments });
  });

  it('never counts less for more', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (text, more) => {
        expect(segmentsOf(text + more).segments).toBeGreaterThanOrEqual(segmentsOf(text).segments);
      }),
    );
  });
});

describe('inGsm7', () => {
  it('writes signs that are not in the alphabet as their nearest', () => {
    expect(inGsm7('Zoë’s call\u202fat 3\u00a0PM – “soon”…')).toBe('Zoe\'s call at 3 PM - "soon"...');
    expect(inGsm7('Su llamada con María')).toBe('Su llamada con Maria');
  });

  it('leaves a text as it is that cannot be written in it all the same', () => {
    expect(inGsm7('María 👋')).toBe('María 👋');
  });
});

describe('segmentsInWords', () => {
  it.each([
    ['Hi', '1 segment of GSM-7, 2 units'],
    ['ő', '1 segment of UCS-2, 1 unit'],
    ['a'.repeat(201), '2 segments of GSM-7, 201 units'],
  ])('says of %j what it weighs', (text, said) => {
    expect(segmentsInWords(text)).toBe(said);
  });
});
