import { readFileSync } from 'node:fs';
import { createMemoryMailer, createMemoryStore } from '@precall/adapter-memory';
import { createSystemClock } from '@precall/node';
import { createCalcomSource } from '@precall/source-calcom';
import { describe, expect, it } from 'vitest';
import { observed } from './readme-example.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const ask = { query: new URLSearchParams(), headers: {}, body: async () => new Uint8Array() };

describe('the example of the README', () => {
  it('is the one that is compiled here', () => {
    expect(/```ts\n(.*?)```/s.exec(read('../README.md'))?.[1]).toBe(read('readme-example.ts'));
  });

  it('counts what comes in at the routes', async () => {
    const http = await observed({
      source: createCalcomSource({ secrets: ['a-secret-of-the-readme'] }),
      store: createMemoryStore(),
      mailer: createMemoryMailer({ clock: createSystemClock() }),
    });
    await http({ ...ask, method: 'POST', path: '/webhook/calcom-booking' });
    const response = await http({ ...ask, method: 'GET', path: '/metrics' });
    expect(response?.body).toContain('\nbad_signatures_total{route="bookings"} 1\n');
  });

  it('has every name that is counted', async () => {
    const http = await observed({
      source: createCalcomSource({ secrets: ['a-secret-of-the-readme'] }),
      store: createMemoryStore(),
      mailer: createMemoryMailer({ clock: createSystemClock() }),
    });
    const text = (await http({ ...ask, method: 'GET', path: '/metrics' }))?.body ?? '';
    const names = [...text.matchAll(/^# TYPE (\w+) /gm)].map(([, name = '']) => name);
    const ours = names.filter((name) => !/^(process|nodejs)_/.test(name) || name.startsWith('messaging'));
    expect(ours.length).toBeGreaterThan(15);
    for (const name of ours) expect(read('../README.md'), name).toContain(`\`${name}`);
  });
});
