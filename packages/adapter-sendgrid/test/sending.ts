// A mailer on a stand-in of SendGrid, with a clock moved by hand.
import { createMemoryClock } from '@precall/adapter-memory';
import { attemptId, type Mailer, type Message, type PortError, type SendCall, Temporal } from '@precall/core';
import {
  type SendgridStandIn,
  type SendgridStandInOptions,
  startSendgridStandIn,
} from '@precall/testing/stand-ins';
import { vi } from 'vitest';
import { createSendgridMailer, type SendgridMailerOptions } from '../src/index.ts';

export const apiKey = 'SG.test-key.of-nobody';
export const noon = Temporal.Instant.from('2026-03-02T12:00:00Z');
export const from = { email: 'calls@example.com', name: 'Ada at Example' };

export const message: Message = {
  to: 'grace@example.org',
  toName: 'Grace',
  subject: 'Your call starts in 2 hours',
  text: 'See you soon.',
  html: '<p>See you soon.</p>',
};

export const call: SendCall = {
  attemptId: attemptId('Zq3_attempt-of-22-signs'),
  onceKey: 'once',
  deadline: noon.add({ seconds: 10 }),
};

export type Bench = Awaited<ReturnType<typeof startBench>>;

export async function startBench({
  standIn: standInOptions = {},
  ...options
}: Partial<SendgridMailerOptions> & { readonly standIn?: Partial<SendgridStandInOptions> } = {}) {
  const clock = createMemoryClock(noon);
  const standIn = await startSendgridStandIn({ apiKey, ...standInOptions });
  const mailer = createSendgridMailer({ apiKey, from, clock, baseUrl: standIn.url, ...options });
  return {
    clock,
    standIn,
    mailer,
    async stop() {
      await standIn.stop();
      await clock.advance(Temporal.Duration.from({ minutes: 1 }));
      await mailer.close();
    },
  };
}

/** Runs with a new bench and clears it away. */
export async function onBench(
  options: Parameters<typeof startBench>[0],
  run: (bench: Bench) => Promise<void>,
): Promise<void> {
  const bench = await startBench(options);
  try {
    await run(bench);
  } finally {
    await bench.stop();
  }
}

/** The error of a send; an Ok is a failure of the test. */
export async function errorOf(answer: ReturnType<Mailer['send']>): Promise<PortError> {
  const result = await answer;
  if (result.isOk()) throw new Error('The send was Ok.');
  return result.error;
}

export async function requestsReach(standIn: SendgridStandIn, count: number): Promise<void> {
  await vi.waitFor(() => {
    if (standIn.requests.length < count) throw new Error(`only ${standIn.requests.length} requests came`);
  });
}
