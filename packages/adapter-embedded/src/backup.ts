// Copies the store's file while the store is in use, in a process of its own: see `openDatabase` for why.
import { spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { Err, Ok, type PortError, type PortResult, type Result } from '@precall/core';
import { syncFolder } from './durable-file.ts';
import { codeOf, type Database, fileName } from './open-database.ts';

/** Runs in the child: copies and makes the copy durable, or says the error's code. */
const copyScript = `const fs = require('node:fs');
const [from, to] = process.argv.slice(1);
try {
  fs.copyFileSync(from, to, fs.constants.COPYFILE_FICLONE);
  const file = fs.openSync(to, 'r+');
  fs.fsyncSync(file);
  fs.closeSync(file);
} catch (cause) {
  process.stderr.write(String(cause.code));
  process.exitCode = 1;
}`;

/**
 * `to` holds everything that was saved before the call, and is replaced only by a complete copy. While it is made,
 * writes go to the log alone, so that the file stands still.
 */
export async function backUp(
  database: Database,
  { folder, to, signal }: { readonly folder: string; readonly to: string; readonly signal: AbortSignal },
): PortResult<void> {
  const target = resolve(to);
  const partial = `${target}.partial`;
  try {
    if (isOwnFile(folder, target))
      return Err({ kind: 'rejected', reason: 'a backup cannot replace the store itself' });
    database.exec('pragma wal_autocheckpoint = 0');
    const moved = database.prepare('pragma wal_checkpoint(truncate)').raw(true).get();
    if (!Array.isArray(moved) || moved[0] !== 0) return failed('the write-ahead log is in use');
    const copied = await copyInChild(join(folder, fileName), partial, signal);
    if (copied.isErr()) return copied;
    await rename(partial, target);
    await syncFolder(dirname(target));
    return Ok.EMPTY;
  } catch (cause) {
    return failed(codeOf(cause));
  } finally {
    await rm(partial, { force: true }).catch(() => undefined);
    database.exec('pragma wal_autocheckpoint = 1000');
  }
}

function copyInChild(from: string, to: string, signal: AbortSignal): PortResult<void> {
  return new Promise<Result<void, PortError>>((answer) => {
    // Options meant for this process, such as a debugger to wait for, are not for the child.
    const env = { ...process.env, NODE_OPTIONS: '' };
    const child = spawn(process.execPath, ['-e', copyScript, '--', from, to], {
      env,
      signal,
      killSignal: 'SIGKILL',
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    child.on('error', (cause) => {
      if (!signal.aborted) answer(failed(codeOf(cause)));
    });
    child.on('close', (code) => {
      const why = signal.aborted ? 'the store was closed' : said.slice(0, 40) || 'the copy was stopped';
      answer(code === 0 ? Ok.EMPTY : failed(why));
    });
  });
}

function isOwnFile(folder: string, target: string): boolean {
  return realpathSync(dirname(target)) === realpathSync(folder) && basename(target).startsWith(fileName);
}

function failed(why: string): Err<PortError> {
  return Err({ kind: 'unavailable', reason: `the store could not be backed up (${why})` });
}
