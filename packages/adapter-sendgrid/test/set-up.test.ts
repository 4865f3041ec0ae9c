import type { SchemaFault } from '@precall/core';
import { describe, expect, it } from 'vitest';
import { createSendgridMailer } from '../src/index.ts';
import { apiKey, from, onBench } from './sending.ts';

async function faultsWith(options: Parameters<typeof onBench>[0]): Promise<readonly SchemaFault[]> {
  const found: SchemaFault[] = [];
  await onBench(options, async ({ mailer }) => {
    found.push(...(await mailer.describe()).unwrap());
  });
  for (const { where, fault, cure } of found)
    expect([where, fault, cure].every((one) => one.length > 5)).toBe(true);
  return found;
}

describe('describe', () => {
  it('finds nothing where the key may send and the sender is of an authenticated domain', async () => {
    expect(await faultsWith({})).toEqual([]);
  });

  it.each([
    ['a sender verified alone', { senders: { 'calls@example.com': true }, domains: {} }],
    ['a domain that the sender lies below', { domains: { com: true } }],
    ['senders that the key may not see', { scopes: ['mail.send', 'whitelabel.read'], domains: {} }],
    ['domains that the key may not see', { scopes: ['mail.send', 'sender_verification_eligible'] }],
    ['a key that may only send', { scopes: ['mail.send'], domains: {} }],
  ])('finds nothing with %s', async (_case, standIn) => {
    expect(await faultsWith({ standIn })).toEqual([]);
  });

  it.each([
    ['SENDGRID_API_KEY', 'does not take the key', { standIn: { apiKey: 'another' } }],
    ['SENDGRID_API_KEY', 'may not send', { standIn: { scopes: ['whitelabel.read'] } }],
    ['SENDGRID_FROM', 'neither verified', { standIn: { domains: {} } }],
    ['SENDGRID_FROM', 'neither verified', { standIn: { domains: { 'ample.com': true } } }],
    [
      'SENDGRID_FROM',
      'not been confirmed',
      { standIn: { domains: {}, senders: { 'calls@example.com': false } } },
    ],
    ['SENDGRID_FROM', 'DNS records', { standIn: { domains: { 'example.com': false } } }],
    ['SENDGRID_FROM', 'mails carry "Zoe"', { from: { email: 'calls@example.com', name: 'Zoë' } }],
    ['SENDGRID_FROM', 'mails carry none', { from: { email: 'calls@example.com', name: '田中' } }],
  ])('finds at %s: %s', async (where, fault, options) => {
    expect(await faultsWith(options)).toMatchObject([{ where, fault: expect.stringContaining(fault) }]);
  });

  it('never shows the key or an address', async () => {
    const found = [
      ...(await faultsWith({ standIn: { apiKey: 'another' } })),
      ...(await faultsWith({ standIn: { domains: {} } })),
    ];
    expect(JSON.stringify(found)).not.toMatch(/SG\.|@/);
  });

  it('says that it cannot tell while SendGrid is away or in trouble', async () => {
    await onBench({}, async ({ mailer, standIn }) => {
      standIn.failNext({ status: 500 }, { path: '/v3/scopes' });
      expect((await mailer.describe()).unwrapErr()).toMatchObject({ kind: 'unavailable' });
      await standIn.stop();
      expect((await mailer.describe()).unwrapErr()).toMatchObject({ kind: 'unavailable' });
    });
  });
});

describe('createSendgridMailer', () => {
  it.each([
    ['apiKey is no key', { apiKey: '' }],
    ['apiKey is no key', { apiKey: undefined as never }],
    ['apiKey is no key', { apiKey: 'SG.a\r\nHost: b' }],
    ['from.email is no address', { from: { email: 'Ada <ada@example.com>' } }],
    ['baseUrl is no address', { baseUrl: 'sendgrid' }],
    ['baseUrl is no address', { baseUrl: 'http://sendgrid.example.com' }],
    ['baseUrl is no address', { baseUrl: 'ftp://127.0.0.1' }],
    ['region and baseUrl exclude each other', { region: 'eu', baseUrl: 'https://sendgrid.example.com' }],
    ['eventsPublicKey is no public key', { eventsPublicKey: 'SG.secret' }],
  ] as const)('throws: %s, with a cure and without the key', (sentence, changed) => {
    const clock = {
      now: () => expect.fail('the clock was asked'),
      at: () => expect.fail('the clock was asked'),
    };
    const create = () => createSendgridMailer({ apiKey, from, clock, ...changed });
    expect(create).toThrow(sentence);
    expect(create).toThrow(/; (give|leave out) /);
    expect(create).not.toThrow(/SG\.(secret|test|a)/);
  });
});
