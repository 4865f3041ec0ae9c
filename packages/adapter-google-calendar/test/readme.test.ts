import { readFileSync } from 'node:fs';
import { startGoogleCalendarStandIn } from '@precall/testing/stand-ins';
import { describe, expect, it } from 'vitest';
import { calendarId, call, eventShown } from './bench.ts';
import { googleCalendar } from './readme-example.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');

describe('the example of the README', () => {
  it('is the one that is compiled here', () => {
    expect(/```ts\n(.*?)```/s.exec(read('../README.md'))?.[1]).toBe(read('readme-example.ts'));
  });

  it('puts and removes, with the clock of the machine', async () => {
    const standIn = await startGoogleCalendarStandIn({ calendarId });
    try {
      const calendar = googleCalendar({ calendarId, key: standIn.key, baseUrl: standIn.url });
      expect((await calendar.describe()).unwrap()).toEqual([]);
      expect((await calendar.put(call)).isOk()).toBe(true);
      expect(standIn.events().map(eventShown)).toEqual([call]);
      expect((await calendar.remove(call.id)).isOk()).toBe(true);
      expect(standIn.events()).toEqual([]);
    } finally {
      await standIn.stop();
    }
  });
});
