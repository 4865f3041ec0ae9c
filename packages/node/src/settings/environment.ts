// The variables of the process, with those of a `.env` file where the process has none.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { Err, Ok, type Result } from '@precall/core';
import { isNothing, type Variables } from './variable-reading.ts';

/** What `.env` in `folder` says fills what is missing or empty in `own`. Err: a sentence about a file that is there and cannot be read. */
export function readEnvironment(own: Variables, folder: string): Result<Variables, string> {
  const path = join(folder, '.env');
  try {
    const written: Variables = parseEnv(readFileSync(path, 'utf8').replace(/^\uFEFF/, ''));
    const missing = Object.entries(written).filter(([name]) => isNothing(own[name]));
    return Ok({ ...own, ...Object.fromEntries(missing) });
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'no code';
    if (code === 'ENOENT') return Ok(own);
    return Err(
      `${path} cannot be read (${code}): make it a file that this process may read, or move it away.`,
    );
  }
}
