import { Temporal } from '@precall/core';
import { describe, expect, it } from 'vitest';
import { createMemoryCrm, createMemoryEntropy } from '../src/index.ts';

describe('createMemoryCrm', () => {
  it('adds a contact it does not know only where told so, and only once', async () => {
    const strict = createMemoryCrm();
    expect((await strict.findContact('ada@example.com')).unwrapOr(null)).toEqual({ kind: 'none' });
    const open = createMemoryCrm({ unknown: 'add' });
    const found = (await open.findContact('ada@example.com')).unwrapOr(null);
    expect(found).toMatchObject({ kind: 'one' });
    expect((await open.findContact('ADA@example.com')).unwrapOr(null)).toEqual(found);
    expect([strict.contacts().length, open.contacts().length]).toEqual([0, 1]);
  });

  it('shows every call, and answers by script without an effect', async () => {
    const crm = createMemoryCrm({ contacts: [{ email: 'ada@example.com' }] });
    crm.answerNext({ kind: 'unavailable', reason: 'away' });
    const fields = { Status: { type: 'choice', value: 'Booked' } } as const;
    expect((await crm.update('contact-1', fields)).isErr()).toBe(true);
    expect(crm.contacts()[0]?.fields).toEqual({});
    expect((await crm.update('contact-1', fields)).isOk()).toBe(true);
    expect(crm.contacts()[0]?.fields).toEqual(fields);
    expect(crm.seen.map(([method]) => method)).toEqual(['update', 'update']);
  });

  it('replaces a mark of its own', async () => {
    const crm = createMemoryCrm({
      contacts: [{ email: 'ada@example.com', campaigns: { Spring: { sent: {} } } }],
    });
    for (const day of ['02', '03']) {
      await crm.recordSent('contact-1/Spring', '24h', Temporal.Instant.from(`2026-03-${day}T12:00:00Z`));
    }
    expect(`${crm.contacts()[0]?.campaigns.Spring?.sent['24h']}`).toBe('2026-03-03T12:00:00Z');
  });
});

describe('createMemoryEntropy', () => {
  it('gives the same ids for the same seed, and others for another', () => {
    const ids = (seed: number) => {
      const entropy = createMemoryEntropy(seed);
      return [entropy.id(), entropy.id()];
    };
    expect(ids(1)).toEqual(ids(1));
    expect(new Set([...ids(1), ...ids(2)]).size).toBe(4);
  });
});
