// Publishes the tarballs that `npm run pack -- --keep FOLDER` tried: those files, and not another build of them. What the
// registry has already is left alone, so that a release that was cut off can be run again.
//
//   npm run pack:publish -- --tag v0.2.0 FOLDER
//   npm run pack:publish -- --tag v0.2.0 --dry-run FOLDER
import { parseArgs } from 'node:util';
import { lastWords, run } from './pack/run.ts';
import { openAll, type Tarball } from './pack/tarballs.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { tag: { type: 'string' }, 'dry-run': { type: 'boolean', default: false } },
});
const [folder] = positionals;
if (folder === undefined || values.tag === undefined)
  throw new Error('Give --tag and the folder of the tarballs: npm run pack:publish -- --tag v0.2.0 FOLDER');
const tarballs = await openAll(folder);
const other = tarballs.filter(({ manifest }) => `v${manifest.version}` !== values.tag);
if (tarballs.length === 0 || other.length > 0)
  throw new Error(
    `${values.tag} is not the version of ${other.map(({ name }) => name).join(', ') || 'anything'}.`,
  );
for (const tarball of tarballs)
  console.log(`${tarball.name} ${tarball.manifest.version}: ${await publish(tarball)}`);

async function publish({ name, file, manifest }: Tarball): Promise<string> {
  const publishing = ['npm', 'publish', file, '--access', 'public'];
  if (values['dry-run']) {
    const tried = await run([...publishing, '--dry-run'], { cwd: '.' });
    return tried.isWell ? 'would be published' : lastWords(tried);
  }
  const known = await run(['npm', 'view', `${name}@${manifest.version}`, 'version'], { cwd: '.' });
  if (known.stdout.trim() === manifest.version) return 'is published already';
  const ran = await run([...publishing, '--provenance'], { cwd: '.' });
  if (!ran.isWell) throw new Error(`${name} was not published: ${lastWords(ran)}`);
  return 'published';
}
