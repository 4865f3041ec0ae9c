// The documents name what is there.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ReminderState, Trouble } from '@precall/core';
import { describe, expect, it } from 'vitest';

const root = new URL('../../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const architecture = read('ARCHITECTURE.md');
const inBackticks = [...architecture.matchAll(/`([^`\n]+)`/g)].map(([, text]) => text ?? '');
/** All files of the repository that are tests or sources, as one text each. */
const files = execFileSync(
  'find',
  ['packages', 'examples', '-name', '*.ts', '-not', '-path', '*/node_modules/*', '-not', '-path', '*/dist/*'],
  {
    cwd: fileURLToPath(root),
    encoding: 'utf8',
  },
)
  .trim()
  .split('\n');

describe('ARCHITECTURE.md', () => {
  it('is at most 150 lines', () => {
    expect(architecture.split('\n').length).toBeLessThanOrEqual(150);
  });

  it('names only files and folders that are there', () => {
    const named = inBackticks.filter((text) => /^[\w/-]+\.ts$/.test(text));
    const folders = inBackticks.filter((text) => /^(packages|examples)\/[\w-]+$/.test(text));
    expect(named.length).toBeGreaterThan(20);
    for (const name of named)
      expect(
        files.some((path) => path.endsWith(`/${name}`)),
        name,
      ).toBe(true);
    for (const folder of folders) expect(existsSync(new URL(folder, root)), folder).toBe(true);
  });

  it('names every file of core', () => {
    const sources = readdirSync(new URL('packages/core/src/', root)).filter((name) => name !== 'index.ts');
    expect(sources.length).toBeGreaterThan(80);
    expect(sources.filter((name) => !inBackticks.includes(name))).toEqual([]);
  });

  it('gives each promise by the name of a test that is there', () => {
    const table = architecture.split('## Promises and their tests')[1]?.split('\n## ')[0] ?? '';
    const names = [...table.matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? '');
    const tests = files.filter((path) => path.endsWith('.test.ts')).map((path) => read(path));
    expect(names.length).toBeGreaterThan(8);
    for (const name of names)
      expect(
        tests.some((text) => text.includes(name)),
        name,
      ).toBe(true);
  });
});

describe('docs/promises.md', () => {
  const promised = read('docs/promises.md')
    .split('## What is not promised')[0]
    ?.split(/\n(?=\d+\. )|\n\n/)
    .filter((text) => /^\d+\. /.test(text));

  it('numbers all of them, and names a test for each that is there', () => {
    const tests = files.filter(
      (path) => path.endsWith('.test.ts') || path.startsWith('packages/testing/src/'),
    );
    const sources = tests.map((path) => read(path)).join('\n');
    expect(promised?.map((text) => Number.parseInt(text, 10))).toEqual(
      Array.from({ length: 28 }, (_, index) => index + 1),
    );
    for (const text of promised ?? []) {
      const words = text.replaceAll(/\n\s+/g, ' ').matchAll(/`([^`]+)`/g);
      const names = [...words].map(([, name = '']) => name).filter((name) => name.includes(' '));
      expect(names, text).not.toEqual([]);
      for (const name of names) expect(sources.includes(`'${name}'`), name).toBe(true);
    }
  });
});

describe('CONTRIBUTING.md', () => {
  it('names only files that are there', () => {
    const named = [...read('CONTRIBUTING.md').matchAll(/`((?:packages|examples|docs)\/[\w./-]+)`/g)];
    expect(named.length).toBeGreaterThan(15);
    for (const [, path = ''] of named) expect(existsSync(new URL(path, root)), path).toBe(true);
  });
});

