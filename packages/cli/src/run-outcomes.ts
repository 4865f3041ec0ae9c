// `precall outcomes`: what became of calls, by what was said before them.
import { type CountedOutcomes, compareTexts, counted, outcomesCsv, shareOf } from '@precall/core';
import type { Answer } from './answer.ts';
import { readJson } from './host-access.ts';
import { localPrecall } from './local-precall.ts';
import { hostOf, type PlaceOptions, placeOf, variablesOfProcess, withReading } from './place.ts';
import { answered } from './state-transfer.ts';
import { type PolicyOptions, withRules } from './with-rules.ts';

export interface OutcomesOptions extends PlaceOptions, PolicyOptions {
  /** As a table for a spreadsheet. */
  readonly csv?: true | undefined;
}

export async function runOutcomes(options: OutcomesOptions): Promise<Answer> {
  const variables = variablesOfProcess();
  const host = hostOf(options, variables);
  if (host)
    return answerOf((await readJson(host, '/operator/api/outcomes')) as unknown as CountedOutcomes, options);
  return await withRules(options, variables, async ({ policy, line }) => {
    const outcomes = await withReading({ place: placeOf(options, variables), host }, async (store) =>
      answered(await localPrecall(store, policy).desk.outcomes()),
    );
    const answer = answerOf(outcomes, options);
    return options.csv ? answer : { ...answer, words: `${answer.words}\n${line}` };
  });
}

function answerOf(outcomes: CountedOutcomes, { csv }: OutcomesOptions): Answer {
  const { rows } = outcomes;
  const comparisons = compareTexts(rows);
  return {
    json: { ...outcomes, comparisons },
    words: csv
      ? outcomesCsv(rows).trimEnd()
      : [...rows.map(inWords), ...comparisons.map(compared), sum()].join('\n'),
  };

  function sum(): string {
    const { bookings, unreadable, isAll } = outcomes;
    const lost = unreadable > 0 ? `, but for ${unreadable} that cannot be read` : '';
    return `Counted: ${isAll ? `all bookings (${bookings})` : `the ${counted(bookings, 'booking')} that changed last`}${lost}.`;
  }
}

function inWords(row: CountedOutcomes['rows'][number]): string {
  const { rule, text, channel, lead, segment, counts } = row;
  const kind = [rule ?? 'none sent', text && `text ${text}`, channel, lead, segment]
    .filter(Boolean)
    .join(', ');
  const { held, no_show: missed, cancelled_late: late, cancelled, moved } = counts;
  return `${kind}: held ${held}, no-show ${missed}, cancelled late ${late}, cancelled ${cancelled}, moved ${moved}; ${shareWords(shareOf([row]))}`;
}

function compared({ rule, a, b, difference, neededEach }: ReturnType<typeof compareTexts>[number]): string {
  const needed =
    neededEach === null ? '' : `; to show such a difference takes ${counted(neededEach, 'call')} with each`;
  const { value, low, high } = difference;
  return `${rule}, text b against a: ${shareWords(b)} against ${shareWords(a)}; ${points(value)} points (${points(low)} to ${points(high)})${needed}`;
}

function shareWords({ of, share, low, high }: ReturnType<typeof shareOf>): string {
  return of === 0 ? 'no share yet' : `${percent(share)} held (${percent(low)} to ${percent(high)}, of ${of})`;
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;
const points = (difference: number): string => (difference * 100).toFixed(0);
