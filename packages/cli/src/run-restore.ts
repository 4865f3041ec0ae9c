// `precall restore FILE`: a backup in the place of the store, with everything that fell due since in doubt.
import { copyFile, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import {
  counted,
  doubtRestored,
  type Instant,
  isPlannedOtherwise,
  personRecord,
  type RecipientId,
  type Restoring,
  type Store,
  type Stored,
  Temporal,
} from '@precall/core';
import { createSystemClock } from '@precall/node';
import type { Answer } from './answer.ts';
import { wrongUse } from './command-fault.ts';
import {
  type PlaceOptions,
  placeOf,
  storeFileName,
  variablesOfProcess,
  withTemporaryFolder,
} from './place.ts';
import { createProgress, type Progress } from './progress.ts';
import { answered } from './state-transfer.ts';
import { isHeld, withNewEmbedded } from './stopped-store.ts';
import { checkStoreFile, putInPlace } from './store-file.ts';
import { type PolicyOptions, type Rules, withRules } from './with-rules.ts';

export interface RestoreOptions extends Omit<PlaceOptions, 'url'>, PolicyOptions {
  /** Now unless given. */
  readonly sentUntil?: Instant | undefined;
}

export async function runRestore(file: string, options: RestoreOptions): Promise<Answer> {
  const variables = variablesOfProcess();
  const place = placeOf(options, variables);
  if (place.kind === 'mongodb')
    throw wrongUse(
      'MONGODB_URI names the store, and a backup is of the embedded one: give --data-dir, or use precall import with an export.',
    );
  const { folder } = place;
  const to = join(folder, storeFileName);
  const backup = resolve(file);
  await checkStoreFile(backup).catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : 'an unknown fault';
    throw wrongUse(`${file} cannot be restored (${why}): give a file that precall backup made.`);
  });
  if (backup === resolve(to)) throw wrongUse(`${file} is the store itself: give a backup of it.`);
  if (await isHeld(folder))
    throw wrongUse(`${to} is held by a running host: stop the host, and restore again.`);

  const now = createSystemClock().now();
  const sentUntilAt = options.sentUntil ?? now;
  if (Temporal.Instant.compare(now, sentUntilAt) < 0)
    throw wrongUse(
      `--sent-until ${sentUntilAt.toString()} is still to come, and what falls due until then would never be sent: give the moment at which the lost host stopped.`,
    );
  return await withRules(options, variables, (rules) =>
    restoreBy(
      rules,
      { file, backup, folder, to },
      { isSure: options.policy !== undefined, sentUntilAt, now },
    ),
  );
}

async function restoreBy(
  rules: Rules,
  { file, backup, folder, to }: { readonly [path in 'file' | 'backup' | 'folder' | 'to']: string },
  {
    isSure,
    sentUntilAt,
    now,
  }: { readonly isSure: boolean; readonly sentUntilAt: Instant; readonly now: Instant },
): Promise<Answer> {
  const { policy, line } = rules;
  const progress = createProgress();
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return await withTemporaryFolder(folder, async (beside) => {
    const copy = join(beside, storeFileName);
    await copyFile(backup, copy);
    const found = await withNewEmbedded(beside, async (store) => {
      if (!isSure) await refuseOtherRules(store, rules);
      return await doubtAll(store, { policy, sentUntilAt, now }, progress);
    });
    progress.done();
    if (await isHeld(folder))
      throw wrongUse(`A host was started on ${to} meanwhile: stop it, and restore again.`);
    const aside = await putInPlace(copy, to, new Date(now.epochMilliseconds));
    return answerOf({ file, to, aside, sentUntilAt, line, ...found });
  });
}

interface Found {
  /** All that the backup holds. */
  readonly bookings: number;
  readonly inDoubt: readonly string[];
}

async function doubtAll(store: Store, restoring: Restoring, progress: Progress): Promise<Found> {
  const inDoubt: string[] = [];
  let bookings = 0;
  // A save moves its booking to the front of the list: so the list comes first, and the saves after it.
  const changed: Stored[] = [];
  for await (const page of bookingsOf(store)) {
    bookings += page.length;
    progress.tell(bookings, 'bookings looked at');
    const persons = await personsOf(store, page);
    changed.push(...page.filter((booking) => doubtRestored(booking, { ...restoring, persons }) !== null));
  }
  for (let from = 0; from < changed.length; from += pageSize) {
    const page = changed.slice(from, from + pageSize);
    const persons = await personsOf(store, page);
    const doubted = page.flatMap((booking) => doubtRestored(booking, { ...restoring, persons }) ?? []);
    answered(await store.save(doubted.map(({ write }) => write)));
    inDoubt.push(...doubted.flatMap(({ reminders }) => reminders));
    progress.tell(inDoubt.length, 'reminders in doubt');
  }
  return { bookings, inDoubt };
}

const pageSize = 100;

async function* bookingsOf(store: Store): AsyncGenerator<readonly Stored[]> {
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<Store['list']>> = await store.list('booking', { limit: pageSize, cursor });
    const { items, next } = answered(page);
    yield items;
    cursor = next;
  } while (cursor !== null);
}

async function personsOf(store: Store, bookings: readonly Stored[]): Promise<readonly Stored[]> {
  const keys = new Set(bookings.flatMap(({ keys }) => keys.filter((key) => key.startsWith('recipient:'))));
  const ids = [...keys].map((key) => personRecord(key.slice('recipient:'.length) as RecipientId));
  return answered(await store.find(ids));
}

/** Which reminders fell due is the policy's word: with another one they would be sent again in silence. */
async function refuseOtherRules(store: Store, { policy, file }: Rules): Promise<void> {
  let otherwise = 0;
  for await (const page of bookingsOf(store))
    otherwise += page.filter((booking) => isPlannedOtherwise(booking, policy)).length;
  if (otherwise === 0) return;
  throw wrongUse(
    `In the backup ${counted(otherwise, 'booking was', 'bookings were')} planned by other rules than ${file === null ? 'the default ones' : `those of ${file}`}: give the host's policy with --policy FILE, and TESTING_MODE if the host had it. Nothing was changed.`,
  );
}

function answerOf(
  given: Found & {
    readonly file: string;
    readonly to: string;
    readonly aside: string | null;
    readonly sentUntilAt: Instant;
    readonly line: string;
  },
): Answer {
  const { file, to, aside, sentUntilAt, line, bookings, inDoubt } = given;
  const kept = aside ? `\nWhat was there is kept as ${aside}` : '';
  const list = inDoubt.slice(0, shown).map((key) => `  ${key}\n`);
  const more = inDoubt.length > shown ? `  and ${inDoubt.length - shown} more: --json lists all\n` : '';
  return {
    json: { file, store: to, keptAs: aside, sentUntil: sentUntilAt.toString(), bookings, inDoubt },
    words: `${to} holds the ${counted(bookings, 'booking')} of ${file}.${kept}
${counted(inDoubt.length, 'reminder')} fell due by ${sentUntilAt.toString()}, not sent when the backup was made: what became of them is unknown, and none of them is sent again.
${list.join('')}${more}What was booked, moved, cancelled or erased after the backup is not in it: with CALCOM_API_KEY the host asks Cal.com for it at its start; erase people again with precall erase.
${line}`,
  };
}

const shown = 20;
