// What lets a command into a running host: the operator's password, or the headers that a host of one's own asks for.
import type { Variables } from '@precall/node';
import { type CommandFault, wrongUse } from './command-fault.ts';

/** Those of `--header` and, where it has none of that name, of OPERATOR_HEADERS; else OPERATOR_PASSWORD. No fault repeats a value. */
export function credentialsOf(given: readonly string[] = [], variables: Variables): Headers {
  const { OPERATOR_HEADERS: lines = '', OPERATOR_PASSWORD: password = '' } = variables;
  const own = headersOf(given, (count) => `--header number ${count}`);
  const standing = headersOf(
    lines.split('\n').filter((line) => line.trim() !== ''),
    (count) => `Line ${count} of OPERATOR_HEADERS`,
  );
  for (const [name, value] of standing) if (!own.has(name)) own.set(name, value);
  if (password.trim() !== '' && !own.has('authorization'))
    own.set('authorization', `Basic ${Buffer.from(`operator:${password}`).toString('base64')}`);
  if ([...own].length > 0) return own;
  throw wrongUse(
    'OPERATOR_PASSWORD is not set: give the password of the user `operator` of the host at --url or, where it asks for something else, that by --header or OPERATOR_HEADERS.',
  );
}

function headersOf(lines: readonly string[], where: (count: number) => string): Headers {
  const headers = new Headers();
  for (const [index, line] of lines.entries()) {
    const [, name = '', value = ''] = /^([^:]+):(.*)$/.exec(line) ?? [];
    try {
      headers.append(name.trim(), value.trim());
    } catch {
      throw noHeader(where(index + 1));
    }
  }
  return headers;
}

/** A value may be a secret. */
function noHeader(where: string): CommandFault {
  return wrongUse(`${where} is no header: give it as 'Name: value', such as 'Authorization: Bearer ...'.`);
}
