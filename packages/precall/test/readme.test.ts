import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as node from '@precall/node';
import express from 'express';
import * as precallSet from 'precall';
import { describe, expect, it } from 'vitest';
import { addPrecall } from './readme-example.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');

describe('precall', () => {
  it('shows the lines that are compiled here', () => {
    expect(/```ts\n(.*?)```/s.exec(read('../README.md'))?.[1]).toBe(read('readme-example.ts'));
  });

  it('makes a server ready by them', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'precall-set-'));
    const app = express();
    const precall = await addPrecall(app, folder, 'a-secret-of-the-readme');
    const server = app.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200);
    await precall.stop();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true });
  });

  it('is the same thing as its packages, not a copy', () => {
    expect(precallSet.createPrecall).toBe(node.createPrecall);
  });
});
