// A mailer on a server of its own, with a clock moved by hand.
import { createMemoryClock } from '@precall/adapter-memory';
import { attemptId, type Mailer, type Message, type PortError, type SendCall, Temporal } from '@precall/core';
import { createSmtpMailer, type SmtpMailerOptions } from '../src/index.ts';
import { type Script, type ScriptedServer, startScriptedServer } from './scripted-server.ts';

export const noon = Temporal.Instant.from('2026-03-02T12:00:00Z');
export const from = { email: 'calls@example.com', name: 'Zoë at Example' };

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

export function mailerTo(port: number, { url, ...options }: Partial<SmtpMailerOptions> = {}) {
  const clock = createMemoryClock(noon);
  const mailer = createSmtpMailer({ url: url ?? `smtp://127.0.0.1:${port}`, from, clock, ...options });
  return { clock, mailer };
}

/** Runs with a mailer on a server that keeps to the scripts, and clears both away. */
export async function onScript(
  scripts: readonly Script[],
  run: (bench: ReturnType<typeof mailerTo> & { readonly server: ScriptedServer }) => Promise<void>,
): Promise<void> {
  const server = await startScriptedServer(...scripts);
  const bench = mailerTo(server.port);
  try {
    await run({ ...bench, server });
  } finally {
    await server.stop();
    await bench.clock.advance(Temporal.Duration.from({ minutes: 1 }));
    await bench.mailer.close();
  }
}

/** The error of a send; an Ok is a failure of the test. */
export async function errorOf(answer: ReturnType<Mailer['send']>): Promise<PortError> {
  const result = await answer;
  if (result.isOk()) throw new Error('The send was Ok.');
  return result.error;
}
