import type { FieldValue } from '@precall/core';
import type { HubspotProperty } from '@precall/testing/stand-ins';
import { describe, expect, it } from 'vitest';
import { callDate, choice, date, errorOf, membership, noon, onBench, status } from './asking.ts';

const moment = { type: 'moment', value: noon } as const;

describe('update', () => {
  it('is one request, by internal names and values', async () => {
    await onBench({}, async ({ crm, hubspot, ref, values }) => {
      const fields = { [status]: choice('Booked'), [callDate]: date('2026-03-05') };
      expect((await crm.update(ref, fields)).isOk()).toBe(true);
      expect(hubspot.requests.map(({ kind }) => kind)).toEqual(['properties', 'patch']);
      expect(hubspot.requests[1]?.body).toBe(
        '{"properties":{"booking_status":"booked","diagnostic_call_date":"2026-03-05"}}',
      );
      expect(values()).toMatchObject({ booking_status: 'booked', diagnostic_call_date: '2026-03-05' });
    });
  });

  it('is no request where nothing is wanted', async () => {
    await onBench({}, async ({ crm, hubspot, ref }) => {
      expect((await crm.update(ref, {})).isOk()).toBe(true);
      expect(hubspot.requests).toEqual([]);
    });
  });

  it.each<[HubspotProperty, FieldValue, string]>([
    [{ label: 'Field', type: 'enumeration', options: { a: 'A' } }, choice('A'), 'a'],
    [{ label: 'Field', type: 'enumeration', options: { a: 'b', b: 'a' } }, choice('a'), 'a'],
    [{ label: 'Field', type: 'enumeration', externalOptions: true }, choice('A'), 'A'],
    [{ label: 'Field', type: 'date' }, date('2026-03-05'), '2026-03-05'],
    [{ label: 'Field', type: 'date' }, moment, '2026-03-02'],
    [{ label: 'Field', type: 'datetime' }, moment, '2026-03-02T12:00:00Z'],
    [{ label: 'Field', type: 'bool' }, { type: 'flag', value: false }, 'false'],
    [{ label: 'Field', type: 'bool' }, moment, 'true'],
    [{ label: 'Field', type: 'number' }, { type: 'number', value: 0 }, '0'],
    [{ label: 'Field', type: 'phone_number' }, { type: 'text', value: '+1 404' }, '+1 404'],
    [{ label: 'Field', type: 'string' }, choice('A'), 'A'],
    [
      { label: 'Field', type: 'string' },
      { type: 'url', value: 'https://example.com/' },
      'https://example.com/',
    ],
  ])('writes into %j the value %j, and null clears it', async (field, value, held) => {
    await onBench({ properties: { field } }, async ({ crm, ref, values }) => {
      expect((await crm.update(ref, { Field: value })).isOk()).toBe(true);
      expect(values().field).toBe(held);
      const empty: FieldValue = { ...value, value: null };
      expect((await crm.update(ref, { field: empty })).isOk()).toBe(true);
      expect(values().field).toBe('');
    });
  });

  it.each<[HubspotProperty, FieldValue, string]>([
    [{ label: 'Field', type: 'enumeration', options: { a: 'A' } }, choice('B'), '"Field" has no option "B"'],
    [
      { label: 'Field', type: 'enumeration', fieldType: 'checkbox', options: { a: 'A' } },
      choice('A'),
      '"Field" holds several values, which writing one would take away',
    ],
    [{ label: 'Field', type: 'string', readOnly: true }, choice('A'), '"Field" is written by HubSpot alone'],
    [{ label: 'Field', type: 'date' }, choice('A'), '"Field" is of type date, which takes no choice'],
    [
      { label: 'Field', type: 'datetime' },
      date('2026-03-05'),
      '"Field" is of type datetime, which takes no date',
    ],
  ])('refuses for %j the value %j, and writes nothing of that change', async (field, value, reason) => {
    await onBench({ properties: { field } }, async ({ crm, hubspot, ref }) => {
      const fields = { [status]: choice('Booked'), Field: value };
      expect(await errorOf(crm.update(ref, fields))).toMatchObject({ kind: 'rejected', reason });
      expect(hubspot.count('patch')).toBe(0);
    });
  });

  it('refuses a label that two properties have, and takes the internal name of one', async () => {
    const field = { label: 'Twin', type: 'string' } as const;
    await onBench({ properties: { one: field, two: field } }, async ({ crm, ref, values }) => {
      expect(await errorOf(crm.update(ref, { Twin: choice('x') }))).toMatchObject({
        reason: 'contacts have no property "Twin"',
      });
      expect((await crm.update(ref, { two: choice('x') })).isOk()).toBe(true);
      expect(values().two).toBe('x');
    });
  });

  it('looks again before it refuses what may have been made since', async () => {
    await onBench({}, async ({ crm, hubspot, ref, values }) => {
      await crm.update(ref, { [status]: choice('Booked') });
      hubspot.setProperty('booking_status', {
        label: status,
        type: 'enumeration',
        options: { held: 'Completed' },
      });
      expect((await crm.update(ref, { [status]: choice('Completed') })).isOk()).toBe(true);
      expect(values().booking_status).toBe('held');
    });
  });

  it('asks again by the new properties when HubSpot refuses by them, and once only', async () => {
    await onBench({}, async ({ crm, hubspot, ref }) => {
      await crm.update(ref, { [status]: choice('Booked') });
      hubspot.setProperty('booking_status', null);
      hubspot.setProperty('status_of_booking', { label: status, type: 'string' });
      expect((await crm.update(ref, { [status]: choice('Booked') })).isOk()).toBe(true);
      hubspot.failNext({ status: 400 }, { kind: 'patch', times: 2 });
      expect((await errorOf(crm.update(ref, { [status]: choice('Not Booked') }))).kind).toBe('rejected');
      expect(hubspot.count('patch')).toBe(4);
    });
  });

  it.each(['no such contact', '../properties/contacts', '1?idProperty=email', ''])(
    'rejects %j as no contact, and asks nobody',
    async (ref) => {
      await onBench({}, async ({ crm, hubspot }) => {
        const none = { kind: 'rejected', reason: 'HubSpot has no such contact' };
        expect(await errorOf(crm.update(ref, { [status]: choice('Booked') }))).toMatchObject(none);
        expect(await errorOf(crm.recordSent(ref, '24h', noon))).toMatchObject(none);
        expect(hubspot.requests).toEqual([]);
      });
    },
  );

  it('rejects a contact that is gone, without reading the properties again', async () => {
    await onBench({}, async ({ crm, hubspot }) => {
      for (const value of ['Booked', 'Not Booked'])
        expect((await errorOf(crm.update('999', { [status]: choice(value) }))).kind).toBe('rejected');
      expect(hubspot.requests.map(({ kind }) => kind)).toEqual(['properties', 'patch', 'patch']);
    });
  });
});

