import { counted } from '@precall/core';
import { expect, it } from 'vitest';

it.each([
  [counted(0, 'booking'), '0 bookings'],
  [counted(1, 'booking'), '1 booking'],
  [counted(2, 'booking'), '2 bookings'],
  [counted(1, 'person', 'people'), '1 person'],
  [counted(2, 'person', 'people'), '2 people'],
])('%s', (said, right) => {
  expect(said).toBe(right);
});
