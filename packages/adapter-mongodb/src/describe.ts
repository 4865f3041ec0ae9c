// What a person should know of the server before trusting it with bookings.
import type { SchemaFault } from '@precall/core';
import type { Db, IndexDescription } from 'mongodb';
import { indexes } from './indexes.ts';
import type { Records } from './read-records.ts';

const oldestMajor = 6;
const tolerableSkewMs = 1_000;

/** Rejects as the driver does. */
export async function findFaults(
  { db, records }: { readonly db: Db; readonly records: Records },
  nowMs: () => number,
): Promise<readonly SchemaFault[]> {
  const beforeMs = nowMs();
  const [info, hello] = await Promise.all([
    db.admin().command({ buildInfo: 1 }),
    db.admin().command({ hello: 1 }),
  ]);
  const middleMs = (beforeMs + nowMs()) / 2;
  return [
    ...versionFaults(String(info.version)),
    ...clockFaults(hello.localTime instanceof Date ? hello.localTime.getTime() - middleMs : 0),
    ...(await indexFaults(records)),
    ...(await writeFaults(db)),
  ];
}

function versionFaults(version: string): readonly SchemaFault[] {
  if (Number.parseInt(version, 10) >= oldestMajor) return [];
  return [
    {
      where: 'MongoDB version',
      fault: `The server is MongoDB ${version}.`,
      cure: `Use MongoDB ${oldestMajor} or newer.`,
    },
  ];
}

function clockFaults(aheadMs: number): readonly SchemaFault[] {
  if (Math.abs(aheadMs) <= tolerableSkewMs) return [];
  const seconds = (Math.abs(aheadMs) / 1_000).toFixed(1);
  return [
    {
      where: 'clock',
      fault: `The server's clock is ${seconds} s ${aheadMs > 0 ? 'ahead of' : 'behind'} this machine's.`,
      cure: 'Let both machines take their time from the same NTP servers: reminders go by the clock of the machine that sends.',
    },
  ];
}

async function indexFaults(records: Records): Promise<readonly SchemaFault[]> {
  const there = await records.indexes();
  return indexes
    .filter((wanted) => !there.some((one) => one.name === wanted.name && isAlike(one, wanted)))
    .map(({ name }) => ({
      where: `index ${name}`,
      fault: 'The index is missing or another one bears its name.',
      cure: 'Let the process start once with the right to make indexes; drop an index of that name that is not like it.',
    }));
}

function isAlike(a: IndexDescription, b: IndexDescription): boolean {
  const said = ({ key, partialFilterExpression }: IndexDescription) =>
    JSON.stringify([key, partialFilterExpression]);
  return said(a) === said(b);
}

/** A write of nothing, with the durability that a save asks for. */
async function writeFaults(db: Db): Promise<readonly SchemaFault[]> {
  const probe = db.collection<{ _id: string }>('precall_probe');
  try {
    await probe.deleteOne({ _id: 'nothing' }, { writeConcern: { w: 'majority', journal: true } });
    return [];
  } catch (cause) {
    const code = cause instanceof Error && 'codeName' in cause ? String(cause.codeName) : 'no answer';
    return [
      {
        where: 'write concern',
        fault: `A write that a majority has journaled was refused (${code}).`,
        cure: "Give the user the role readWrite on the database, and keep a majority of the set's members up.",
      },
    ];
  }
}
