import { Temporal } from '@precall/core';
import { expect, it } from 'vitest';
import { readMoment } from '../src/argument-readers.ts';

it.each([
  ['PT2H1M', 2 * 60 + 1],
  ['P3DT1M', 3 * 24 * 60 + 1],
])('%s is a length from now', (text, minutes) => {
  const wanted = Temporal.Now.instant().add({ minutes });
  expect(Math.abs(readMoment(text).since(wanted).total('seconds'))).toBeLessThan(5);
});

it.each(['P1M', 'P1W', 'tomorrow', '2026-12-03T15:00:00'])('%s is refused, with what to give', (text) => {
  expect(() => readMoment(text)).toThrow('such as P3DT2H');
});
