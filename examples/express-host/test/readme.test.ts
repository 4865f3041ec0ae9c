import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signCalcom } from '@precall/source-calcom';
import express from 'express';
import { describe, expect, it } from 'vitest';
import { precall as runPrecall } from '../../../packages/cli/test/precall-command.ts';
import { addPrecall } from './readme-your-server.ts';

const root = new URL('../../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');

describe('README', () => {
  it('shows at most ten lines for a server one has, and they are the lines that are run here', () => {
    const [, code = ''] =
      /\/\/ readme: begin\n(.*?) *\/\/ readme: end/s.exec(
        read('examples/express-host/test/readme-your-server.ts'),
      ) ?? [];
    const lines = code.replace(/^ {2}/gm, '').trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(5);
    expect(lines.length).toBeLessThanOrEqual(10);
    const [imports = ''] =
      /import \{[^}]*\} from 'precall';\n/.exec(read('examples/express-host/test/readme-your-server.ts')) ??
      [];
    expect(imports).not.toBe('');
    expect(read('README.md')).toContain(`\`\`\`ts\n${imports}\n${lines.join('\n')}\n\`\`\`\n`);
  });

  it('installs what these lines import, and no more', () => {
    const [, installed = '', code = ''] =
      /```sh\nnpm install ([^\n]*)\n```\n\n```ts\n(.*?)```/s.exec(read('README.md')) ?? [];
    const imported = [...code.matchAll(/ from '([^']+)';/g)].map(([, name]) => name);
    // `app` is express's.
    expect([...imported, 'express']).toEqual(installed.split(' '));
  });

  it('adds a webhook to that server which takes a booking in', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'precall-readme-'));
    const secret = 'a-secret-of-the-readme';
    const app = express();
    const { precall, store } = await addPrecall(app, folder, secret);
    const server = app.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const sample = JSON.parse(read('packages/source-calcom/test/fixtures/BOOKING_CREATED.json'));
    const startTime = new Date(Date.now() + 100 * 3_600_000).toISOString();
    const endTime = new Date(Date.now() + 101 * 3_600_000).toISOString();
    const payload = { ...sample.payload, startTime, endTime };
    const body = JSON.stringify({ ...sample, createdAt: new Date().toISOString(), payload });
    const answer = await fetch(`http://127.0.0.1:${port}/webhook/calcom-booking`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-cal-signature-256': signCalcom(secret, body) },
      body,
    });
    expect(answer.status).toBe(202);
    expect(await answer.json()).toMatchObject({ status: 'scheduled', reminders: [{}, {}, {}] });
    await precall.stop();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await store.close();
    rmSync(folder, { recursive: true });
  });

  it('posts a sample there by its command, whose last reminder is still to come', async () => {
    const [, args = ''] = /npx precall (replay .*)/.exec(read('README.md')) ?? [];
    const folder = mkdtempSync(join(tmpdir(), 'precall-readme-'));
    const secret = 'a-secret-of-the-readme';
    const app = express();
    const { precall, store } = await addPrecall(app, folder, secret);
    const server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const asked = args.replace(':3000', `:${port}`).split(' ');
    const ended = await runPrecall([...asked, '--json'], { CALCOM_WEBHOOK_SECRET: secret });
    expect(ended.code, ended.stderr).toBe(0);
    expect(JSON.parse(ended.stdout).answer).toMatchObject({
      reminders: [{ rule: '2h' }],
      skipped: [{ reason: 'moment_passed' }, { reason: 'moment_passed' }],
    });
    await precall.stop();
    server.closeAllConnections();
    server.close();
    await store.close();
    rmSync(folder, { recursive: true });
  });

  it('shows pictures that are there', () => {
    const pictures = [...read('README.md').matchAll(/!\[[^\]]+\]\((docs\/[^)]+)\)/g)].map(
      ([, path]) => path ?? '',
    );
    expect(pictures.length).toBeGreaterThan(0);
    for (const path of pictures) expect(read(path).length).toBeGreaterThan(1_000);
  });
});
