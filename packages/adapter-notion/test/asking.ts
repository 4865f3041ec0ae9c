// A CRM on a stand-in of Notion, with a clock moved by hand.
import { createMemoryClock } from '@precall/adapter-memory';
import { type Crm, type Found, milliseconds, type PortError, type PortResult, Temporal } from '@precall/core';
import {
  campaignDatabases,
  type NotionDatabase,
  type NotionRow,
  type NotionStandInOptions,
  startNotionStandIn,
} from '@precall/testing/stand-ins';
import { vi } from 'vitest';
import { createNotionCrm, type NotionCrmOptions, type SequenceOptions } from '../src/index.ts';

export const token = 'ntn_of-the-tests';
export const noon = Temporal.Instant.from('2026-03-02T12:00:00Z');
export const campaign = 'Christmas 2025';
export const status = 'Booking Status';
export const callDate = 'Diagnostic Call Date';

export const seconds = (count: number) => Temporal.Duration.from({ milliseconds: Math.round(count * 1_000) });
export const choice = (value: string | null) => ({ type: 'choice', value }) as const;
export const date = (value: string | null) => ({ type: 'date', value }) as const;

export interface BenchOptions {
  readonly contacts?: Partial<NotionDatabase>;
  readonly sequence?: Partial<NotionDatabase>;
  readonly standIn?: Partial<NotionStandInOptions>;
  /** Over those of the adapter. */
  readonly crm?: Partial<
    Pick<NotionCrmOptions, 'pace' | 'requestTimeout' | 'unknownOption' | 'projection'>
  > & {
    readonly token?: string;
  };
  readonly contactsOptions?: Partial<NotionCrmOptions['contacts']>;
  readonly sequenceOptions?: Partial<SequenceOptions> | null;
}

const ada: readonly NotionRow[] = [
  { Name: 'Ada', email: 'Ada@Example.com', [status]: 'Not Booked', [callDate]: '2026-01-01' },
];
const adasMembership: readonly NotionRow[] = [
  { Email: 'ada@example.com', Campaign: campaign, 'Email 1 Sent': '2026-01-05T09:00:00Z' },
];

export type Bench = Awaited<ReturnType<typeof startBench>>;

export async function startBench(options: BenchOptions = {}) {
  const clock = createMemoryClock(noon);
  const given = campaignDatabases({ contacts: ada, sequence: adasMembership });
  const contacts = { ...given.contacts, ...options.contacts };
  const sequence = { ...given.sequence, ...options.sequence };
  const notion = await startNotionStandIn({ token, databases: [contacts, sequence], ...options.standIn });
  const { sequenceOptions = {} } = options;
  const crm = createNotionCrm({
    token,
    baseUrl: notion.url,
    clock,
    // The clock stands still, and a bucket would never be filled again.
    pace: { perSecond: 3, burst: 1_000 },
    contacts: { database: contacts.id, ...options.contactsOptions },
    sequence: sequenceOptions && {
      database: sequence.id,
      sentProperties: { '72h': 'Email 1 Sent', '24h': 'Email 2 Sent' },
      ...sequenceOptions,
    },
    ...options.crm,
  });
  return {
    clock,
    notion,
    crm,
    contacts,
    sequence,
    /** The contact of that row, such as 0. */
    row: (index: number) => at(notion.rows(contacts.id), index),
    member: (index: number) => at(notion.rows(sequence.id), index),
    stop: () => notion.stop(),
  };
}

/** Runs with a new bench and clears it away. */
export async function onBench(options: BenchOptions, run: (bench: Bench) => Promise<void>): Promise<void> {
  const bench = await startBench(options);
  try {
    await run(bench);
  } finally {
    await bench.stop();
  }
}

function at<T>(all: readonly T[], index: number): T {
  const found = all[index];
  if (found === undefined) throw new Error(`there is no row ${index}`);
  return found;
}

/** The error of a call; an Ok is a failure of the test. */
export async function errorOf(answer: PortResult<unknown>): Promise<PortError> {
  const result = await answer;
  if (result.isOk()) throw new Error('The call was Ok.');
  return result.error;
}

export async function refOf(found: PortResult<Found<string>>): Promise<string> {
  const answer = (await found).unwrap();
  if (answer.kind !== 'one') throw new Error(`${answer.kind} instead of one`);
  return answer.ref;
}

export async function kindOf(found: PortResult<Found<string>>): Promise<string> {
  return (await found).unwrap().kind;
}

export const adasRef = (crm: Crm) => refOf(crm.findContact('ada@example.com'));
export const adasMember = (crm: Crm) => refOf(crm.findMembership('ada@example.com', campaign));

/** Until so many requests have come; fails when they do not. */
export async function requestsReach({ notion }: Bench, count: number): Promise<void> {
  await vi.waitFor(() => {
    if (notion.requests.length < count) throw new Error(`only ${notion.requests.length} requests came`);
  });
}

/** Until something waits for a moment that far away, and then to that moment. */
export async function passTo({ clock }: Bench, lengthInSeconds: number): Promise<void> {
  const moment = clock.now().add(seconds(lengthInSeconds));
  await vi.waitFor(() => {
    const waiting = clock.pending().map((one) => one.epochMilliseconds - clock.now().epochMilliseconds);
    if (!waiting.includes(milliseconds(seconds(lengthInSeconds))))
      throw new Error(`nothing waits for ${lengthInSeconds} s; there is ${waiting.join(', ')} ms`);
  });
  await clock.advanceTo(moment);
}
