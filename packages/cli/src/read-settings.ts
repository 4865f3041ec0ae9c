// The settings of the parts, from the process and the `.env` of its folder: as the example host reads them, and with
// the same sentences for the same faults.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { Err, Ok, type Result, type SchemaFault } from '@precall/core';
import { isNothing, type PartSettings, readPartSettings, type Variables } from '@precall/node';
import { asked, type PartReport } from './diagnosis.ts';

/** Err: what is wrong with the variables. No part can be asked then, since a half-made one might be asked wrongly. */
export function readSettings(own: Variables, folder: string): Result<PartSettings, PartReport> {
  const sentences: string[] = [];
  const fault = (sentence: string) => void sentences.push(sentence);
  const variables = withFile(own, join(folder, '.env'));
  if (variables.isErr()) fault(variables.error);
  const settings = readPartSettings(variables.unwrapOr(own), { fault });
  if (sentences.length === 0) return Ok(settings);
  return Err(asked('configuration', 'no part was asked', sentences.map(faultIn)));
}

/** What the file says fills what is missing or empty in `own`. Err: a sentence about a file that cannot be read. */
function withFile(own: Variables, path: string): Result<Variables, string> {
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

/** Every sentence is `<variable> is wrong like this: do that.` */
function faultIn(sentence: string): SchemaFault {
  const [where = ''] = sentence.split(' ');
  const colon = sentence.lastIndexOf(': ');
  const cure = sentence.slice(colon + 2);
  return { where, fault: `${sentence.slice(0, colon)}.`, cure: cure.charAt(0).toUpperCase() + cure.slice(1) };
}
