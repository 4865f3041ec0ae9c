import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFile } from '../src/durable-file.ts';
import { temporaryFolder } from './temporary-folder.ts';

describe('createFile', () => {
  it('makes a file once, of all who try at the same moment, and never changes it', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'file');
    const texts = Array.from({ length: 20 }, (_, index) => `text ${index}`);
    const answers = await Promise.all(texts.map((text) => createFile(path, text)));
    const made = texts.filter((_, index) => answers[index] === 'made');
    expect(made).toEqual([readFileSync(path, 'utf8')]);
    expect(await createFile(path, 'late')).toBe('there');
    expect(readFileSync(path, 'utf8')).toBe(made[0]);
    expect(readdirSync(folder)).toEqual(['file']);
  });
});
