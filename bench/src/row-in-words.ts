// A row as a line of text.
import { isMet, type Row, type Target } from './measure.ts';

export function rowInWords(row: Row): string {
  const { name, what, unit, figure, baseline, ratio, spread, rounds, target, cpuRatio } = row;
  const against =
    baseline && ratio !== null ? `, ${round(ratio)} times ${baseline.name} (${round(baseline.figure)})` : '';
  const met = { true: 'met', false: 'MISSED', null: '' }[`${isMet(row)}`];
  const wanted = target ? `; target ${targetInWords(target)}: ${met}` : '';
  const between = `${round(spread[0])} to ${round(spread[1])} in ${rounds} rounds`;
  const cpu = cpuRatio === null ? '' : `, CPU time ${round(cpuRatio)} times`;
  return `${name}: ${what}: ${round(figure)} ${unit}${against}${cpu}; ${between}${wanted}`;
}

export function targetInWords(target: Target): string {
  return 'atLeast' in target ? `at least ${target.atLeast}` : `at most ${target.atMost}`;
}

/** Three figures that count. */
export function round(value: number): string {
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(3)));
}
