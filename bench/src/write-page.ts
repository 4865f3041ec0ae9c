// Puts what was measured into README.md's table and into ratios.svg: `write-page.ts` reads results.json beside them.
import { readFileSync, writeFileSync } from 'node:fs';
import { isMet, type Row } from './measure.ts';
import { readResults } from './results.ts';
import { round, targetInWords } from './row-in-words.ts';

const file = (name: string): URL => new URL(`../${name}`, import.meta.url);
const results = readResults(file('results.json').pathname);
const rows = Object.values(results).flatMap((one) => one.rows);

const marks = { begin: '<!-- table: begin -->', end: '<!-- table: end -->' };
const page = readFileSync(file('README.md'), 'utf8');
const [head] = page.split(marks.begin);
const [, tail] = page.split(marks.end);
writeFileSync(file('README.md'), `${head}${marks.begin}\n${tables()}\n${marks.end}${tail}`);
writeFileSync(file('ratios.svg'), picture(rows.filter(({ ratio }) => ratio !== null)));

function tables(): string {
  const lines = rows.map((row) =>
    [
      row.name,
      row.what,
      `${round(row.figure)} ${row.unit}`,
      row.baseline ? `${row.baseline.name}: ${round(row.baseline.figure)}` : '',
      row.ratio === null ? '' : round(row.ratio),
      `${round(row.spread[0])} to ${round(row.spread[1])}`,
      row.cpuRatio === null ? '' : round(row.cpuRatio),
      row.target ? `${targetInWords(row.target)}: ${isMet(row) ? 'met' : '**missed**'}` : '',
    ].join(' | '),
  );
  const conditions = Object.entries(results).map(([name, { measuredAt, machine, skipped }]) =>
    `- ${name}: ${measuredAt}, ${machine}${skipped ? `; skipped: ${skipped}` : ''}`.trimEnd(),
  );
  return [
    '',
    'Benchmark | What | Ours | Baseline | Ratio | Spread | CPU ratio | Target',
    '---|---|---|---|---|---|---|---',
    ...lines,
    '',
    'Measured at (UTC), on:',
    '',
    ...conditions,
    '',
  ].join('\n');
}

/** One bar a row on a scale of powers of ten; the line is the baseline, the tick the target. */
function picture(shown: readonly Row[]): string {
  const [left, right, step] = [20, 780, 44];
  const logs = shown.flatMap(({ ratio, target }) => [ratio ?? 1, targetOf(target) ?? 1]).map(Math.log10);
  const [low, high] = [Math.min(-0.5, ...logs) - 0.1, Math.max(0.5, ...logs) + 0.1];
  const x = (ratio: number): number =>
    Math.round(left + ((Math.log10(ratio) - low) / (high - low)) * (right - left));
  const bars = shown.map((row, index) => {
    const y = 24 + index * step;
    const ratio = row.ratio ?? 1;
    const target = targetOf(row.target);
    const met = isMet(row);
    const state = met === null ? 'plain' : met ? 'met' : 'missed';
    const tick = target === null ? '' : `<path class="tick" d="M${x(target)} ${y + 16}v18"/>`;
    return `<text x="${left}" y="${y + 10}">${escaped(`${row.what}: ${round(ratio)} × ${row.baseline?.name}`)}</text>
<rect class="${state}" x="${Math.min(x(1), x(ratio))}" y="${y + 18}" width="${Math.max(1, Math.abs(x(ratio) - x(1)))}" height="14"/>${tick}`;
  });
  const height = 40 + shown.length * step;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 ${height}" role="img" aria-label="Ratios to the baselines">
<style>
text { font: 11px system-ui, sans-serif; fill: #24292f }
.met { fill: #2da44e } .missed { fill: #cf222e } .plain { fill: #8c959f }
.one { stroke: #57606a; fill: none } .tick { stroke: #9a6700; stroke-width: 3; fill: none }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .one { stroke: #8b949e } .tick { stroke: #d29922 } }
</style>
<path class="one" d="M${x(1)} 16V${height - 20}"/>
${bars.join('\n')}
<text x="${left}" y="${height - 6}">The line is the baseline, a scale of powers of ten; the tick is the target; green met, red missed, grey without one.</text>
</svg>
`;
}

function targetOf(target: Row['target']): number | null {
  if (!target) return null;
  return 'atLeast' in target ? target.atLeast : target.atMost;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
