// A texter on a Twilio of this machine, with a clock that is moved by hand.
import { createMemoryClock } from '@precall/adapter-memory';
import { attemptId, type SendCall, Temporal, type TextMessage } from '@precall/core';
import { startTwilioStandIn } from '@precall/testing/stand-ins';
import { createTwilioTexter, type TwilioTexterOptions } from '../src/index.ts';

export const accountSid = `AC${'1'.repeat(32)}`;
export const authToken = '12345';
export const messagingServiceSid = `MG${'2'.repeat(32)}`;
export const account = { accountSid, authToken, messagingServiceSid };
export const callbackUrl = 'https://calls.example.com/webhook/twilio';
export const message: TextMessage = { to: '+33612345678', text: 'Soon.' };

export async function startBench(options: Partial<TwilioTexterOptions> = {}) {
  const clock = createMemoryClock(Temporal.Instant.from('2026-03-02T12:00:00Z'));
  const standIn = await startTwilioStandIn(account);
  const texter = createTwilioTexter({ ...account, clock, baseUrl: standIn.url, ...options });
  const call: SendCall = {
    attemptId: attemptId('Zq3_attempt-of-22-signs'),
    onceKey: 'once',
    deadline: clock.now().add({ seconds: 10 }),
  };
  return { clock, standIn, texter, call, stop: () => standIn.stop() };
}
