// Against the real router, mounted rightly and wrongly; and against what stands in front of a host.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { keepRawBody } from '@precall/http-express';
import { afterEach, describe, expect, it } from 'vitest';
import { closeHosts, host } from '../../http-express/test/listening-host.ts';
import { pingWebhook } from '../src/ping-webhook.ts';
import { precallOf } from './precall-of.ts';

const secret = 'a-secret-of-the-tests';
const path = '/webhook/calcom-booking';
afterEach(closeHosts);

const ours = precallOf({ secrets: [secret] });

/** The only fault, or null; `where` is the address. */
async function faultAt(url: string, secrets = [secret]) {
  const faults = await pingWebhook(url, { secrets });
  expect(faults.length).toBeLessThanOrEqual(1);
  for (const { where } of faults) expect(where).toBe(url);
  return faults[0] ?? null;
}
const said = (fault: RegExp, cure: RegExp) => ({
  fault: expect.stringMatching(fault),
  cure: expect.stringMatching(cure),
});

describe('pingWebhook', () => {
  it('finds nothing wrong with a mounted webhook that has the same secret', async () => {
    const { base } = await host({ precall: ours });
    expect(await faultAt(base + path)).toBe(null);
  });

  it('finds nothing wrong behind a parser that keeps the raw body, under a prefix', async () => {
    const { base } = await host({
      precall: ours,
      at: '/calls',
      before(request, response, next) {
        const chunks: Buffer[] = [];
        request.on('data', (chunk) => chunks.push(chunk));
        request.on('end', () => {
          keepRawBody(request, response, Buffer.concat(chunks));
          next();
        });
      },
    });
    expect(await faultAt(`${base}/calls${path}`)).toBe(null);
  });

  it('asks for the same secret on both sides when the signature is refused', async () => {
    const { base } = await host({ precall: precallOf({ secrets: ['another-secret-there'] }) });
    expect(await faultAt(base + path)).toMatchObject(said(/401.*CALCOM_WEBHOOK_SECRET/, /same secret/));
  });

  it('says which of several secrets is refused', async () => {
    const { base } = await host({ precall: ours });
    expect(await faultAt(base + path, [secret, 'the-next-secret-of-them'])).toMatchObject(
      said(/piece 2/, /same secret/),
    );
  });

  it('asks for the whole address where there is nothing', async () => {
    const { base } = await host({ precall: ours });
    expect(await faultAt(base)).toMatchObject(said(/404/, /\/webhook\/calcom-booking/));
  });

  it('names the order of mounting where a body parser is in the way', async () => {
    const { base } = await host({
      precall: ours,
      before: (request, _response, next) => void request.resume().on('end', next),
    });
    expect(await faultAt(base + path)).toMatchObject(
      said(/body parser/, /Mount .* before express\.json\(\)/),
    );
  });

  it('warns of a host that takes a wrong signature', async () => {
    const { base } = await host({ precall: precallOf({ unsigned: 'allow' }) });
    expect(await faultAt(base + path)).toMatchObject(said(/anybody/, /CALCOM_UNSIGNED/));
  });

  it('is content with such a host where unsigned webhooks are wanted', async () => {
    const { base } = await host({ precall: precallOf({ unsigned: 'allow' }) });
    expect(await pingWebhook(base + path, { unsigned: 'allow' })).toEqual([]);
  });

  it('asks for the secret where the host wants a signature and none is made', async () => {
    const { base } = await host({ precall: ours });
    expect(await pingWebhook(base + path, { unsigned: 'allow' })).toMatchObject([
      said(/asks for a signature/, /CALCOM_WEBHOOK_SECRET/),
    ]);
  });

  it.each([
    ['a redirect', 308, /sends elsewhere/, /leads to/],
    ['a proxy without its host', 502, /proxy/, /Start the host/],
    ['a host that starts', 503, /starting or stopping/, /readyz/],
    ['a page for people', 200, /not Precall's answer/, /what listens there/],
    ['a wall of passwords', 401, /not Precall's answer/, /what listens there/],
    ['a refusal of its own', 403, /not Precall's answer/, /what listens there/],
    ['a fault without a word', 500, /fault of its own/, /log/],
  ])('has a cure of its own for %s', async (_what, status, fault, cure) => {
    const server = createServer((_request, response) => {
      response.writeHead(status, { location: '/elsewhere' }).end('<h1>welcome</h1>');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
    const found = await faultAt(url);
    server.closeAllConnections();
    server.close();
    expect(found).toMatchObject(said(fault, cure));
  });

  it('says to start the host where nobody listens', async () => {
    const { base } = await host();
    await closeHosts();
    expect(await faultAt(base + path)).toMatchObject(said(/ECONNREFUSED/, /Start the host/));
  });
});
