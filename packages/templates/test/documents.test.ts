// The texts that docs/write-your-own-texts.md shows are ones that can be sent.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compileTemplate } from '../src/index.ts';
import { asHtml, bare, known } from './facts-of-a-call.ts';

const page = readFileSync(new URL('../../../docs/write-your-own-texts.md', import.meta.url), 'utf8');
const block = (kind: string) => new RegExp(`^\`\`\`${kind}\\n(.*?)^\`\`\``, 'ms').exec(page)?.[1] ?? '';

describe('docs/write-your-own-texts.md', () => {
  it('shows a file in Markdown that is sent as it says', () => {
    const written = { name: '24h.md', format: 'markdown', subject: null, body: block('md') } as const;
    const compiled = compileTemplate(written).unwrap();
    const { subject, text } = compiled.render(known);
    expect(subject).toBe('Ada: your call with Grace Hopper');
    expect(text).toContain('We speak in 24 hours\n\nOn Thursday, December 3, 2026 at 10:00 AM');
    expect(text).toContain('Join the call: https://meet.google.com/abc-defg-hij');
    expect(compiled.render({ ...known, place: null }).text).toContain('We meet here: you will hear from us');
    expect(compiled.validFor?.total('hours')).toBe(12);
  });

  it('shows a body in HTML that is sent as it says', () => {
    const compiled = compileTemplate(asHtml(block('html'))).unwrap();
    expect(compiled.render(known).text).toMatch(
      /^Hi Ada,\n\nwe speak on Thursday, December 3, 2026 at 10:00 AM/,
    );
    expect(compiled.render({ ...bare, firstName: 'Ada', answers: known.answers }).text).not.toContain('Join');
  });
});
