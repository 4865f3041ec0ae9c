import { texterContract } from '@precall/testing';
import { startBench } from './texting.ts';

const stops = new Map<unknown, () => Promise<void>>();

texterContract({
  async create() {
    const { texter, clock, standIn, stop } = await startBench();
    stops.set(texter, stop);
    return {
      texter,
      now: clock.now,
      pass: clock.advance,
      accepted: async () => standIn.accepted,
      make(provider) {
        if (provider === 'away') void standIn.stop();
        else standIn.failNext(provider === 'silent' ? 'silence' : { status: 400, code: 21211 });
      },
    };
  },
  async close({ texter }) {
    await stops.get(texter)?.();
    stops.delete(texter);
  },
});
