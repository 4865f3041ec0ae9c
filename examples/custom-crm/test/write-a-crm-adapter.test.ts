// docs/write-a-crm-adapter.md shows parts of what is compiled and run here, and every promise of the contract.
import { readFileSync } from 'node:fs';
import { crmPromises } from '@precall/testing';
import { describe, expect, it } from 'vitest';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const guide = read('../../../docs/write-a-crm-adapter.md');
const blocks = (language: string) =>
  [...guide.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'))].map(([, block = '']) => block);

describe('docs/write-a-crm-adapter.md', () => {
  it('shows parts of the example, of its tests and of the port, as they stand', () => {
    const sources = [
      '../src/hubspot-crm.ts',
      'contract.test.ts',
      'hubspot-account.ts',
      'hubspot-stand-in.ts',
      'readme-example.ts',
      '../../../packages/core/src/ports.ts',
      '../../../packages/testing/src/crm-contract.ts',
    ].map(read);
    expect(blocks('ts').length).toBeGreaterThan(8);
    for (const block of blocks('ts')) {
      const deeper = ['', '  ', '    '].map((indent) => block.replaceAll(/^(?=.)/gm, indent));
      expect(
        sources.some((source) => deeper.some((text) => source.includes(text))),
        block,
      ).toBe(true);
    }
  });

  it.each(['../src/hubspot-crm.ts', 'hubspot-account.ts', 'contract.test.ts'])(
    'shows the whole of %s, imports included and in its order',
    (path) => {
      const source = read(path);
      expect(
        blocks('ts')
          .filter((block) => source.includes(block))
          .join('\n'),
      ).toBe(source);
    },
  );

  it('lists every promise of the contract', () => {
    const listed = [...(blocks('text')[0] ?? '').matchAll(/^ {2}[✓↓] (.*?)(?: \(skipped.*)?$/gm)].map(
      ([, promise]) => promise,
    );
    expect(listed).toEqual(crmPromises.map(({ promise }) => promise));
  });
});
