import { mailerContract } from '@precall/testing';
import { type Bench, startBench } from './sending.ts';

const benches = new Map<unknown, Bench>();

mailerContract({
  async create() {
    const bench = await startBench();
    const { mailer, clock, standIn } = bench;
    benches.set(mailer, bench);
    return {
      mailer,
      now: clock.now,
      pass: clock.advance,
      accepted: async () => standIn.accepted,
      make(provider) {
        if (provider === 'away') void standIn.stop();
        else standIn.failNext(provider === 'silent' ? 'silence' : { status: 400 });
      },
    };
  },
  async close({ mailer }) {
    await benches.get(mailer)?.stop();
    benches.delete(mailer);
  },
});
