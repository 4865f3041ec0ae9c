import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { html, htmlText, oneLine, unlinked } from '../../src/html.ts';
import { isTrustedMeetingLink } from '../../src/reminder-mail.ts';
import { readStrictJson } from '../../src/strict-json.ts';
import { saying } from '../calcom-saying.ts';
import { attributesOf, naughty, shape } from '../naughty.ts';
import { fuzz, fuzzTimeoutMs, mangled } from './fuzzing.ts';

describe('fuzzed', () => {
  it('readStrictJson answers any bytes, and gives what JSON.parse gives or less', {
    timeout: fuzzTimeoutMs,
  }, () => {
    const bodies = fc.oneof(
      mangled(JSON.stringify(saying('BOOKING_CREATED'))),
      fc.json({ maxDepth: 40 }).map((text) => new Uint8Array(Buffer.from(text))),
      fc.uint8Array({ maxLength: 200 }),
    );
    fuzz(bodies, (body) => {
      const read = readStrictJson(body);
      if (read.isErr()) {
        expect(read.error[0]?.message).not.toBe('');
        return;
      }
      const text = Buffer.from(body).toString();
      expect(JSON.stringify(read.value)).toBe(JSON.stringify(JSON.parse(text)));
      expect(text).not.toMatch(/"(?:__proto__|constructor|prototype)"\s*:/);
    });
  });

  it('html keeps its structure, and its links lead nowhere else', { timeout: fuzzTimeoutMs }, () => {
    const pieces = fc.array(
      fc.oneof(
        fc.constantFrom(
          '<',
          '>',
          '"',
          "'",
          '&',
          '&#',
          ';',
          '-->',
          ']]>',
          '</p',
          'script',
          'on',
          '=',
          '\0',
          '\r',
        ),
        fc.constantFrom(...naughty),
        fc.string({ unit: 'binary', maxLength: 8 }),
      ),
      { maxLength: 8 },
    );
    const page = (words: string) =>
      htmlText(
        html`<p class="${words}">${words}<a href="${words}" title='${words}'>${unlinked(words)}</a>${oneLine(words)}</p>`,
      );
    const expected = shape(page('x'));
    fuzz(pieces, (parts) => {
      const words = parts.join('');
      expect(shape(page(words))).toBe(expected);
      for (const url of attributesOf(page(words), 'href'))
        expect(url).toMatch(/^(?:#$|https:\/\/|mailto:|tel:)/i);
      if (isTrustedMeetingLink(words)) expect(new URL(words).protocol).toBe('https:');
    });
  });
});
