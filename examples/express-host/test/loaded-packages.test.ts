// Whose code the host loads: a vendor's only when its part is used.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startHost } from '../scripts/host-process.ts';
import { ownDatabase } from '../scripts/own-database.ts';

// Processes start slowly where others keep the machine busy.
vi.setConfig({ testTimeout: 120_000 });

const secret = 'a-secret-of-the-tests';
const vendors = [
  '@notionhq/client',
  '@sendgrid/mail',
  'nodemailer',
  'mongodb',
  'agenda',
  '@agendajs/mongo-backend',
];

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'precall-loaded-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The vendors' packages that a host with these variables has loaded when it is ready. */
async function loaded(variables: { readonly [name: string]: string }): Promise<readonly string[]> {
  const noting = new URL('note-loaded.mjs', import.meta.url).href;
  const env = { PORT: '0', LOG_LEVEL: 'silent', NODE_OPTIONS: `--import ${noting}`, ...variables };
  // The demonstration reads files beside its sources.
  const fromSource = Object.keys(variables).length === 0;
  const host = await startHost({ folder, env, fromSource });
  const { stderr } = await host.end('SIGTERM');
  const urls = stderr.split('\n').filter((line) => line.startsWith('loaded '));
  return vendors.filter((name) => urls.some((url) => url.includes(`/node_modules/${name}/`)));
}

describe('the code that is loaded', () => {
  it('is none of a vendor when nothing is configured, and none when only a secret is', async () => {
    expect(await loaded({})).toEqual([]);
    expect(await loaded({ CALCOM_WEBHOOK_SECRET: secret })).toEqual([]);
  });

  it("is a vendor's own when its part is configured, and no other", async () => {
    const calcom = { CALCOM_WEBHOOK_SECRET: secret };
    const notion = { NOTION_TOKEN: 'token', NOTION_BUSINESSX_DB_ID: '0'.repeat(32) };
    const sendgrid = { SENDGRID_API_KEY: 'SG.key', SENDGRID_FROM: 'calls@example.com' };
    const smtp = { SMTP_URL: 'smtp://127.0.0.1', MAIL_FROM: 'calls@example.com' };
    expect(await loaded({ ...calcom, ...notion })).toEqual(['@notionhq/client']);
    expect(await loaded({ ...calcom, ...sendgrid })).toEqual(['@sendgrid/mail']);
    expect(await loaded({ ...calcom, ...smtp })).toEqual(['nodemailer']);
  });

  const noServer = process.env.MONGODB_URI ? null : 'no MONGODB_URI: run it with scripts/with-mongod.sh';
  it.skipIf(noServer)(
    `is the driver's and Agenda's with MONGODB_URI${noServer ? ` (skipped: ${noServer})` : ''}`,
    async () => {
      const database = ownDatabase(process.env.MONGODB_URI ?? '', 'precall-loaded');
      const seen = await loaded({ CALCOM_WEBHOOK_SECRET: secret, MONGODB_URI: database.uri });
      await database.drop();
      expect(seen).toEqual(['mongodb', 'agenda', '@agendajs/mongo-backend']);
    },
  );
});
