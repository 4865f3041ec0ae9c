// The words of a text message where a policy has none of its own: who, when, where, and how to get no more of them. Kept
// to two segments.
import { type MailFacts, type TextContent, textContent } from './content.ts';
import { oneLine, unlinked } from './html.ts';
import { wordsIn } from './reminder-words.ts';
import { remaining, spokenClock } from './spoken-time.ts';
import { inGsm7, segmentsOf } from './text-segments.ts';
import { zoneOf } from './wall-clock.ts';

const mostSegments = 2;
const longestHost = 40;

/** In the languages of `defaultReminder`. Needs nothing. Of what does not fit the host's name goes first, then the place. */
export const defaultText: TextContent = textContent({
  needs: [],
  render(facts) {
    const host = unlinked(facts.host?.name ?? '').slice(0, longestHost);
    const place = placeOf(facts);
    const whole = written(facts, { host, place });
    if (fits(whole)) return whole;
    const nameless = written(facts, { host: '', place });
    return fits(nameless) ? nameless : written(facts, { host: '', place: null });
  },
});

function fits(text: string): boolean {
  return segmentsOf(text).segments <= mostSegments;
}

function written(facts: MailFacts, said: { readonly host: string; readonly place: string | null }): string {
  const { startAt, now, locale, timeZone } = facts;
  const words = wordsIn(locale);
  const call = words.call(said.host);
  const left = remaining(now, startAt);
  const clock = spokenClock(startAt, zoneOf(timeZone), locale);
  const opening = left ? `${words.starts(call, words.left(left))} (${clock}).` : `${call} (${clock}).`;
  return inGsm7([opening, said.place, words.textStop].filter(Boolean).join(' '));
}

function placeOf({ locale, place }: MailFacts): string | null {
  const words = wordsIn(locale);
  switch (place?.kind) {
    case 'link':
      return `${words.joinAt}${words.colon}${oneLine(place.url, 500)}`;
    case 'phone':
      return `${words.phone}${words.colon}${unlinked(place.number)}.`;
    case 'address':
      return `${words.where}${words.colon}${unlinked(place.text, 120)}.`;
    default:
      return null;
  }
}
