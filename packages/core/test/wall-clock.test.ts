import type { Instant, Temporal } from '@precall/core';
import { describe, expect, it } from 'vitest';
import { isKnownZone, outsideQuietHours, quietFrom, wallClockBefore, zoneOf } from '../src/wall-clock.ts';
import { at, wallTime } from './agreed-call.ts';

const berlin = 'Europe/Berlin';

describe('zoneOf', () => {
  it('takes the first name that is a zone', () => {
    expect(zoneOf('Asia/Tokyo', berlin)).toBe('Asia/Tokyo');
    expect(zoneOf(null, undefined, '', 'Mars/Olympus', berlin)).toBe(berlin);
  });

  it.each(['+02:00', '2026-01-01T00:00Z[Europe/Berlin]', 'Europe/Berlin\n', '__proto__', '../../etc'])(
    'falls back to UTC for %j',
    (name) => {
      expect(zoneOf(name)).toBe('UTC');
    },
  );
});

describe('isKnownZone', () => {
  it('knows the names of zones, and nothing else', () => {
    for (const name of [berlin, 'UTC', 'Etc/GMT+5', 'America/Argentina/Buenos_Aires'])
      expect(isKnownZone(name)).toBe(true);
    for (const name of [null, undefined, '', 'Mars/Olympus', '+01:00', `Europe/${'x'.repeat(80)}`])
      expect(isKnownZone(name)).toBe(false);
  });
});

describe('wallClockBefore', () => {
  const eve = (startAt: string, time: string, daysBefore = 1): string =>
    wallClockBefore(at(startAt), { daysBefore, at: wallTime(time) }, berlin).toString();

  it('counts calendar days of the zone, not stretches of 24 hours', () => {
    expect(eve('2026-12-03T15:00:00Z', '09:00')).toBe('2026-12-02T08:00:00Z');
    expect(eve('2026-12-02T23:30:00Z', '09:00')).toBe('2026-12-02T08:00:00Z');
    expect(eve('2026-03-30T10:00:00Z', '09:00', 2)).toBe('2026-03-28T08:00:00Z');
    expect(eve('2026-12-03T15:00:00Z', '09:00', 0)).toBe('2026-12-03T08:00:00Z');
  });

  it('takes a time that the clocks skip as that much later', () => {
    expect(eve('2026-03-30T10:00:00Z', '02:30')).toBe('2026-03-29T01:30:00Z');
  });

  it('takes the first of a time shown twice', () => {
    expect(eve('2026-10-26T10:00:00Z', '02:30')).toBe('2026-10-25T00:30:00Z');
  });
});

describe('outsideQuietHours', () => {
  const moved = (moment: string, from: string, to: string): string =>
    outsideQuietHours(at(moment), { from: wallTime(from), to: wallTime(to) }, berlin).toString();

  it('leaves what lies outside, and both ends, where it is', () => {
    for (const moment of ['2026-12-03T15:00:00Z', '2026-12-03T20:00:00Z', '2026-12-03T06:00:00Z']) {
      expect(moved(moment, '21:00', '07:00')).toBe(moment);
    }
    expect(moved('2026-12-03T13:00:00Z', '13:00', '14:00')).toBe('2026-12-03T13:00:00Z');
    expect(moved('2026-12-03T10:00:00Z', '13:00', '14:00')).toBe('2026-12-03T10:00:00Z');
  });

  it('moves to the beginning, over midnight to the evening before', () => {
    expect(moved('2026-12-03T20:00:01Z', '21:00', '07:00')).toBe('2026-12-03T20:00:00Z');
    expect(moved('2026-12-03T05:59:59Z', '21:00', '07:00')).toBe('2026-12-02T20:00:00Z');
    expect(moved('2026-12-03T12:30:00Z', '13:00', '14:00')).toBe('2026-12-03T12:00:00Z');
  });

  it('knows no quiet hours where both ends are the same', () => {
    expect(moved('2026-12-03T12:30:00Z', '13:00', '13:00')).toBe('2026-12-03T12:30:00Z');
  });

  it('takes a beginning that the clocks skip as that much earlier', () => {
    expect(moved('2026-03-29T01:15:00Z', '02:30', '07:00')).toBe('2026-03-29T00:30:00Z');
  });
});

