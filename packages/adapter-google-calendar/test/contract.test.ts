import { calendarContract } from '@precall/testing';
import { type Bench, eventShown, startBench } from './bench.ts';

const benches = new Map<unknown, Bench>();

calendarContract({
  async create() {
    const bench = await startBench();
    const { calendar, google } = bench;
    benches.set(calendar, bench);
    return { calendar, events: async () => google.events().map(eventShown) };
  },
  async close({ calendar }) {
    await benches.get(calendar)?.google.stop();
    benches.delete(calendar);
  },
});
