// Results as a Markdown table.
import { isMet, type Machine, type Row } from './harness.ts';

/** By the benchmark's name. */
export interface Results {
  readonly [benchmark: string]: { readonly ran: Machine; readonly rows: readonly Row[] };
}

const headings = ['what', 'figure', 'beside it', 'ratio (spread)', 'target', ''];

export function table(results: Results): string {
  const rows = Object.values(results).flatMap((one) => one.rows.map(cells));
  return [headings, headings.map(() => '---'), ...rows].map((line) => `| ${line.join(' | ')} |`).join('\n');
}

function cells(row: Row): readonly string[] {
  const { what, figure, unit, baseline, ratio, target, remark } = row;
  const met = isMet(row);
  return [
    remark ? `${what}; ${remark}` : what,
    `${shown(figure)} ${unit}`,
    baseline ? `${shown(baseline.figure)}: ${baseline.name}` : '',
    ratio ? `${shown(ratio.median)} (${shown(ratio.least)} to ${shown(ratio.most)})` : '',
    target ? `${target.is} ${target.value}${target.of === 'ratio' ? ' times' : ` ${unit}`}` : '',
    met === null ? '' : met ? 'met' : '**missed**',
  ];
}

/** Three digits are as many as a noisy machine can mean. */
export function shown(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
