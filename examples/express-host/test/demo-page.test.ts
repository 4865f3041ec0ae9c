// The demonstration's page over HTTP: what it shows without a script, whom it answers, what its buttons do.
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Demonstration, openDemonstration } from '../src/demo/open-demonstration.ts';

let folder = '';
let demonstration: Demonstration;
const lines: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'precall-demo-'));
  demonstration = await opened();
  await demonstration.story.book();
});
afterAll(async () => {
  await demonstration.stop();
  await rm(folder, { recursive: true });
});

async function opened(port = 0): Promise<Demonstration> {
  const result = await openDemonstration({
    folder,
    port,
    print: (line) => lines.push(line),
    troubles: 'shown',
  });
  return result.expect('the demonstration opens');
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** `fetch` sets Host, Origin and Sec-Fetch-Site itself; here they are the test's. */
async function ask(
  path: string,
  { method = 'GET', headers = {} }: { method?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const asked = request(new URL(path, demonstration.baseUrl), { method, headers }).end();
  const [response] = await once(asked, 'response');
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

const press = (path: string, headers: Record<string, string> = {}) => ask(path, { method: 'POST', headers });

async function present(): Promise<unknown> {
  const { calls } = await demonstration.readScene();
  return calls.map(({ status, reminders }) => [status, reminders.map(({ state }) => state)]);
}

const planned = ['planned', 'planned', 'planned'];
const dropped = ['dropped', 'dropped', 'dropped'];

describe('the page', () => {
  it('shows the call, its reminders on a line and in words, and every button, without a script', async () => {
    const { body, headers } = await ask('/');
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(body).toContain('<svg class="timeline"');
    for (const rule of ['72h', '24h', '2h']) expect(body).toContain(`<strong>${rule}</strong>`);
    expect(body.match(/<form method="post" action="[^"]+"/g)).toEqual(
      ['book', 'move', 'cancel', 'crm-away'].map((what) => `<form method="post" action="/demo/${what}"`),
    );
    expect(body).toContain('<a href="/">look again</a>');
  });

  it('has no script, style or handler of its own in it, and a policy that forbids them', async () => {
    const { body, headers } = await ask('/');
    expect(body).not.toMatch(/<script(?! src="\/demo\/live\.js" defer><\/script>)|<style|\sstyle=|\son\w+=/);
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
  });

  it('serves its style and its script as what they are', async () => {
    expect((await ask('/demo/style.css')).headers['content-type']).toContain('text/css');
    expect((await ask('/demo/live.js')).headers['content-type']).toContain('text/javascript');
  });
});

describe('whom the demonstration answers', () => {
  it.each(['/', '/demo/events', '/operator/api/bookings', '/livez', '/webhook/calcom-booking'])(
    'refuses %s under the name of another host',
    async (path) => {
      const { port } = new URL(demonstration.baseUrl);
      for (const host of ['evil.example', `evil.example:${port}`, `127.0.0.1.evil.example:${port}`]) {
        expect((await ask(path, { headers: { host } })).status).toBe(421);
      }
    },
  );

  it('answers under its address, and as localhost', async () => {
    const { port } = new URL(demonstration.baseUrl);
    expect((await ask('/', { headers: { host: `localhost:${port}` } })).status).toBe(200);
    expect((await ask('/', { headers: { host: `127.0.0.1:${port}` } })).status).toBe(200);
  });

  it.each<Record<string, string>>([
    { origin: 'https://evil.example' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'null' },
  ])('does nothing for a button on a page of somebody else: %o', async (headers) => {
    const before = await present();
    for (const path of ['/demo/book', '/demo/move', '/demo/cancel']) {
      expect((await press(path, headers)).status).toBe(403);
    }
    expect(await present()).toEqual(before);
  });
});

describe('the buttons', () => {
  it('book, move and cancel through the webhook route, and lead back to the page', async () => {
    const own = { origin: demonstration.baseUrl, 'sec-fetch-site': 'same-origin' };
    const answer = await press('/demo/book', own);
    expect([answer.status, answer.headers.location]).toEqual([303, '/']);
    expect(await present()).toEqual([['agreed', planned]]);
    expect((await press('/demo/move', own)).status).toBe(303);
    expect(await present()).toEqual([
      ['agreed', planned],
      ['superseded', dropped],
    ]);
    expect((await ask('/')).body).toContain('The call was moved to another time.');
    expect((await press('/demo/cancel', own)).status).toBe(303);
    expect(await present()).toEqual([
      ['cancelled', dropped],
      ['superseded', dropped],
    ]);
    expect((await ask('/')).body).toContain('The call was cancelled.');
  });

  it('take the CRM away and bring it back: reminders go meanwhile, and what it missed is written then', async () => {
    await press('/demo/crm-away');
    await press('/demo/book');
    expect((await ask('/')).body).toContain('The CRM is away.');
    const sent = async () => (await demonstration.readScene()).calls[0]?.reminders[0]?.state;
    await expect.poll(sent, { timeout: 15_000 }).toBe('sent');
    const bookings = async () => (await ask('/operator/api/bookings')).body;
    // Its own words, or that it is not asked again yet.
    await expect
      .poll(bookings, { timeout: 10_000 })
      .toMatch(/the CRM was taken away|The CRM asked for patience/);
    expect((await demonstration.readScene()).contact).toMatchObject({ fields: null, isPending: true });
    await press('/demo/crm-back');
    await expect
      .poll(async () => (await demonstration.readScene()).contact, { timeout: 10_000 })
      .toMatchObject({ isPending: false, fields: { 'Booking Status': 'Booked' } });
  });
});

describe('the contact', () => {
  it('is not known, and the page goes on, while somebody has spoiled the address book', async () => {
    const file = join(folder, 'address-book.json');
    const before = await readFile(file);
    await writeFile(file, '[{');
    const { status, body } = await ask('/');
    await writeFile(file, before);
    expect([status, body.includes('The CRM does not know this person yet.')]).toEqual([200, true]);
  });
});

describe('the live feed', () => {
  it('sends every region at once, then the ones that change', async () => {
    const asked = request(`${demonstration.baseUrl}/demo/events`).end();
    const [response] = await once(asked, 'response');
    const seen: string[] = [];
    response.setEncoding('utf8').on('data', (chunk: string) => {
      seen.push(...(chunk.match(/^event: \w+|data: .*/gm) ?? []));
    });
    for (const region of ['call', 'controls', 'contact', 'inbox', 'events', 'said']) {
      await expect.poll(() => seen, { timeout: 10_000 }).toContain(`event: ${region}`);
    }
    seen.length = 0;
    await press('/demo/cancel');
    await expect.poll(() => seen.join('\n'), { timeout: 10_000 }).toContain('cancels the call.');
    expect(seen).toContain('event: call');
    expect(seen).not.toContain('event: controls');
    asked.destroy();
  });
});

describe('the mails on the page', () => {
  it('are documents that can run nothing and load nothing', async () => {
    const { status, headers } = await ask('/demo/mail');
    expect(status).toBe(200);
    expect(headers['content-security-policy']).toMatch(
      /^sandbox; default-src 'none'; style-src 'unsafe-inline'/,
    );
    expect(headers['content-security-policy']).not.toContain('script-src');
  });

  it('that are not there are not found', async () => {
    expect((await ask('/demo/mail?id=nobodys')).status).toBe(404);
  });
});

describe('openDemonstration', () => {
  it('says in a sentence which port is taken', async () => {
    const { port } = new URL(demonstration.baseUrl);
    const other = await mkdtemp(join(tmpdir(), 'precall-demo-'));
    const refused = await openDemonstration({
      folder: other,
      port: Number(port),
      print: () => {},
      troubles: 'shown',
    });
    await rm(other, { recursive: true });
    expect(refused.unwrapErr()).toContain(`PORT ${port} is taken`);
  });

  it('leaves a folder alone in which another demonstration runs', async () => {
    const refused = await openDemonstration({ folder, port: 0, print: () => {}, troubles: 'shown' });
    expect(refused.unwrapErr()).toContain('in use by another host');
    expect(await present()).not.toEqual([]);
  });

  it('knows nothing of an earlier demonstration, and touches nothing else in the folder', async () => {
    await writeFile(join(folder, 'notes.txt'), 'mine');
    await demonstration.stop();
    demonstration = await opened();
    const bookings = await ask('/operator/api/bookings');
    expect(JSON.parse(bookings.body)).toEqual({ items: [], next: null });
    expect(await demonstration.readScene()).toMatchObject({ calls: [], mails: [], contact: null });
  });
});
