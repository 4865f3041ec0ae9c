// The facts that a text can name, each with what it says. The table of the README is this one.
import {
  type MailFacts,
  type NeededFact,
  oneLine,
  remaining,
  safeUrl,
  spokenClock,
  spokenTime,
  unlinked,
  wordsIn,
} from '@precall/core';

/** A fact by the names that a text may use for it. */
export interface FactName {
  /** The first is the one to write; the others mean the same. */
  readonly names: readonly [string, ...string[]];
  /** What core must know to say it; null: it is always known, or core has no name for it. */
  readonly need: NeededFact | null;
  /** It is an address to go to, and may be one in a link. */
  readonly isLink: boolean;
  /** In plain words, not escaped; null: not known of this call. Links are https, mailto or tel, or Precall's own. */
  say(facts: MailFacts, language: string): string | null;
}

/** Every fact that a text may name. */
export const factNames: readonly FactName[] = [
  words(['first_name'], 'firstName', ({ firstName }) => unlinked(firstName ?? '')),
  words(['name', 'full_name'], 'name', ({ name }) => unlinked(name ?? '')),
  words(['call_date', 'diagnostic_call_date'], null, (facts, language) => when(facts, language).date),
  words(['call_time'], null, (facts, language) => when(facts, language).time),
  words(['call_end_time'], null, ({ endAt, timeZone }, language) => spokenClock(endAt, timeZone, language)),
  words(['time_zone'], null, (facts, language) => when(facts, language).zone),
  words(['remaining_time', 'starts_in'], null, ({ now, startAt }, language) => {
    const left = remaining(now, startAt);
    return left && wordsIn(language).left(left);
  }),
  words(['organizer', 'host_name'], 'host', ({ host }) => unlinked(host?.name ?? '')),
  words(['call_title'], 'about', ({ about }) => oneLine(about?.title ?? '')),
  words(['place', 'location'], 'place', placeWords),
  link(['join_link', 'meeting_link'], 'place', ({ place, placeIsTrusted }) =>
    place?.kind === 'link' && placeIsTrusted ? place.url : null,
  ),
  link(['reschedule_link', 'move_link'], 'links', ({ links }) => safely(links?.move)),
  link(['cancel_link'], 'links', ({ links }) => safely(links?.cancel)),
  // Of this very host, which may be reached without https while it is tried out.
  link(['attend_link', 'confirm_link'], null, ({ answers }) => answers?.attend ?? null),
  link(['stop_link', 'unsubscribe_link'], null, ({ answers }) => answers?.stop ?? null),
  words(['segment'], null, ({ segment }) => oneLine(segment ?? '')),
  words(
    ['business_name'],
    null,
    ({ responses }, language) => unlinked(responses.business_name ?? '') || businessIn(language),
  ),
];

const byName: ReadonlyMap<string, FactName> = new Map(
  factNames.flatMap((fact) => fact.names.map((name) => [name, fact])),
);

export function factNamed(name: string): FactName | null {
  return byName.get(name) ?? null;
}

function words(names: FactName['names'], need: FactName['need'], say: FactName['say']): FactName {
  return { names, need, isLink: false, say: (facts, language) => say(facts, language) || null };
}

function link(names: FactName['names'], need: FactName['need'], say: FactName['say']): FactName {
  return { names, need, isLink: true, say };
}

function when({ startAt, timeZone }: MailFacts, language: string): ReturnType<typeof spokenTime> {
  return spokenTime(startAt, timeZone, language);
}

function placeWords({ place }: MailFacts): string | null {
  switch (place?.kind) {
    case 'link':
      return oneLine(place.url, 2_000);
    case 'phone':
      return unlinked(place.number);
    case 'address':
      return unlinked(place.text, 300);
    default:
      return null;
  }
}

function safely(url: string | null | undefined): string | null {
  const safe = safeUrl(url ?? '');
  return safe === '#' ? null : safe;
}

/** For whoever was not asked: texts that come from elsewhere expect these words then. */
function businessIn(language: string): string {
  const known: { readonly [language: string]: string } = {
    fr: 'votre entreprise',
    de: 'Ihr Unternehmen',
    es: 'su empresa',
  };
  return known[language.split('-')[0] ?? ''] ?? 'your business';
}
