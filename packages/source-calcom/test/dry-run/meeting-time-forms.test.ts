import { Temporal } from '@precall/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pathsOf, sampleWith, updateOf } from '../samples.ts';

const call = (startTime: unknown, endTime: unknown = '9999-12-31T23:59:59.999Z') =>
  sampleWith('BOOKING_CREATED', { startTime, endTime });
const startOf = (startTime: unknown) => updateOf(call(startTime)).time?.startAt.toString();

describe('Meeting time validation: every ISO form', () => {
  it.each([
    ['as new bookings have it', '2026-12-03T15:00:00Z', '2026-12-03T15:00:00Z'],
    ['as declines and payments have it', '2026-12-03T15:00:00.000Z', '2026-12-03T15:00:00Z'],
    ['as cancellations have it', '2026-12-03T15:00:00+00:00', '2026-12-03T15:00:00Z'],
    ['of a server in Zagreb', '2026-12-03T16:00:00+01:00', '2026-12-03T15:00:00Z'],
    ['of a server in New York', '2026-12-03T10:00:00-05:00', '2026-12-03T15:00:00Z'],
    ['over midnight', '2026-12-04T00:30:00+09:30', '2026-12-03T15:00:00Z'],
    ['half-hour offset', '2026-12-03T20:30:00+05:30', '2026-12-03T15:00:00Z'],
    ['without seconds', '2026-12-03T15:00Z', '2026-12-03T15:00:00Z'],
    ['hour only', '2026-12-03T15Z', '2026-12-03T15:00:00Z'],
    ['offset in hours', '2026-12-03T16:00+01', '2026-12-03T15:00:00Z'],
    ['basic format', '20261203T150000Z', '2026-12-03T15:00:00Z'],
    ['basic format with offset', '20261203T1600+0100', '2026-12-03T15:00:00Z'],
    ['small letters', '2026-12-03t15:00:00z', '2026-12-03T15:00:00Z'],
    ['a blank for the T', '2026-12-03 15:00:00Z', '2026-12-03T15:00:00Z'],
    ['a comma in the fraction', '2026-12-03T15:00:00,250Z', '2026-12-03T15:00:00.25Z'],
    ['negative zero offset', '2026-12-03T15:00:00-00:00', '2026-12-03T15:00:00Z'],
    ['offset and zone', '2026-12-03T16:00:00+01:00[Europe/Zagreb]', '2026-12-03T15:00:00Z'],
    ['an expanded year', '+002026-12-03T15:00:00Z', '2026-12-03T15:00:00Z'],
    ['finer than milliseconds: cut', '2026-12-03T15:00:00.123999999Z', '2026-12-03T15:00:00.123Z'],
    ['a leap day', '2028-02-29T15:00:00Z', '2028-02-29T15:00:00Z'],
    ['a leap second: the second before', '2026-12-31T23:59:60Z', '2026-12-31T23:59:59Z'],
    ['the first moment', '1970-01-01T00:00:00Z', '1970-01-01T00:00:00Z'],
    ['the last moment', '9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ])('takes %s: %s', (_form, text, instant) => {
    expect(startOf(text)).toBe(instant);
  });

  it.each([
    ['no zone', '2026-12-03T15:00:00'],
    ['a zone without offset', '2026-12-03T15:00:00[Europe/Zagreb]'],
    ['a day only', '2026-12-03'],
    ['a day with zone', '2026-12-03Z'],
    ['a week date', '2026-W49-4T15:00:00Z'],
    ['an ordinal date', '2026-337T15:00:00Z'],
    ['a day that does not exist', '2026-02-29T15:00:00Z'],
    ['a month that does not exist', '2026-13-01T15:00:00Z'],
    ['an hour that does not exist', '2026-12-03T25:00:00Z'],
    ["24 o'clock", '2026-12-03T24:00:00Z'],
    ['an offset of a day', '2026-12-03T15:00:00+24:00'],
    ['an offset of one digit', '2026-12-03T15:00:00+1:00'],
    ['the name of a zone', '2026-12-03T15:00:00 UTC'],
    ['another dash', '2026\u221212\u221203T15:00:00Z'],
    ['ten digits of a fraction', '2026-12-03T15:00:00.1234567890Z'],
    ['a blank before', ' 2026-12-03T15:00:00Z'],
    ['a line break behind', '2026-12-03T15:00:00Z\n'],
    ['a year before 1970', '1969-12-31T23:59:59Z'],
    ['a year beyond 9999', '+010000-01-01T00:00:00Z'],
    ['an American date', '12/03/2026 3:00 PM'],
    ['a mail date', 'Thu, 03 Dec 2026 15:00:00 GMT'],
    ['words', 'tomorrow at three'],
    ['nothing', ''],
    ['a text without end', `2026-12-03T15:00:00Z${'[a=a]'.repeat(6_000)}`],
    ['seconds since 1970', 1_796_310_000],
    ['null', null],
    ['an object', { $date: '2026-12-03T15:00:00Z' }],
  ])('refuses %s at its place', (_form, text) => {
    expect(pathsOf(call(text))).toEqual(['payload.startTime']);
    expect(pathsOf(call('1970-01-01T00:00:00Z', text))).toEqual(['payload.endTime']);
  });

  it('refuses an end before the start, and takes one at the start', () => {
    expect(pathsOf(call('2026-12-03T15:00:00Z', '2026-12-03T14:59:59.999Z'))).toEqual(['payload.endTime']);
    expect(pathsOf(call('2026-12-03T15:00:00Z', '2026-12-03T15:59:00+01:00'))).toEqual(['payload.endTime']);
    expect(updateOf(call('2026-12-03T15:00:00Z', '2026-12-03T16:00:00+01:00')).kind).toBe('agreed');
  });

  it('always reads the same moment out of whichever offset it is written with', () => {
    const moments = fc.date({
      min: new Date('1970-01-02'),
      max: new Date('9999-12-30'),
      noInvalidDate: true,
    });
    const offset = fc.integer({ min: -1439, max: 1439 }).map((minutes) => {
      const [hour, minute] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
      return `${minutes < 0 ? '-' : '+'}${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
    });
    fc.assert(
      fc.property(moments, offset, (date, zone) => {
        const instant = Temporal.Instant.fromEpochMilliseconds(date.getTime());
        const written = instant.toZonedDateTimeISO(zone).toString({ timeZoneName: 'never' });
        expect(startOf(written)).toBe(instant.toString());
      }),
    );
  });
});
