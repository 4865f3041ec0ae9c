// Loaded into a host beside its own code: at SIGUSR2 it collects garbage, and writes what memory is in use to MEMORY_FILE.
import { renameSync, writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');
const file = process.env.MEMORY_FILE;

process.on('SIGUSR2', () => {
  collectGarbage();
  const { rss, heapUsed } = process.memoryUsage();
  writeFileSync(`${file}.new`, JSON.stringify({ rss, heapUsed }));
  renameSync(`${file}.new`, file);
});
