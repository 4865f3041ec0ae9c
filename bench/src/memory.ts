// Resident memory of the embedded host's own process: with an empty store when it has come to rest, and in the minute after a
// start with a million reminders to come, while it derives their plans again.
import { fillFolder } from './filled-store.ts';
import { figureOf, type Row } from './measure.ts';
import { inFolder, scaled } from './rig.ts';
import { startHost } from './started-host.ts';

const many = scaled(333_334);
const rounds = 5;
const restMs = 5_000;
const minuteMs = scaled(60_000);

export async function memory(name: string): Promise<readonly Row[]> {
  const idle = await residents(0, restMs);
  const full = await residents(many, minuteMs);
  const crowd = `in the minute after a start with ${(many * 3).toLocaleString('en-US')} reminders to come`;
  const unit = 'MiB';
  return [
    figureOf(
      { name, what: 'resident memory of an idle host', unit, target: { atMost: 120 } },
      idle.map(({ last }) => last),
    ),
    figureOf(
      { name, what: `greatest resident memory of a host ${crowd}`, unit, target: { atMost: 250 } },
      full.map(({ greatest }) => greatest),
    ),
    figureOf(
      { name, what: 'the same at the end of that minute', unit },
      full.map(({ last }) => last),
    ),
  ];
}

interface Resident {
  readonly greatest: number;
  readonly last: number;
}

function residents(bookings: number, forMs: number): Promise<readonly Resident[]> {
  return inFolder(async (folder) => {
    await fillFolder(folder, bookings);
    const all: Resident[] = [];
    for (let round = 0; round < rounds; round += 1) all.push(await watched(folder, forMs));
    return all;
  });
}

async function watched(folder: string, forMs: number): Promise<Resident> {
  const host = await startHost(folder);
  const seen = [host.resident()];
  const untilMs = Date.now() + forMs;
  while (Date.now() < untilMs) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    seen.push(host.resident());
  }
  await host.stop();
  return { greatest: Math.max(...seen), last: seen.at(-1) ?? Number.NaN };
}
