// A file as an answer: whole, or cut off; never held open.
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { createMemoryClock } from '@precall/adapter-memory';
import { Ok, Temporal } from '@precall/core';
import express from 'express';
import { afterEach, describe, expect, it } from 'vitest';
import { send } from '../src/send.ts';
import { closeHosts, host } from './listening-host.ts';

afterEach(closeHosts);
const operator = { authorize: () => 'yes' as const };

describe('a backup over HTTP', () => {
  it('is the copy, byte for byte, with its length', async () => {
    const bytes = Buffer.alloc(300_000, 'precall');
    const backup = {
      async backup(to: string) {
        await writeFile(to, bytes);
        return Ok(undefined);
      },
    };
    const { base } = await host({ operator, backup });
    const headers = { 'sec-fetch-site': 'same-origin' };
    const response = await fetch(`${base}/operator/api/backup`, { method: 'POST', headers });
    expect(response.headers.get('content-length')).toBe('300000');
    expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true);
  });
});

describe('send', () => {
  it('lets the file go when the receiver hangs up', async () => {
    let chunks = 0;
    const content = new Readable({
      read() {
        chunks += 1;
        this.push(Buffer.alloc(64 * 1024));
      },
    });
    const app = express().use((_request, response) => {
      const file = { bytes: 1e12, content };
      send(
        response,
        { status: 200, headers: {}, body: '', file },
        { clock: createMemoryClock(Temporal.Instant.from('2026-12-03T15:00:00Z')) },
      );
    });
    const server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const hangUp = new AbortController();
    const closed = new Promise((resolve) => content.once('close', resolve));
    await fetch(`http://127.0.0.1:${port}/`, { signal: hangUp.signal });
    hangUp.abort();
    await closed;
    expect(content.destroyed).toBe(true);
    expect(chunks).toBeLessThan(1_000);
    server.close();
  });
});
