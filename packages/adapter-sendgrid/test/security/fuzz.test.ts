import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuzz, mangled, fuzzTimeoutMs as timeout } from '../../../core/test/security/fuzzing.ts';
import { createDeliveryEvents } from '../../src/delivery-events.ts';
import samples from '../fixtures/signed-samples.json' with { type: 'json' };

const documented = readFileSync(new URL('../fixtures/events.json', import.meta.url), 'utf8');
const events = createDeliveryEvents(samples.samples[0]?.publicKey ?? '');
const said = ['accepted', 'delivered', 'bounced', 'blocked', 'dropped', 'complained', 'unsubscribed'];

describe('fuzzed', () => {
  it('the parser of events takes whatever is JSON, and lets through only what can be kept', {
    timeout,
  }, () => {
    const json = fc.oneof(
      mangled(documented).map((bytes) => parsed(Buffer.from(bytes).toString())),
      fc.array(fc.jsonValue()),
      fc.jsonValue(),
    );
    fuzz(json, (body) => {
      const read = events.parse(body);
      if (read.isErr()) return;
      for (const event of read.value) {
        expect(event.attempt).toMatch(/^[\w-]{1,200}$/);
        expect(said).toContain(event.said);
        expect(Number.isSafeInteger(event.at.epochMilliseconds)).toBe(true);
      }
    });
  });
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
