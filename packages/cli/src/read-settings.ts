// The settings of the parts, from the process and the `.env` of its folder: as the example host reads them, and with
// the same sentences for the same faults.
import { Err, Ok, type Result, type SchemaFault } from '@precall/core';
import { type PartSettings, readEnvironment, readPartSettings, type Variables } from '@precall/node';
import { asked, type PartReport } from './diagnosis.ts';

/** Err: what is wrong with the variables. No part can be asked then, since a half-made one might be asked wrongly. */
export function readSettings(own: Variables, folder: string): Result<PartSettings, PartReport> {
  const sentences: string[] = [];
  const fault = (sentence: string) => void sentences.push(sentence);
  const variables = readEnvironment(own, folder);
  if (variables.isErr()) fault(variables.error);
  const settings = readPartSettings(variables.unwrapOr(own), { fault });
  if (sentences.length === 0) return Ok(settings);
  return Err(asked('configuration', 'no part was asked', sentences.map(faultIn)));
}

/** Every sentence is `<variable> is wrong like this: do that.` */
function faultIn(sentence: string): SchemaFault {
  const [where = ''] = sentence.split(' ');
  const colon = sentence.lastIndexOf(': ');
  const cure = sentence.slice(colon + 2);
  return { where, fault: `${sentence.slice(0, colon)}.`, cure: cure.charAt(0).toUpperCase() + cure.slice(1) };
}
