// What the precall command asks of a running host, which alone may have its store open: a copy of the store, and the
// erasure of a person.
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock, PortResult, Precall } from '@precall/core';
import { rawBody } from './delivery.ts';
import { json, type PlainRequest, type PlainResponse, portProblem, problem } from './plain.ts';

/** A store that can be copied while it is in use, such as the embedded one. */
export interface Backup {
  /** Makes `to` a file that holds everything saved so far. */
  backup(to: string): PortResult<void>;
}

/** Of an address and its JSON. */
const eraseLimitBytes = 4_096;

/**
 * The copy as a download. It is made in the system's folder for temporary files, and has lost its name there before its
 * first byte is sent: whoever hangs up leaves nothing behind.
 */
export async function answerBackup(store: Backup | undefined): Promise<PlainResponse> {
  if (!store)
    return problem({
      status: 404,
      detail:
        'The store of this host is backed up by its own means; an embedded one is given to the router as `backup`.',
    });
  const folder = await mkdtemp(join(tmpdir(), 'precall-backup-'));
  try {
    const copy = join(folder, 'precall.db');
    const made = await store.backup(copy);
    if (made.isErr()) return portProblem(made.error);
    const handle = await open(copy);
    const { size } = await handle.stat();
    return {
      status: 200,
      headers: {
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'content-type': 'application/vnd.sqlite3',
        'content-disposition': 'attachment; filename="precall.db"',
      },
      body: '',
      file: { bytes: size, content: handle.createReadStream() },
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** `{ "email": "..." }` in, `{ "bookings": n }` out: in how many bookings the person was. */
export async function answerErase(
  request: PlainRequest,
  { precall, clock }: { readonly precall: Pick<Precall, 'erase'>; readonly clock: Clock },
): Promise<PlainResponse> {
  const body = await rawBody(request, eraseLimitBytes, clock);
  if (!(body instanceof Uint8Array)) return body;
  const email = emailIn(body);
  if (email === null) {
    return problem({ status: 400, detail: 'The body is JSON such as { "email": "ada@example.com" }.' });
  }
  const erased = await precall.erase(email);
  return erased.isErr() ? portProblem(erased.error) : json(200, erased.value);
}

function emailIn(body: Uint8Array): string | null {
  try {
    const { email }: { readonly email?: unknown } = JSON.parse(Buffer.from(body).toString()) ?? {};
    return typeof email === 'string' && /^[^\s@]+@[^\s@]+$/.test(email.trim()) ? email : null;
  } catch {
    return null;
  }
}
