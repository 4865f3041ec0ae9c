// What the precall command asks of a running host.
import { readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { Err, Ok, type PortError } from '@precall/core';
import { createHttp, type HttpOptions } from '@precall/http';
import { describe, expect, it } from 'vitest';
import { givenPrecall, noting, plainRequest } from './given-precall.ts';

const operator: NonNullable<HttpOptions['operator']> = { authorize: () => 'yes' };
const backupFolders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('precall-backup-'));
const sameOrigin = { headers: { 'sec-fetch-site': ['same-origin'] } };
const crossSite = { headers: { 'sec-fetch-site': ['cross-site'] } };

describe('POST /operator/api/backup', () => {
  const line = 'POST /operator/api/backup';
  const writing: HttpOptions['backup'] = {
    async backup(to) {
      await writeFile(to, 'the whole store');
      return Ok(undefined);
    },
  };

  it('sends the copy, which has no name left on the disk by then', async () => {
    const before = backupFolders();
    const answer = await createHttp({ precall: givenPrecall(), operator, backup: writing })(
      plainRequest(line),
    );
    expect(answer).toMatchObject({ status: 200, file: { bytes: 15 } });
    expect(backupFolders()).toEqual(before);
    const chunks = await answer?.file?.content.toArray();
    expect(Buffer.concat(chunks ?? []).toString()).toBe('the whole store');
  });

  it.each<[string, PortError, number]>([
    ['another is being made', { kind: 'unavailable', reason: 'a backup is being made already' }, 503],
    ['it never can', { kind: 'rejected', reason: 'not here' }, 400],
  ])('leaves nothing behind when %s', async (_why, error, status) => {
    const before = backupFolders();
    const http = createHttp({
      precall: givenPrecall(),
      operator,
      backup: { backup: async () => Err(error) },
    });
    expect(await http(plainRequest(line))).toMatchObject({ status });
    expect(backupFolders()).toEqual(before);
  });

  it('is 404 where the store has means of its own', async () => {
    const http = createHttp({ precall: givenPrecall(), operator });
    expect(await http(plainRequest(line))).toMatchObject({ status: 404 });
  });

  it('is refused to a page of somebody else', async () => {
    const http = createHttp({ precall: givenPrecall(), operator, backup: writing });
    expect(await http(plainRequest(line, crossSite))).toMatchObject({ status: 403 });
    expect(await http(plainRequest('GET /operator/api/backup'))).toMatchObject({ status: 405 });
  });
});

describe('POST /operator/api/erase', () => {
  const line = 'POST /operator/api/erase';
  const body = (text: string) => ({ ...sameOrigin, body: Buffer.from(text) });

  it('erases whom the body names', async () => {
    const asked: string[] = [];
    const precall = givenPrecall({ erase: noting(asked, Ok({ bookings: 3 })) });
    const answer = await createHttp({ precall, operator })(
      plainRequest(line, body('{"email":"ada@example.com"}')),
    );
    expect(answer).toMatchObject({ status: 200, body: '{"bookings":3}' });
    expect(asked).toEqual(['ada@example.com']);
  });

  it.each([
    '',
    'null',
    '[]',
    '{}',
    '{"email":7}',
    '{"email":"ada"}',
    '{"email":"@"}',
    'email=ada@example.com',
  ])('erases nobody for %s', async (text) => {
    const precall = givenPrecall({
      erase: () => {
        throw new Error('nobody may be erased');
      },
    });
    expect(await createHttp({ precall, operator })(plainRequest(line, body(text)))).toMatchObject({
      status: 400,
    });
  });

  it('says 503 while the store is away', async () => {
    const precall = givenPrecall({ erase: async () => Err({ kind: 'unavailable', reason: 'away' }) });
    const answer = await createHttp({ precall, operator })(
      plainRequest(line, body('{"email":"a@b.example"}')),
    );
    expect(answer).toMatchObject({ status: 503 });
  });
});
