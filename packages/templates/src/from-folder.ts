// Texts from a folder: one file each, Markdown or HTML, all with front matter.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Err, Ok, type PortError, type Result } from '@precall/core';
import type { WrittenText } from './compile-text.ts';
import type { TextSource } from './create-templates.ts';

/** Files that end in `.md` or `.html` and do not begin with a dot, but for `README.md`. */
export function textsInFolder(folder: string): TextSource {
  return {
    name: `folder ${folder}`,
    others: 'fault',
    async read(): Promise<Result<readonly WrittenText[], PortError>> {
      try {
        const names = (await readdir(folder)).filter(isText).sort();
        return Ok(await Promise.all(names.map((name) => readText(folder, name))));
      } catch (cause) {
        const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'no code';
        return Err({ kind: 'unavailable', reason: `${folder} cannot be read: ${code}` });
      }
    },
  };
}

function isText(name: string): boolean {
  return /^[^.].*\.(?:md|html)$/i.test(name) && !/^readme\.md$/i.test(name);
}

async function readText(folder: string, name: string): Promise<WrittenText> {
  return {
    name,
    format: /\.md$/i.test(name) ? 'markdown' : 'html',
    subject: null,
    body: await readFile(join(folder, name), 'utf8'),
  };
}
