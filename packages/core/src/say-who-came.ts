// The link in a mail to the host: it shows who took part, and takes their word on each as an operator's is taken.
import { readBooking } from './booking-record.ts';
import type { Facts } from './facts.ts';
import type { RecipientId } from './ids.ts';
import type { LedgerEntry } from './ledger-types.ts';
import { attendanceMarked, writeOf } from './operator-acts.ts';
import type { PortResult } from './ports.ts';
import { Ok } from './result.ts';
import { sentIn } from './sent-in.ts';
import type { Shell } from './shell.ts';
import type { LinkUse } from './signed-links.ts';
import { attendanceOf, standingOf } from './standing.ts';
import { earliest, type Instant } from './temporal.ts';
import { zoneOf } from './wall-clock.ts';
import { askedAbout } from './who-came.ts';

/** Whether one of those who took part came. */
export interface AttendanceWord {
  readonly person: RecipientId;
  readonly came: boolean;
}

/** Who took part in a call, and what is known of each: `came` is null where nothing was said. */
export interface WhoCame {
  readonly kind: 'who_came';
  readonly locale: string | null;
  readonly startAt: Instant;
  readonly timeZone: string;
  readonly people: readonly {
    readonly id: RecipientId;
    readonly name: string | null;
    readonly came: boolean | null;
  }[];
}

type Answer =
  | WhoCame
  | { readonly kind: 'over'; readonly locale: string | null }
  | { readonly kind: 'unknown' };

/** With a word it is saved before the answer; the same word again adds nothing. */
export function createSayWhoCame(
  shell: Shell,
): (
  use: Extract<LinkUse, { act: 'who_came' }>,
  word: AttendanceWord | null,
) => PortResult<Answer | 'conflict'> {
  const { store, clock, policy } = shell;

  return async ({ attempt }, word) => {
    const found = await sentIn(store, attempt);
    if (found.isErr()) return found;
    if (!found.value) return Ok({ kind: 'unknown' });
    const { loaded, entry } = found.value;
    const { facts } = loaded.value;
    const people = askedAbout(facts);
    if (!isAboutPresent(facts, entry) || people.length === 0)
      return Ok({ kind: 'over', locale: localeOf(facts) });
    const now = clock.now();
    const isNews =
      word && people.includes(word.person) && attendanceOf(facts, word.person)?.came !== word.came;
    const marked = isNews ? attendanceMarked(facts, { ...word, now, by: 'the host by link' }) : null;
    if (!marked?.isOk()) return Ok(shown(facts, entry));
    const write = writeOf(loaded, marked.value, { policy, now });
    const saved = await store.save([write]);
    return saved.map(([answer]) => {
      if (answer === 'conflict') return answer;
      shell.wake(earliest(write.put.lanes.mail, write.put.lanes.crm));
      return shown(readBooking(write.put).value.facts, entry);
    });
  };
}

function localeOf({ host }: Facts): string | null {
  return host?.value.address?.locale ?? null;
}

function isAboutPresent(facts: Facts, { startAt }: LedgerEntry): boolean {
  return (
    standingOf(facts) === 'agreed' &&
    facts.time?.value.startAt.epochMilliseconds === startAt.epochMilliseconds
  );
}

function shown(facts: Facts, { startAt }: LedgerEntry): WhoCame {
  const host = facts.host?.value;
  return {
    kind: 'who_came',
    locale: localeOf(facts),
    startAt,
    timeZone: zoneOf(host?.timeZone),
    people: askedAbout(facts).map((id) => ({
      id,
      name: facts.people[id]?.details?.value.name ?? null,
      came: attendanceOf(facts, id)?.came ?? null,
    })),
  };
}
