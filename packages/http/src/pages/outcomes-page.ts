// What became of calls, by what was said before them, and which of two texts did better. Counts, and nobody's name.
import {
  type Comparison,
  type CountedOutcomes,
  compareTexts,
  type Html,
  html,
  type OutcomeRow,
  type Share,
  shareOf,
} from '@precall/core';
import type { Asked, PageBody } from './frame.ts';
import { channelWords } from './way.ts';

export function outcomesPage(
  { rows, bookings, unreadable, isAll }: CountedOutcomes,
  { to }: Asked,
): PageBody {
  const comparisons = compareTexts(rows);
  const main = html`<h1>Outcomes</h1>
<section class="card" aria-labelledby="calls">
<h2 id="calls">What became of calls</h2>
<p class="note">Of ${isAll ? `all bookings (${bookings})` : `the ${bookings} bookings that changed last`}${unreadable > 0 ? `, but for ${unreadable} that cannot be read` : ''}. A call counts in the row of each rule by which its person was reminded. The share is of calls held, missed or cancelled within 24 hours before their start, with the bounds between which it lies in 95 of 100 cases.</p>
${
  rows.length === 0
    ? html`<p class="note">No call has come to its end yet.</p>`
    : html`<div class="scrolled" tabindex="0" role="group" aria-label="What became of calls, by rule"><table class="table"><thead><tr><th scope="col">Rule</th><th scope="col">Text</th><th scope="col">Channel</th><th scope="col">Agreed ahead</th><th scope="col">Segment</th><th scope="col">Held</th><th scope="col">No-show</th><th scope="col">Cancelled late</th><th scope="col">Cancelled</th><th scope="col">Moved</th><th scope="col">Share held</th></tr></thead>
<tbody>${rows.map(line)}</tbody></table></div>
<p class="note"><a href="${to(['outcomes.csv'])}">As a table for a spreadsheet</a></p>`
}
</section>
${comparisons.length === 0 ? null : html`<section class="card" aria-labelledby="texts"><h2 id="texts">Two texts of one rule</h2>${comparisons.map(compared)}</section>`}`;
  return { title: 'Outcomes', here: 'outcomes', main };
}

function line(row: OutcomeRow): Html {
  const { rule, text, channel, lead, segment, counts } = row;
  return html`<tr><th scope="row" class="rule">${rule ?? 'none sent'}</th><td>${text ?? ''}</td><td>${channel ? channelWords[channel] : ''}</td><td>${lead}</td><td>${segment ?? ''}</td><td>${String(counts.held)}</td><td>${String(counts.no_show)}</td><td>${String(counts.cancelled_late)}</td><td>${String(counts.cancelled)}</td><td>${String(counts.moved)}</td><td class="whole">${shareWords(shareOf([row]))}</td></tr>`;
}

function compared({ rule, a, b, difference, neededEach }: Comparison): Html {
  const isShown = difference.low > 0 || difference.high < 0;
  return html`<p><strong>${rule}</strong>: text a ${shareWords(a)}, text b ${shareWords(b)}. The difference is ${points(difference.value)} points (${points(difference.low)} to ${points(difference.high)}): ${isShown ? 'more than chance' : 'no more than chance may make'}.${neededEach === null ? null : html` To show such a difference takes ${String(neededEach)} calls with each text.`}</p>`;
}

function shareWords({ came, of, share, low, high }: Share): string {
  return of === 0 ? 'none yet' : `${percent(share)} (${percent(low)} to ${percent(high)}; ${came} of ${of})`;
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;
const points = (difference: number): string => (difference * 100).toFixed(0).replace(/^-0$/, '0');
