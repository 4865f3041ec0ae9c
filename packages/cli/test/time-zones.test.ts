import { describe, expect, it } from 'vitest';
import { zoneFaults } from '../src/time-zones.ts';

const at = new Date('2025-07-01T12:00:00Z');

describe('zoneFaults', () => {
  it('finds nothing wrong with the zone data of a Node of today', () => {
    expect(zoneFaults()).toEqual([]);
  });

  it('tells old data by a rule that it does not know', () => {
    const [fault] = zoneFaults({ zone: 'America/Asuncion', at, offset: 'GMT-04:00' });
    expect(fault).toMatchObject({
      where: expect.stringContaining(process.version),
      fault: 'Its data is out of date: it has America/Asuncion at GMT-03:00 on 2025-07-01, not at GMT-04:00.',
      cure: expect.stringContaining('newer Node'),
    });
  });

  it('tells data without the zone', () => {
    expect(zoneFaults({ zone: 'Atlantis/Capital', at, offset: 'GMT' })).toMatchObject([
      { fault: 'It does not know the zone Atlantis/Capital.' },
    ]);
  });
});
