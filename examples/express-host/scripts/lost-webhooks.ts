// A working day of a Cal.com that loses a fifth of its webhooks, twice over a virtual clock: once it may be asked by its
// API, once it may not. Prints what is wrong with our view of its bookings every ten minutes, and at the end the damage.
// `-- --seed N` for another day. Ends with 1 if anything is wrong where Cal.com may be asked.
import { parseArgs } from 'node:util';
import { aDay, dice } from '../../../packages/core/test/lossy-day.ts';
import { createLossyWorld, damage } from '../../../packages/core/test/lossy-world.ts';

const { values } = parseArgs({ options: { seed: { type: 'string', default: '1' } } });
const seed = Number(values.seed);
if (!Number.isSafeInteger(seed)) throw new Error(`--seed is ${values.seed}: give a whole number.`);

const asked = await oneDay('with CALCOM_API_KEY');
await oneDay('without');
process.exitCode = asked.wrong > 0 ? 1 : 0;

async function oneDay(name: 'with CALCOM_API_KEY' | 'without'): Promise<{ readonly wrong: number }> {
  const roll = dice(seed + 100);
  const world = createLossyWorld({
    loses: () => roll() < 0.2,
    ...(name === 'without' && { api: 'none' as const }),
  });
  await world.start();
  let checks = 0;
  let wrong = 0;
  let lines: readonly string[] = [];
  await aDay(world, seed, async () => {
    checks += 1;
    lines = await damage(world);
    if (lines.length > 0) wrong += 1;
  });
  await world.precall.stop();
  const { bookings } = world.calcom;
  console.log(`${name}: ${bookings.length} bookings, ${world.lost.length} webhooks lost, seed ${seed}`);
  console.log(
    `  wrong at ${wrong} of ${checks} looks ten minutes after each change; requests to the API: ${world.asked.length}`,
  );
  console.log(`  wrong at the end: ${lines.length}`);
  for (const line of lines) console.log(`    ${line}`);
  return { wrong };
}
