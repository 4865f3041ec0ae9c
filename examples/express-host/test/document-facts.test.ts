// Links in documents lead somewhere, and the variables and settings that documents name are ones that are read.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { hostVariables, readConfiguration } from '../src/configuration.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const documents = execFileSync(
  'find',
  ['.', '-name', '*.md', '-not', '-path', '*/node_modules/*', '-not', '-path', './docs/api/*'],
  {
    cwd: root,
    encoding: 'utf8',
  },
)
  .trim()
  .split('\n');

/** Without its blocks of code. */
function prose(path: string): string {
  return read(path).replaceAll(/^```.*?^```/gms, '');
}

/** As GitHub names headings. */
function anchorsOf(path: string): ReadonlySet<string> {
  const headings = [...prose(path).matchAll(/^#+ (.*)$/gm)].map(([, words = '']) => words);
  return new Set(
    headings.map((words) =>
      words
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

describe('every document', () => {
  it.each(documents)('%s links to what is there', (path) => {
    const targets = [...prose(path).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
    for (const target of targets.filter((one) => !/^https?:/.test(one))) {
      const [file = '', anchor] = target.split('#');
      const found = file === '' ? path : normalize(join(dirname(path), file));
      expect(existsSync(join(root, found)), target).toBe(true);
      if (anchor && found.endsWith('.md')) expect(anchorsOf(found), target).toContain(anchor);
    }
  });
});

describe('the README of a package', () => {
  it.each(documents.filter((path) => /^\.\/packages\/[^/]+\/README\.md$/.test(path)))(
    '%s, which is published without the repository, leads nowhere in it',
    (path) => {
      expect(prose(path)).not.toMatch(/\]\(\.\./);
    },
  );
});

describe('docs/README.md', () => {
  it('leads to every document beside it', () => {
    const beside = readdirSync(join(root, 'docs')).filter(
      (name) => /\.md$/.test(name) && name !== 'README.md',
    );
    expect(beside.length).toBeGreaterThan(5);
    for (const name of beside) expect(read('docs/README.md')).toContain(`(${name})`);
  });
});

describe('the variables of documents', () => {
  const settings = 'packages/node/src/settings';
  const readers = readdirSync(join(root, settings))
    .map((name) => join(settings, name))
    .concat('examples/express-host/src/configuration.ts')
    .map(read)
    .join('\n');

  it.each([
    'README.md',
    'docs/set-up.md',
    'docs/operate.md',
    'docs/write-your-own-texts.md',
    'docs/moving-from-the-python-service.md',
  ])('%s names only such as are read', (path) => {
    const named = [...read(path).matchAll(/\b(?:[A-Z]+_)+[A-Z]+\b/g)].map(([name]) => name);
    const webhooks = /^(?:BOOKING|MEETING)_/;
    expect(named.length).toBeGreaterThan(0);
    for (const name of named.filter((one) => !webhooks.test(one)))
      expect(readers, name).toContain(`'${name}'`);
  });

  it('examples/express-host/README.md names every one', () => {
    const rows = [...read('examples/express-host/README.md').matchAll(/^\| `([A-Z_]+)` +\|/gm)];
    const others = ['PORT', 'DATA_DIR', 'LOG_LEVEL', 'NODE_ENV'];
    expect(rows.map(([, name]) => name).toSorted()).toEqual([...hostVariables, ...others].toSorted());
  });

  it('docs/set-up.md gives values that the host takes', () => {
    const text = `${read('docs/set-up.md')}\n${read('docs/moving-from-the-python-service.md')}`;
    const given = [...text.matchAll(/`?([A-Z]+(?:_[A-Z]+)+)='?([^'`\n]+)'?/g)].map(([, name, value]) => [
      name,
      value,
    ]);
    expect(given.map(([name]) => name)).toEqual([
      'SMTP_URL',
      'GOOGLE_CALENDAR_NAMES',
      'MONGODB_URI',
      'NOTION_SENT_PROPERTIES',
      'TESTING_MODE',
    ]);
    const others = {
      CALCOM_WEBHOOK_SECRET: 'a-secret-of-the-tests',
      MAIL_FROM: 'Ada <calls@example.com>',
      GOOGLE_CALENDAR_ID: 'calls@group.calendar.google.com',
      GOOGLE_SERVICE_ACCOUNT_FILE: join(root, 'package.json'), // only read here
      NOTION_TOKEN: 'ntn_a-token-of-the-tests',
      NOTION_BUSINESSX_DB_ID: 'c'.repeat(32),
      NOTION_EMAIL_SEQUENCE_DB_ID: 'e'.repeat(32),
    };
    const configured = readConfiguration({ ...others, ...Object.fromEntries(given) }, []);
    expect(configured.isErr() ? configured.error : []).toEqual([]);
  });

  it('docs/operate.md tells Prometheus of rules that are there', () => {
    const [, rules = ''] = /^rule_files: \[(.*)\]$/m.exec(read('docs/operate.md')) ?? [];
    expect(existsSync(join(root, rules)), rules).toBe(true);
  });
});