describe('docs/operate.md', () => {
  const operate = read('docs/operate.md');

  it('says of every kind of trouble what to do', () => {
    // Typed, so that a new kind does not compile before it is here.
    const kinds: { readonly [K in Trouble['kind']]: true } = {
      reminder_missed: true,
      reminder_refused: true,
      reminder_unknown: true,
      mailer_refuses_us: true,
      crm_refused: true,
      calendar_refused: true,
      crm_away: true,
      calendar_away: true,
      contact_not_found: true,
      possible_duplicate: true,
      quarantined: true,
      record_failed: true,
      source_away: true,
      text_unusable: true,
      webhooks_silent: true,
      bad_signatures: true,
      reminders_late: true,
    };
    const rows = [...operate.matchAll(/^\| `(\w+)` +\| [^|]+ \| [^|]+ \|$/gm)].map(([, kind]) => kind);
    expect(rows.toSorted()).toEqual(Object.keys(kinds).toSorted());
  });

  it('explains every state of a reminder', () => {
    const states: { readonly [S in ReminderState]: true } = {
      planned: true,
      sending: true,
      sent: true,
      skipped: true,
      dropped: true,
      missed: true,
      refused: true,
      unknown: true,
    };
    const rows = [...operate.matchAll(/^\| `(\w+)` +\| [^|]+ \|$/gm)].map(([, state]) => state);
    expect(rows.toSorted()).toEqual(Object.keys(states).toSorted());
  });
});

describe('README.md', () => {
  it('names only commands that are there', () => {
    const scripts: { readonly [name: string]: string } = JSON.parse(read('package.json')).scripts;
    const named = [...read('README.md').matchAll(/`npm run ([\w-]+)`/g)].map(([, name]) => name ?? '');
    expect(named.length).toBeGreaterThan(5);
    for (const name of named) expect(scripts[name], name).toBeDefined();
  });
});

const documents = execFileSync('find', ['.', '-name', '*.md', '-not', '-path', '*/node_modules/*'], {
  cwd: fileURLToPath(root),
  encoding: 'utf8',
})
  .trim()
  .split('\n');

describe('links', () => {
  const links = documents.flatMap((path) => {
    const words = read(path).replaceAll(/```.*?```|`[^`]*`/gs, '');
    return [...words.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, to = '']) =>
      /^(https?|mailto):/.test(to) ? [] : [{ path, to, target: new URL(to, new URL(path, root)) }],
    );
  });

  it('lead to what is there, and to headings of it', () => {
    expect(links.length).toBeGreaterThan(100);
    for (const { path, to, target } of links) {
      const heading = target.hash.slice(1);
      target.hash = '';
      expect(existsSync(target), `${path}: ${to}`).toBe(true);
      if (heading !== '') expect(headingsOf(target), `${path}: ${to}`).toContain(heading);
    }
  });

  it('of a package stay within its tarball, where nothing else of the repository is', () => {
    const out = links.filter(({ path, target }) => {
      const [home] = /^\.\/packages\/[^/]+\//.exec(path) ?? [];
      return home !== undefined && target.pathname !== new URL(path, root).pathname;
    });
    expect(out.map(({ path, to }) => `${path}: ${to}`)).toEqual([]);
  });

  /** As GitHub names them; a folder shows its README. */
  function headingsOf(target: URL): readonly string[] {
    const file = target.pathname.endsWith('.md') ? target : new URL(`${target.pathname}/README.md`, target);
    return [...readFileSync(file, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, words = '']) =>
      words
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    );
  }
});

describe('pictures', () => {
  const linked = documents.flatMap((path) =>
    [...read(path).matchAll(/\]\(([^)\s]+\.png)\)/g)].map(
      ([, to = '']) => new URL(to, new URL(path, root)).href,
    ),
  );

  it('are there where a document shows or links one, and none is there that no document does', () => {
    const taken = readdirSync(new URL('docs/pictures/', root)).filter((name) => name.endsWith('.png'));
    expect(taken.length).toBeGreaterThan(30);
    expect([...new Set(linked)].sort()).toEqual(
      taken.map((name) => new URL(`docs/pictures/${name}`, root).href).sort(),
    );
  });
});
