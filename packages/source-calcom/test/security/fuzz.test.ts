import { readStrictJson } from '@precall/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuzz, mangled, fuzzTimeoutMs as timeout } from '../../../core/test/security/fuzzing.ts';
import { receivedAt, sample, sampleFiles, source } from '../samples.ts';

const bodies = sampleFiles.map((name) => JSON.stringify(sample(name.replace(/\.json$/, ''))));

describe('fuzzed', () => {
  it('the parser answers whatever is JSON with updates that can be kept, and never throws', {
    timeout,
  }, () => {
    fuzz(fc.oneof(...bodies.map(mangled)), (body) => {
      const json = readStrictJson(body);
      if (json.isErr()) return;
      const parsed = source.parse(json.value, receivedAt);
      if (parsed.isErr()) {
        expect(parsed.error.every(({ message }) => message !== '')).toBe(true);
      } else if ('updates' in parsed.value) {
        for (const { uid, time, attendees } of parsed.value.updates) {
          expect(uid ?? 'none').toMatch(/^\S{1,200}$/u);
          if (time)
            expect(time.endAt.epochMilliseconds).toBeGreaterThanOrEqual(time.startAt.epochMilliseconds);
          for (const { email } of attendees) expect(email).toMatch(/^[^\s@]+@[^\s@]+$/);
        }
      }
    });
  });

  it('the verifier takes nothing that was not signed, and never throws', { timeout }, () => {
    const header = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.stringMatching(/^[0-9a-f]{60,68}$/),
      fc.anything(),
    );
    const headers = fc.oneof(
      fc.record({ 'x-cal-signature-256': fc.oneof(header, fc.array(header)) }),
      fc.dictionary(fc.string(), fc.array(fc.string())),
      fc.anything(),
    );
    fuzz(fc.tuple(headers, fc.oneof(...bodies.map(mangled))), ([given, body]) => {
      // Whatever a web server could hand over by mistake.
      expect(source.verify(given as never, body)).toBe('forged');
    });
  });
});
