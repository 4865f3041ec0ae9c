// How a command gets into a running host that is not the example host.
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { closeHosts, host } from '../../http-express/test/listening-host.ts';
import { precall } from './precall-command.ts';
import { precallOf } from './precall-of.ts';

const token = 'a-token-that-nobody-may-read';
const password = 'correct horse battery';
const servers: Server[] = [];
afterEach(async () => {
  await closeHosts();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A host of one's own, whose gate knows a token and, from a proxy before it, a header. */
async function gated(): Promise<string> {
  const { base } = await host({
    precall: precallOf({ unsigned: 'allow' }),
    operator: {
      authorize: ({ authorization, 'x-team': team }) =>
        authorization?.[0] === `Bearer ${token}` && team?.[0] === 'calls'
          ? { user: 'the team' }
          : { challenge: 'Bearer' },
    },
  });
  return base;
}

async function listening(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('a command at --url', () => {
  const bearer = ['--header', `Authorization: Bearer ${token}`];
  const team = ['--header', 'x-team: calls'];

  it('gives the headers asked for, those of the command before those of the variable', async () => {
    const status = ['status', '--url', await gated(), '--json'];
    const lines = `Authorization: Bearer ${token}\nX-Team: others\n`;
    const [given, mixed, standing] = await Promise.all([
      precall([...status, ...bearer, ...team]),
      precall([...status, ...team], { OPERATOR_HEADERS: lines, OPERATOR_PASSWORD: password }),
      precall(status, { OPERATOR_HEADERS: lines }),
    ]);
    for (const { code, stdout, stderr } of [given, mixed]) {
      expect(code, stdout).toBe(0);
      // On a slow machine it says how far it is.
      expect(stderr.replace(/^\d+ of \w+ looked at \.\.\.\n/gm, '')).toBe('');
    }
    expect(standing).toMatchObject({
      code: 78,
      stderr: expect.stringMatching(/does not let us in \(401\).*--header/),
    });
  });

  it('repeats no value, whatever is wrong with it', async () => {
    const base = await gated();
    const ends = await Promise.all([
      precall(['status', '--url', base, '--header', token]),
      precall(['status', '--url', base, '--header', `: ${token}`]),
      precall(['status', '--url', base, '--header', `Not a name: ${token}`, '--json']),
      precall(['status', '--url', base], { OPERATOR_HEADERS: `X-Team: calls\n${token}` }),
      precall(['status', '--url', base, ...bearer]),
      precall(['status', '--url', 'http://127.0.0.1:1', ...bearer]),
    ]);
    for (const { code, stdout, stderr } of ends) {
      expect(code).not.toBe(0);
      expect(stdout + stderr).not.toContain(token);
    }
    expect(ends[0]?.stderr).toMatch(/--header number 1 is no header: give it as 'Name: value'/);
    expect(ends[3]?.stderr).toMatch(/Line 2 of OPERATOR_HEADERS is no header/);
  });

  it('goes nowhere else with them', async () => {
    let visits = 0;
    const elsewhere = await listening((_request, response) => {
      visits += 1;
      response.end('{}');
    });
    const base = await listening((_request, response) => {
      response.writeHead(302, { location: `${elsewhere}/login` }).end();
    });
    const ended = await precall(['status', '--url', base, ...bearer]);
    expect(ended).toMatchObject({
      code: 78,
      stderr: expect.stringMatching(/answers 302 and sends elsewhere/),
    });
    expect(visits).toBe(0);
  });

  it('says what to give where nothing is given', async () => {
    const ended = await precall(['status', '--url', await gated()]);
    expect(ended).toMatchObject({ code: 78, stderr: expect.stringMatching(/OPERATOR_PASSWORD.*--header/) });
  });
});
