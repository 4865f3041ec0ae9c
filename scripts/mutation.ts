// Mutation testing: Stryker's own run, or the quick one, which judges the same mutants of core in one process.
//
//   npm run mutation -- -m packages/core/src/ledger.ts       Stryker, with its own options
//   npm run mutation -- --quick                              all of core, quickly
//   npm run mutation -- --quick ledger plan --minutes 10     two files, ten minutes at most; the same again goes on
//   npm run mutation -- --quick calls --by dispatch,texts    one file, by the tests of two
import { spawnSync } from 'node:child_process';
import { judgeQuickly } from './mutation/quick.ts';

const asked = process.argv.slice(2);
if (asked.includes('--quick')) {
  await judgeQuickly(asked.filter((word) => word !== '--quick'));
} else {
  process.exitCode = spawnSync('stryker', ['run', ...asked], { stdio: 'inherit' }).status ?? 1;
}
