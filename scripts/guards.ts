// Takes one guard of the security table (SECURITY.md) after another out of a copy of the repository, and runs there the
// test that must then fail. Ends with 1 when a test stays green, or is not green with its guard in place.
//
//   npm run guards                     all of them
//   npm run guards -- S1 S9            those of some threats
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Guard, guards } from './guard-list.ts';

type Outcome = 'green' | 'red' | 'not run';

const root = fileURLToPath(new URL('..', import.meta.url));
/** One test file and what it needs to start; a guard whose lack makes its test run for ever is found out too. */
const patienceMs = 240_000;

const soundRuns = new Map<string, ReturnType<typeof run>>();

const wanted = process.argv.slice(2);
const chosen = guards.filter(({ threat }) => wanted.length === 0 || wanted.includes(threat));
const copy = mkdtempSync(join(tmpdir(), 'precall-guards-'));
try {
  copyRepository(copy);
  process.exitCode = report(chosen.map((guard) => ({ guard, found: tried(guard) })));
} finally {
  rmSync(copy, { recursive: true, force: true });
}

/** What the guard's test says with the guard, and without it. */
function tried(guard: Guard): { readonly with: Outcome; readonly without: Outcome } {
  const path = join(copy, guard.file);
  const whole = readFileSync(path, 'utf8');
  const pieces = whole.split(guard.find);
  if (pieces.length !== 2) {
    throw new Error(`${guard.file} holds ${pieces.length - 1} times, not once: ${guard.find}`);
  }
  const before = outcomeOf(guard, withAllGuards(guard.test));
  writeFileSync(path, pieces.join(guard.replace));
  const after = outcomeOf(guard, run(guard.test, guard.name));
  writeFileSync(path, whole);
  console.log(`${guard.threat.padEnd(4)} ${before} -> ${after}  ${guard.what}`);
  return { with: before, without: after };
}

interface Report {
  readonly testResults: readonly { readonly assertionResults: readonly Result[] }[];
}
interface Result {
  readonly fullName: string;
  readonly status: string;
}

/** What a test file says with every guard in place: asked once. */
function withAllGuards(test: string): ReturnType<typeof run> {
  const known = soundRuns.get(test) ?? run(test);
  soundRuns.set(test, known);
  return known;
}

/** Red only by the named test itself: a file that does not load proves nothing. */
function outcomeOf({ name }: Guard, results: ReturnType<typeof run>): Outcome {
  if (results === 'endless') return 'red';
  const named = results.filter(
    ({ fullName, status }) => fullName.includes(name) && /^(?:passed|failed)$/.test(status),
  );
  if (named.length === 0) return 'not run';
  return named.some(({ status }) => status === 'failed') ? 'red' : 'green';
}

function run(test: string, name?: string): readonly Result[] | 'endless' {
  const file = join(copy, 'guards-report.json');
  rmSync(file, { force: true });
  const only = name === undefined ? [] : ['-t', name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')];
  const ended = spawnSync(
    join(copy, 'node_modules/.bin/vitest'),
    ['run', test, ...only, '--reporter=json', `--outputFile=${file}`],
    { cwd: copy, timeout: patienceMs, killSignal: 'SIGKILL', stdio: 'ignore' },
  );
  if (ended.signal !== null) return 'endless';
  if (!existsSync(file)) return [];
  const { testResults }: Report = JSON.parse(readFileSync(file, 'utf8'));
  return testResults.flatMap(({ assertionResults }) => assertionResults);
}

function report(
  results: readonly { readonly guard: Guard; readonly found: ReturnType<typeof tried> }[],
): number {
  const bad = results.filter(({ found }) => found.with !== 'green' || found.without !== 'red');
  console.log(`\n${results.length} guards taken out, ${results.length - bad.length} tests red.`);
  for (const { guard, found } of bad) {
    console.log(
      `  ${guard.threat} ${guard.what}: with it ${found.with}, without it ${found.without} (${guard.name})`,
    );
  }
  return bad.length === 0 && results.length > 0 ? 0 : 1;
}

/** The files of the work tree that git knows or would take, and links to what is installed: packages here lead into the copy. */
function copyRepository(to: string): void {
  const listed = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const files = listed.stdout.split('\0').filter((path) => path !== '' && existsSync(join(root, path)));
  if (files.length === 0) throw new Error('git lists no files here.');
  for (const path of files) {
    mkdirSync(dirname(join(to, path)), { recursive: true });
    cpSync(join(root, path), join(to, path));
  }
  const folders = new Set(
    files.filter((path) => /(?:^|\/)package\.json$/.test(path)).map((path) => dirname(path)),
  );
  for (const folder of folders)
    linkInstalled(join(root, folder, 'node_modules'), join(to, folder, 'node_modules'));
}

/** Links within the repository are made again as they are, and so lead to the copy; all others lead to the original. */
function linkInstalled(from: string, to: string): void {
  if (!existsSync(from)) return;
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) {
    const [source, target] = [join(from, name), join(to, name)];
    if (name.startsWith('.vite') || name === '.spoilt') continue;
    if (lstatSync(source).isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else if (name.startsWith('@') || name === '.bin') linkInstalled(source, target);
    else if (lstatSync(source).isFile()) cpSync(source, target);
    else symlinkSync(source, target);
  }
}
