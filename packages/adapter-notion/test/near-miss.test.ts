import { describe, expect, it } from 'vitest';
import { nearest, nearMiss } from '../src/near-miss.ts';

describe('nearMiss', () => {
  it.each([
    ['Booking Status', 'BOOKING STATUS'],
    ['Booking Status', ' booking  status '],
    ['Booking Status', 'Boking Statsu'],
    ['Diagnostic Call Date', 'Diagnostic call'],
    ['Booked', 'Booked!'],
  ])('finds for %j the name %j: case and blanks do not count, a few letters hardly', (wanted, name) => {
    expect(nearMiss(wanted, ['Segment', name, 'Phase'])).toBe(name);
  });

  it('takes nothing for a near-miss that is another word', () => {
    expect(nearMiss('Booking Status', ['Segment', 'Campaign Status', ''])).toBe(null);
    expect(nearMiss('Booking Status', [])).toBe(null);
  });
});

describe('nearest', () => {
  it('is the one with the fewest differences, however many', () => {
    expect(nearest('Booked', ['Completed', 'Not Booked', 'No-Show'])).toBe('Not Booked');
    expect(nearest('Zzz', ['Completed', 'No-Show'])).toBe('No-Show');
    expect(nearest('Booked', [])).toBe(null);
  });
});
