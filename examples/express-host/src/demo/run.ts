// The demonstration: a call half a minute away, its three reminders and its contact, on the terminal and on a page.
import { join } from 'node:path';
import { createSystemClock } from '@precall/node';
import { onStopSignals } from '../stop-signals.ts';
import { type Demonstration, openDemonstration } from './open-demonstration.ts';
import { waitForOutcome } from './outcome.ts';

export interface DemonstrationOptions {
  /** Null: 3000, or with `once` any free one. */
  readonly port: number | null;
  readonly dataDir: string;
  readonly logLevel: string;
  /** Ends by itself when everything has happened. */
  readonly once: boolean;
}

/** The exit code, or `running`: it stays up until it is told to stop. */
export async function runDemonstration(options: DemonstrationOptions): Promise<number | 'running'> {
  const { port, dataDir, logLevel, once } = options;
  print(
    'Precall, the demonstration: one of the sample bookings documented by Cal.com, re-dated, sent to this host',
  );
  print(
    'itself. 72, 24 and 2 hours become 24, 12 and 4 seconds. No mail leaves this machine. Times are UTC.',
  );
  const opened = await openDemonstration({
    folder: join(dataDir, 'demo'),
    port: port ?? (once ? 0 : 3000),
    print,
    troubles: quietLevels.includes(logLevel) ? 'hidden' : 'shown',
  });
  if (opened.isErr()) {
    process.stderr.write(`${opened.error}\n`);
    return badConfiguration;
  }
  const demonstration = opened.value;
  print(
    `ready at ${demonstration.baseUrl} pid=${process.pid} store: embedded, scheduler: in-process, ` +
      'CRM: local address book, mail: local mailbox',
  );
  onStopSignals(() => demonstration.stop());
  await demonstration.story.book();
  if (once) return await seeThrough(demonstration);
  print(`Watch it, and try the buttons: ${demonstration.baseUrl}/   (Ctrl-C ends it)`);
  return 'running';
}

/** A log of these levels has no warnings. */
const quietLevels = ['error', 'fatal', 'silent'];
/** EX_CONFIG of sysexits.h: starting it again would not help. */
const badConfiguration = 78;
/** Everything has happened 26 s after the booking; a contact that is late gets the rest. */
const patience = { seconds: 40 } as const;

async function seeThrough({ readScene, stop }: Demonstration): Promise<number> {
  const clock = createSystemClock();
  const faults = await waitForOutcome({ readScene, clock, until: clock.now().add(patience) });
  await stop();
  for (const sentence of faults) print(`FAILED  ${sentence}`);
  if (faults.length > 0) return 1;
  print('All three reminders arrived, and the contact is right.');
  return 0;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