describe('quietFrom', () => {
  const begins = (moment: string, from: string, to: string) =>
    quietFrom(at(moment), { from: wallTime(from), to: wallTime(to) }, berlin)?.toString() ?? null;

  it('is the next beginning of quiet hours, this moment included', () => {
    expect(begins('2026-12-03T15:00:00Z', '21:00', '07:00')).toBe('2026-12-03T20:00:00Z');
    expect(begins('2026-12-03T20:00:00Z', '21:00', '07:00')).toBe('2026-12-03T20:00:00Z');
    expect(begins('2026-12-03T20:00:00.001Z', '21:00', '07:00')).toBe('2026-12-04T20:00:00Z');
    expect(begins('2026-12-03T23:30:00Z', '21:00', '07:00')).toBe('2026-12-04T20:00:00Z');
  });

  it('takes a beginning that the clocks skip as that much earlier', () => {
    expect(begins('2026-03-28T23:30:00Z', '02:30', '07:00')).toBe('2026-03-29T00:30:00Z');
  });

  it('never comes where both ends are the same', () => {
    expect(begins('2026-12-03T15:00:00Z', '21:00', '21:00')).toBeNull();
  });
});

describe('every zone, at every change of its clocks from 2024 to 2030', () => {
  const changes = Intl.supportedValuesOf('timeZone').flatMap((zone) =>
    changesOf(zone).map((change) => ({ zone, change })),
  );
  const times = ['00:00', '00:30', '01:30', '02:00', '02:30', '03:00', '09:00'].map(wallTime);

  it('finds the moment that Intl shows as the time asked for: of two the first, of none the later side', () => {
    const found = { once: 0, twice: 0, skipped: 0 };
    for (const { zone, change } of changes) {
      const wall = wallReader(zone);
      const startAt = change.add({ hours: 3 * 24 });
      const day = Math.floor(wall(startAt) / dayMs) - 3;
      for (const time of times) {
        const asked = day * dayMs + minutesOf(time) * 60_000;
        const { moment, kind } = byIntl(asked, wall);
        const got = wallClockBefore(startAt, { daysBefore: 3, at: time }, zone);
        if (got.epochMilliseconds !== moment) {
          expect.fail(`${zone} ${time}: ${got} is not ${new Date(moment).toISOString()}`);
        }
        found[kind] += 1;
      }
    }
    expect(found.twice).toBeGreaterThan(500);
    expect(found.skipped).toBeGreaterThan(500);
    expect(found.once).toBeGreaterThan(5000);
  }, 120_000);

  it('moves out of quiet hours and never later', () => {
    let movedCount = 0;
    const quiet = [
      ['02:30', '07:00'],
      ['21:00', '07:00'],
      ['00:30', '20:30'],
    ].map(([from = '', to = '']) => ({ from: wallTime(from), to: wallTime(to) }));
    for (const { zone, change } of changes) {
      const wall = wallReader(zone);
      for (const hours of quiet) {
        for (const minutes of [-45, 0, 15, 45]) {
          const moment = change.add({ minutes });
          const got = outsideQuietHours(moment, hours, zone);
          const shown = ((wall(got) % dayMs) + dayMs) % dayMs;
          const [from, to] = [minutesOf(hours.from) * 60_000, minutesOf(hours.to) * 60_000];
          const isQuiet = from < to ? from < shown && shown < to : from < shown || shown < to;
          if (isQuiet || got.epochMilliseconds > moment.epochMilliseconds) {
            expect.fail(`${zone}: ${moment} became ${got} for ${hours.from} to ${hours.to}`);
          }
          if (got !== moment) movedCount += 1;
        }
      }
    }
    expect(movedCount).toBeGreaterThan(1000);
  }, 120_000);
});

const dayMs = 86_400_000;

function minutesOf(time: Temporal.PlainTime): number {
  return time.hour * 60 + time.minute;
}

function changesOf(zone: string): readonly Instant[] {
  const found: Instant[] = [];
  let local: Temporal.ZonedDateTime | null = at('2024-01-01T00:00:00Z').toZonedDateTimeISO(zone);
  while (local) {
    local = local.getTimeZoneTransition('next');
    if (!local || local.year > 2030) break;
    found.push(local.toInstant());
  }
  return found;
}

/** What the clocks in a zone show, by Intl alone: as if it were UTC, in milliseconds. */
function wallReader(zone: string): (moment: Instant | number) => number {
  const format = new Intl.DateTimeFormat('en-US-u-hc-h23', {
    timeZone: zone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (moment) => {
    const ms = typeof moment === 'number' ? moment : moment.epochMilliseconds;
    const [month = 0, day = 0, year = 0, hour = 0, minute = 0, second = 0] = (
      format.format(ms).match(/\d+/g) ?? []
    ).map(Number);
    return Date.UTC(year, month - 1, day, hour, minute, second);
  };
}

/** The offsets a day to either side give the only moments that can show the time. */
function byIntl(asked: number, wall: (ms: number) => number) {
  const offsets = [asked - dayMs, asked + dayMs].map((ms) => wall(ms) - ms);
  const [before = 0, after = 0] = offsets;
  const showing = [...new Set([asked - before, asked - after])].filter((ms) => wall(ms) === asked);
  const kind = (['skipped', 'once', 'twice'] as const)[showing.length] ?? 'once';
  return { kind, moment: showing.length === 0 ? asked - before : Math.min(...showing) };
}
