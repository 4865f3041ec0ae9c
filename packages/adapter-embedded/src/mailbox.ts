// The local Mailer: each message becomes a JSON file that nobody is sent.
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type AttemptId,
  attemptId,
  type CalendarFile,
  type Clock,
  Err,
  type Instant,
  type Mailer,
  type Message,
  Ok,
  type Page,
  type PortResult,
  type SendCall,
  type Slice,
  Temporal,
} from '@precall/core';
import { last, type Place, placeOf, toSlice } from './cursor.ts';
import { createFile, syncFolder } from './durable-file.ts';

/** A message as its file holds it (there `at` is ISO text in UTC). */
export interface MailboxMessage {
  readonly at: Instant;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly headers: { readonly [name: string]: string };
  /** Absent: none went along. */
  readonly calendar?: CalendarFile;
  readonly attemptId: AttemptId;
  readonly onceKey: string;
}

/** The local Mailer. It can tell what it has, so a send whose process died is never in doubt. */
export interface Mailbox extends Mailer {
  readonly doubt: 'once';
  /** Newest first. `rejected` when a file of the mailbox was damaged, with its name. */
  list(page: Page): PortResult<Slice<MailboxMessage>>;
}

const ownName = /^[0-9a-f]{32}\.json$/;

/**
 * One file a message in `folder/mailbox`, named by a hash of its `onceKey`: a repeat, also after a restart or at the same
 * moment, finds the name taken, is Ok and changes nothing.
 */
export function createMailbox(options: {
  readonly folder: string;
  readonly clock: Pick<Clock, 'now'>;
}): Mailbox {
  const { clock } = options;
  const folder = join(options.folder, 'mailbox');
  /** By file name, so that a page needs no file but its own. */
  const places = new Map<string, Place>();

  return {
    doubt: 'once',
    async send(message, call) {
      const name = `${hashOf(call.onceKey)}.json`;
      const at = clock.now();
      if (at.epochMilliseconds >= call.deadline.epochMilliseconds)
        return Err({ kind: 'unavailable', reason: 'the deadline had passed before the message was written' });
      let isWritten = false;
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        if (!(await exists(join(folder, name))))
          await createFile(join(folder, name), toText(message, call, at));
        isWritten = true;
        await syncFolder(folder);
        return Ok({ messageId: name.replace('.json', '') });
      } catch (cause) {
        return Err({ kind: isWritten ? 'unknown' : 'unavailable', reason: `the mailbox ${whyNot(cause)}` });
      }
    },
    async find(onceKey) {
      const id = hashOf(onceKey);
      try {
        return Ok((await namesIn(folder)).includes(`${id}.json`) ? { messageId: id } : null);
      } catch (cause) {
        return Err({ kind: 'unavailable', reason: `the mailbox ${whyNot(cause)}` });
      }
    },
    async list(page) {
      const from = placeOf('mailbox', page, last);
      if (from.isErr()) return from;
      try {
        const found = await placed();
        const ahead = found
          .filter(({ place }) => newestFirst(from.value, place) < 0)
          .slice(0, page.limit + 1);
        const rows = await Promise.all(
          ahead.map(async ({ name, place }) => ({ place, message: await readMessage(name) })),
        );
        return Ok(
          toSlice('mailbox', rows, {
            limit: page.limit,
            place: (row) => row.place,
            item: (row) => row.message,
          }),
        );
      } catch (cause) {
        if (cause instanceof DamagedFile) return Err({ kind: 'rejected', reason: cause.message });
        return Err({ kind: 'unavailable', reason: `the mailbox ${whyNot(cause)}` });
      }
    },
  };

  async function placed(): Promise<readonly { readonly name: string; readonly place: Place }[]> {
    const names = (await namesIn(folder)).filter((name) => ownName.test(name));
    const all: { readonly name: string; readonly place: Place }[] = [];
    for (const name of names) {
      const place = places.get(name) ?? placeIn(name, await readMessage(name));
      places.set(name, place);
      all.push({ name, place });
    }
    return all.sort((a, b) => newestFirst(a.place, b.place));
  }

  async function readMessage(name: string): Promise<MailboxMessage> {
    const text = await readFile(join(folder, name), 'utf8');
    try {
      const json = JSON.parse(text);
      return { ...json, at: Temporal.Instant.from(json.at), attemptId: attemptId(json.attemptId) };
    } catch {
      throw new DamagedFile(`mailbox/${name} is damaged: mend it, or move it away`);
    }
  }
}

class DamagedFile extends Error {}

function toText(message: Message, call: SendCall, at: Instant): string {
  const { to, subject, text, html, unsubscribe, calendar } = message;
  const { attemptId, onceKey } = call;
  const oneClick = unsubscribe && {
    'List-Unsubscribe': `<${unsubscribe}>`,
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  };
  const headers = { 'X-Precall-Attempt': attemptId, ...oneClick };
  return `${JSON.stringify({ at, to, subject, text, html, headers, calendar, attemptId, onceKey }, null, 2)}\n`;
}

function hashOf(onceKey: string): string {
  return createHash('sha256').update(onceKey).digest('hex').slice(0, 32);
}

/** Of one millisecond, the hash decides: 48 bits of it. */
function placeIn(name: string, { at }: MailboxMessage): Place {
  return { at: at.epochMilliseconds, seq: Number.parseInt(name.slice(0, 12), 16) };
}

function newestFirst(a: Place, b: Place): number {
  return b.at - a.at || b.seq - a.seq;
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return [];
    throw cause;
  }
}

function whyNot(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'no code';
  return `cannot be read or written (${code})`;
}
