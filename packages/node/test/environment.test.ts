import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readEnvironment } from '../src/index.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'precall-environment-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const withFile = (text: string, own: { readonly [name: string]: string } = {}) => {
  writeFileSync(join(folder, '.env'), text);
  return readEnvironment(own, folder).unwrap();
};

describe('readEnvironment', () => {
  it('is what the process has when there is no file', () => {
    expect(readEnvironment({ PORT: '1' }, folder).unwrap()).toEqual({ PORT: '1' });
  });

  it('fills what is missing or empty, and overrides nothing', () => {
    const own = { PORT: '1', HOST: '', CAMPAIGN: ' ' };
    expect(withFile('PORT=2\nHOST=::1\nCAMPAIGN=Spring\nDATA_DIR=d\n', own)).toEqual({
      PORT: '1',
      HOST: '::1',
      CAMPAIGN: 'Spring',
      DATA_DIR: 'd',
    });
  });

  it('reads comments, quotes, Windows line ends and a byte order mark', () => {
    expect(withFile('\uFEFFPORT=2\r\n# no\r\nCAMPAIGN="Christmas 2025" # yes\r\n')).toEqual({
      PORT: '2',
      CAMPAIGN: 'Christmas 2025',
    });
  });

  it('keeps an empty variable of the file, which for a secret is a fault', () => {
    expect(withFile('CALCOM_WEBHOOK_SECRET=\n')).toEqual({ CALCOM_WEBHOOK_SECRET: '' });
  });

  it('says in a sentence that the file cannot be read', () => {
    mkdirSync(join(folder, '.env'));
    expect(readEnvironment({}, folder).unwrapErr()).toMatch(/\.env cannot be read \(EISDIR\): .+\.$/);
  });
});
