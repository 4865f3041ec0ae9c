// `precall status`: what is due, late, stuck and not in the CRM, of a running host or of a store at rest.

import { type Instant, type Policy, type Store, Temporal } from '@precall/core';
import { createSystemClock } from '@precall/node';
import type { Answer } from './answer.ts';
import { exitCodes } from './command-fault.ts';
import { type CrmConcern, crmConcernOf } from './crm-concern.ts';
import { type HostAccess, type Json, readJson } from './host-access.ts';
import { localPrecall } from './local-precall.ts';
import { hostOf, type PlaceOptions, placeOf, variablesOfProcess, withReading } from './place.ts';
import { createProgress, type Progress } from './progress.ts';
import { answered } from './state-transfer.ts';
import { type PolicyOptions, withRules } from './with-rules.ts';

/** One page of a list of the operator API, or what the same would be. */
type ReadPage = (
  list: ListName,
  cursor: string | null,
) => Promise<{ readonly items: readonly Json[]; readonly next: string | null }>;
type ListName = 'reminders' | 'agreed' | 'quarantine';

interface Concern {
  readonly booking: unknown;
  readonly rule: unknown;
  readonly dueAt: unknown;
  readonly why: string;
}

const dueWithin = { hours: 24 } as const;
/** A host that runs sends within seconds. */
const lateAfter = { minutes: 1 } as const;
/** A send's lease is over by then (kernel.md section 4). */
const sendingAtMost = { minutes: 1 } as const;
const shown = 20;

export async function runStatus(options: PlaceOptions & PolicyOptions): Promise<Answer> {
  const variables = variablesOfProcess();
  const host = hostOf(options, variables);
  const progress = createProgress();
  const look = (read: ReadPage) => statusIn(read, createSystemClock().now(), progress);
  if (host) return await look(pagesOfHost(host));
  return await withRules(options, variables, async ({ policy, line }) => {
    const answer = await withReading({ place: placeOf(options, variables), host }, (store) =>
      look(pagesOfStore(store, policy)),
    );
    return { ...answer, words: `${answer.words}\n${line}` };
  });
}

function pagesOfStore(store: Store, policy: Policy): ReadPage {
  const precall = localPrecall(store, policy);
  return async (list, cursor) => {
    const page = { limit: 100, cursor };
    const slice = answered<{ readonly items: readonly object[]; readonly next: string | null }>(
      list === 'reminders'
        ? await precall.upcoming(page)
        : list === 'agreed'
          ? await precall.bookings({ status: 'agreed', page })
          : await precall.quarantine(page),
    );
    const items: readonly Json[] = JSON.parse(JSON.stringify(slice.items));
    return { items, next: slice.next };
  };
}

function pagesOfHost(host: HostAccess): ReadPage {
  const paths = {
    reminders: '/operator/api/reminders?state=planned',
    agreed: '/operator/api/bookings?status=agreed',
    quarantine: '/operator/api/quarantine?',
  } as const;
  return async (list, cursor) => {
    const { items, next } = await readJson(
      host,
      paths[list] + (cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`),
    );
    return { items: Array.isArray(items) ? items : [], next: typeof next === 'string' ? next : null };
  };
}

async function statusIn(read: ReadPage, now: Instant, progress: Progress): Promise<Answer> {
  const soonUntil = now.add(dueWithin);
  const lateBefore = now.subtract(lateAfter);
  const late: Concern[] = [];
  const stuck: Concern[] = [];
  const crm: CrmConcern[] = [];
  let due = 0;
  let nextAt: unknown = null;

  for await (const one of all('reminders', (reminder) => isBefore(soonUntil, reminder.dueAt))) {
    nextAt ??= one.dueAt;
    due += 1;
    if (typeof one.reason === 'string') stuck.push(concern(one.booking, one, one.reason));
    else if (isBefore(one.dueAt, lateBefore)) late.push(concern(one.booking, one, 'not sent yet'));
  }
  for await (const booking of all('agreed', () => false)) {
    crm.push(...[crmConcernOf(booking, now)].flatMap((one) => one ?? []));
    for (const reminder of listIn(booking.reminders)) {
      if (reminder.state === 'unknown') stuck.push(concern(booking.id, reminder, String(reminder.reason)));
      const begun = listIn(reminder.attempts).find(({ outcome }) => outcome === null);
      if (begun && isBefore(begun.at, now.subtract(sendingAtMost)))
        stuck.push(concern(booking.id, reminder, 'the process that sent it is gone'));
    }
  }
  let quarantined = 0;
  for await (const _ of all('quarantine', () => false)) quarantined += 1;
  progress.done();

  const isWell = late.length === 0 && stuck.length === 0 && crm.length === 0 && quarantined === 0;
  return {
    json: { at: now, isWell, dueIn24h: due, nextAt, late, stuck, crm, quarantined },
    words: [
      `due in 24 h   ${due}${nextAt ? `, the next at ${nextAt}` : ''}`,
      `late          ${late.length}`,
      ...listed(late, reminderLine),
      `stuck         ${stuck.length}`,
      ...listed(stuck, reminderLine),
      `CRM           ${crm.length}`,
      ...listed(crm, ({ booking, state, why }) => `  ${booking}  ${state}  ${why}`),
      `quarantine    ${quarantined}`,
    ].join('\n'),
    exitCode: isWell ? exitCodes.well : exitCodes.fault,
  };

  async function* all(list: ListName, isBeyond: (item: Json) => boolean): AsyncGenerator<Json> {
    let cursor: string | null = null;
    let count = 0;
    do {
      const page: Awaited<ReturnType<ReadPage>> = await read(list, cursor);
      for (const item of page.items) {
        if (isBeyond(item)) return;
        yield item;
      }
      count += page.items.length;
      progress.tell(count, `of ${list} looked at`);
      cursor = page.next;
    } while (cursor !== null);
  }
}

function concern(booking: unknown, { rule, dueAt }: Json, why: string): Concern {
  return { booking, rule, dueAt, why };
}

function reminderLine({ booking, rule, dueAt, why }: Concern): string {
  return `  ${booking}  ${rule}  due ${dueAt}  ${why}`;
}

function listed<C>(concerns: readonly C[], lineOf: (concern: C) => string): readonly string[] {
  const lines = concerns.slice(0, shown).map(lineOf);
  return concerns.length > shown
    ? [...lines, `  and ${concerns.length - shown} more: --json lists all`]
    : lines;
}

function listIn(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

/** Of two moments, either of them as ISO text. */
function isBefore(a: unknown, b: unknown): boolean {
  return Temporal.Instant.compare(Temporal.Instant.from(String(a)), Temporal.Instant.from(String(b))) < 0;
}
