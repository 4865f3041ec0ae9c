// What became of calls, by what was said before them, and which of two texts did better. Counts, and nobody's name.
import {
  type CallOutcome,
  type Comparison,
  type CountedOutcomes,
  compareTexts,
  counted,
  type Html,
  html,
  type OutcomeRow,
  type Share,
  shareOf,
} from '@precall/core';
import type { Asked, PageBody } from './frame.ts';
import { channelChip } from './way.ts';

export function outcomesPage(
  { rows, bookings, unreadable, isAll }: CountedOutcomes,
  { to }: Asked,
): PageBody {
  const comparisons = compareTexts(rows);
  const main = html`<h1>Outcomes</h1>
<section class="card" aria-labelledby="calls">
<h2 id="calls">What became of calls</h2>
<p class="note">Of ${isAll ? `all bookings (${bookings})` : `the ${counted(bookings, 'booking')} that changed last`}${unreadable > 0 ? `, but for ${unreadable} that cannot be read` : ''}. A call counts in the row of each rule by which its person was reminded. The share held is of calls held, missed or cancelled late, which is within 24 hours before their start; in brackets the bounds between which it lies in 95 of 100 cases.</p>
${
  rows.length === 0
    ? html`<p class="note">No call has come to its end yet.</p>`
    : html`<div class="scrolled" tabindex="0" role="group" aria-label="What became of calls, by rule">${table(rows)}</div>
<p class="note"><a href="${to(['outcomes.csv'])}">As a table for a spreadsheet</a></p>`
}
</section>
${comparisons.length === 0 ? null : html`<section class="card" aria-labelledby="texts"><h2 id="texts">Two texts of one rule</h2>${comparisons.map(compared)}</section>`}`;
  return { title: 'Outcomes', here: 'outcomes', main };
}

const outcomes: readonly (readonly [outcome: CallOutcome, words: string])[] = [
  ['held', 'Held'],
  ['no_show', 'No-show'],
  ['cancelled_late', 'Cancelled late'],
  ['cancelled', 'Cancelled'],
  ['moved', 'Moved'],
];

/** What matters most stands first: a telephone shows no more than that at once. */
function table(rows: readonly OutcomeRow[]): Html {
  const hasSegments = rows.some(({ segment }) => segment !== null);
  return html`<table class="table"><thead><tr><th scope="col">Reminder</th><th scope="col">Agreed ahead</th><th scope="col">Share held</th>${outcomes.map(([, words]) => html`<th scope="col" class="number">${words}</th>`)}${hasSegments ? html`<th scope="col">Segment</th>` : null}</tr></thead>
<tbody>${rows.map((row) => line(row, hasSegments))}</tbody></table>`;
}

function line(row: OutcomeRow, hasSegments: boolean): Html {
  const { rule, text, channel, lead, segment, counts } = row;
  return html`<tr><th scope="row" class="rule">${rule ?? 'none sent'}${channel && html` ${channelChip(channel)}`}${text && html` <span class="quiet">text ${text}</span>`}</th><td>${lead}</td><td>${shareWords(shareOf([row]))}</td>${outcomes.map(([outcome]) => html`<td class="number">${String(counts[outcome])}</td>`)}${hasSegments ? html`<td>${segment ?? ''}</td>` : null}</tr>`;
}

function compared({ rule, a, b, difference, neededEach }: Comparison): Html {
  const isShown = difference.low > 0 || difference.high < 0;
  return html`<p><strong>${rule}</strong>: text a ${shareWords(a)}, text b ${shareWords(b)}. The difference is ${points(difference.value)} points (${points(difference.low)} to ${points(difference.high)}): ${isShown ? 'more than chance' : 'no more than chance may make'}.${neededEach === null ? null : html` To show such a difference takes ${counted(neededEach, 'call')} with each text.`}</p>`;
}

function shareWords({ came, of, share, low, high }: Share): Html {
  if (of === 0) return html`none yet`;
  return html`${percent(share)} <span class="whole">(${percent(low)} to ${percent(high)}; ${came} of ${of})</span>`;
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;
const points = (difference: number): string =>
  (difference * 100).toFixed(0).replace(/^-0$/, '0').replace('-', '\u2212');
