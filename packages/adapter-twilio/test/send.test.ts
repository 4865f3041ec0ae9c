// What becomes of a text at a Twilio that is as strict as Twilio.
import { describe, expect, it } from 'vitest';
import { createTwilioTexter } from '../src/index.ts';
import { account, callbackUrl, message, startBench } from './texting.ts';

async function onBench(
  run: (bench: Awaited<ReturnType<typeof startBench>>) => Promise<void>,
  options: Parameters<typeof startBench>[0] = {},
): Promise<void> {
  const bench = await startBench(options);
  try {
    await run(bench);
  } finally {
    await bench.stop();
  }
}

describe('send', () => {
  it('names the attempt to Twilio in its callback, and nothing else', async () => {
    await onBench(
      async ({ texter, standIn, call }) => {
        const { messageId } = (await texter.send(message, call)).unwrap();
        expect(texter.doubt).toBe('reported');
        expect(standIn.accepted).toEqual([
          { sid: messageId, ...message, statusCallback: `${callbackUrl}?attempt=${call.attemptId}` },
        ]);
      },
      { callbackUrl },
    );
  });

  it('asks for no reports without an address for them', async () => {
    await onBench(async ({ texter, standIn, call }) => {
      (await texter.send(message, call)).unwrap();
      expect([texter.doubt, texter.events, standIn.accepted[0]?.statusCallback]).toEqual([
        'silent',
        undefined,
        null,
      ]);
    });
  });

  it.each([
    [
      { status: 400, code: 21610 },
      { kind: 'rejected', optedOut: true },
    ],
    [{ status: 400, code: 21211 }, { kind: 'rejected' }],
    [{ status: 413 }, { kind: 'rejected' }],
    [
      { status: 400, code: 21705 },
      { kind: 'unavailable', refusesUs: true },
    ],
    [
      { status: 401, code: 20003 },
      { kind: 'unavailable', refusesUs: true },
    ],
    [{ status: 403 }, { kind: 'unavailable', refusesUs: true }],
    [{ status: 404 }, { kind: 'unavailable' }],
    [{ status: 503 }, { kind: 'unavailable' }],
    [{ status: 302, headers: { location: 'https://example.com/' } }, { kind: 'unavailable' }],
    ['cut', { kind: 'unknown' }],
  ] as const)('takes %j for %j', async (fault, expected) => {
    await onBench(async ({ texter, standIn, call }) => {
      standIn.failNext(fault);
      const sent = await texter.send(message, call);
      expect(sent.isErr() && sent.error).toEqual({ ...expected, reason: expect.any(String) });
      expect(sent.isErr() && sent.error.reason).not.toContain(message.to);
    });
  });

  it('waits as long as Twilio says', async () => {
    await onBench(async ({ texter, standIn, call }) => {
      standIn.failNext({ status: 429, code: 20429, headers: { 'retry-after': '7' } });
      const sent = await texter.send(message, call);
      expect(sent.isErr() && `${'retryAfter' in sent.error && sent.error.retryAfter}`).toBe('PT7S');
    });
  });

  it('is refused once the texter is closed, or where nobody listens', async () => {
    await onBench(async ({ texter, call, standIn }) => {
      await standIn.stop();
      const away = await texter.send(message, call);
      expect(away.isErr() && away.error.kind).toBe('unavailable');
      await texter.close();
      const closed = await texter.send(message, call);
      expect(closed.isErr() && closed.error.reason).toBe('The texter was closed.');
    });
  });
});

describe('describe', () => {
  it('finds nothing wrong with an account that is taken, and the token of one that is not', async () => {
    await onBench(async ({ texter, standIn }) => {
      expect((await texter.describe()).unwrap()).toEqual([]);
      standIn.failNext({ status: 401, code: 20003 });
      expect((await texter.describe()).unwrap()).toMatchObject([{ where: 'TWILIO_AUTH_TOKEN' }]);
      standIn.failNext({ status: 500 });
      expect((await texter.describe()).isErr()).toBe(true);
    });
  });
});

describe('createTwilioTexter', () => {
  it.each([
    ['accountSid', { accountSid: 'AC1' }],
    ['authToken', { authToken: '' }],
    ['authToken', { authToken: undefined as never }],
    ['messagingServiceSid', { messagingServiceSid: `SK${'2'.repeat(32)}` }],
    ['callbackUrl', { callbackUrl: 'https://calls.example.com/x?y=1' }],
    ['baseUrl', { baseUrl: 'http://example.com' }],
  ])('names the option %s that cannot be right', async (name, wrong) => {
    await onBench(async ({ clock }) => {
      expect(() => createTwilioTexter({ ...account, clock, ...wrong })).toThrow(new RegExp(`^${name} `));
    });
  });
});
