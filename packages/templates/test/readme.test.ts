import { readFileSync } from 'node:fs';
import { createMemoryClock } from '@precall/adapter-memory';
import { defaultPolicy } from '@precall/core';
import { describe, expect, it } from 'vitest';
import { factNames } from '../src/index.ts';
import { known } from './facts-of-a-call.ts';
import { ownTexts } from './readme-example.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const readme = read('../README.md');

describe('the README', () => {
  it('shows the example that is compiled here', () => {
    expect(/```ts\n(.*?)```/s.exec(readme)?.[1]).toBe(read('readme-example.ts'));
    const { policy } = ownTexts(defaultPolicy, createMemoryClock(known.now), () => undefined);
    expect(policy.content).toBe(defaultPolicy.content);
  });

  it('has every fact with all its names, and no other', () => {
    const rows = [...readme.matchAll(/^\| (`.*?`) +\| /gm)].map(([, names]) => names);
    expect(rows).toEqual(factNames.map(({ names }) => names.map((name) => `\`${name}\``).join(', ')));
  });
});
