// S15: no object gets to where a store or a CRM expects a text.
import { Temporal } from '@precall/core';
import { describe, expect, it } from 'vitest';
import { receivedAt, sample, sampleFiles, source } from '../samples.ts';

const operators = [
  { $gt: '' },
  { $ne: null },
  { $where: 'sleep(1)' },
  { $regex: '.*' },
  ['$gt', ''],
  [{ $gt: '' }],
];
const triggers = sampleFiles.map((name) => name.replace(/\.json$/, ''));

/** Each value within a JSON value replaced by `other`, one at a time. */
function replaced(value: unknown, other: unknown): readonly unknown[] {
  if (Array.isArray(value)) {
    return [other, ...value.flatMap((inner, at) => replaced(inner, other).map((one) => value.with(at, one)))];
  }
  if (typeof value !== 'object' || value === null) return [other];
  const inside = Object.entries(value).flatMap(([key, inner]) =>
    replaced(inner, other).map((one) => ({ ...value, [key]: one })),
  );
  return [other, ...inside];
}

/** The members of an update that are neither plain values nor moments, and whose names are not ours. */
function strangers(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null || value instanceof Temporal.Instant) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    ...(key.startsWith('$') ? [key] : []),
    ...strangers(inner),
  ]);
}

describe('an operator of a query in place of a value (S15)', () => {
  it.each(triggers)('never gets through %s, in whatever field', (trigger) => {
    for (const operator of operators) {
      for (const json of replaced(sample(trigger), operator)) {
        const parsed = source.parse(json, receivedAt);
        if (parsed.isOk() && 'updates' in parsed.value) expect(strangers(parsed.value.updates)).toEqual([]);
      }
    }
  });

  it.each(['uid', 'rescheduleUid', 'attendeeSeatId', 'bookingUid'])('is no %s', (field) => {
    for (const trigger of triggers) {
      const webhook = sample(trigger);
      const payload = { ...Object(webhook.payload), [field]: { $gt: '' } };
      const parsed = source.parse({ ...webhook, payload }, receivedAt);
      if (parsed.isErr() || 'ignored' in parsed.value) continue;
      const [update] = parsed.value.updates;
      expect([typeof update?.uid, typeof (update?.replaces?.uid ?? '')]).toEqual(['string', 'string']);
    }
  });
});
