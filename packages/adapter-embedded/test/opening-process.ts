// Opens the store in the folder given and says what came of it.
import { openEmbeddedStore } from '../src/index.ts';

const [folder = ''] = process.argv.slice(2);
const startedAt = performance.now();
const opened = openEmbeddedStore({ folder });
const answer = opened.isOk() ? 'opened' : opened.error.kind;
console.log(JSON.stringify({ answer, tookMs: performance.now() - startedAt }));