describe('recordSent', () => {
  it('marks a date with the day in UTC, and leaves it alone from then on', async () => {
    const sentProperties = { '24h': 'Sent on' };
    const options = {
      properties: { sent_on: { label: 'Sent on', type: 'date' } as const },
      crm: { membership: { ...membership, sentProperties } },
    };
    await onBench(options, async ({ crm, hubspot, ref, values }) => {
      expect((await crm.recordSent(ref, '24h', noon)).isOk()).toBe(true);
      expect((await crm.recordSent(ref, '24h', noon.add({ hours: 48 }))).isOk()).toBe(true);
      expect(values().sent_on).toBe('2026-03-02');
      expect(hubspot.count('patch')).toBe(1);
    });
  });

  it('asks nobody for a rule that has no property, nor without campaigns', async () => {
    await onBench({}, async ({ crm, hubspot, ref }) => {
      expect((await crm.recordSent(ref, 'follow-up', noon)).isOk()).toBe(true);
      expect(hubspot.requests).toEqual([]);
    });
    await onBench(
      { crm: { membership: { campaignProperty: 'Campaigns' } } },
      async ({ crm, hubspot, ref }) => {
        expect((await crm.recordSent(ref, '24h', noon)).isOk()).toBe(true);
        expect(hubspot.requests).toEqual([]);
      },
    );
  });

  it('does not mark what it could not look at', async () => {
    await onBench({}, async ({ crm, hubspot, ref }) => {
      hubspot.failNext({ status: 500 }, { kind: 'contact' });
      expect((await errorOf(crm.recordSent(ref, '24h', noon))).kind).toBe('unavailable');
      expect((await errorOf(crm.recordSent('999', '24h', noon))).kind).toBe('rejected');
      expect(hubspot.count('patch')).toBe(0);
    });
  });
});
