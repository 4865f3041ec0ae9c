// What Twilio posts: who signed it, and what it says.
import { Temporal } from '@precall/core';
import { describe, expect, it } from 'vitest';
import { createDeliveryEvents } from '../src/delivery-events.ts';
import { twilioSignature } from '../src/index.ts';
import { accountSid, authToken, callbackUrl } from './texting.ts';

const at = Temporal.Instant.from('2026-03-02T12:00:00Z');
const query = 'attempt=Zq3_attempt-of-22-signs';
const events = createDeliveryEvents({ accountSid, authToken, url: callbackUrl });

type Fields = { readonly [field: string]: string };
const bytes = (fields: Fields) => Buffer.from(new URLSearchParams(fields).toString());
const said = (fields: Fields, asked = query) =>
  events
    .read?.(bytes({ AccountSid: accountSid, ...fields }))
    .andThen((form) => events.parse(form, { query: asked, at }))
    .unwrap();

describe('verify', () => {
  const fields = { AccountSid: accountSid, MessageStatus: 'sent', To: '+1 415' };
  const sign = (url: string, form: Fields = fields, token = authToken) => ({
    'x-twilio-signature': [twilioSignature(token, url, Object.entries(form))],
  });
  const verify = (headers: { readonly [name: string]: readonly string[] }, form = fields, asked = query) =>
    events.verify(headers, bytes(form), asked);

  it('is as in the documentation of Twilio', () => {
    const form = Object.entries({
      To: '+18005551212',
      From: '+14158675309',
      Digits: '1234',
      Caller: '+14158675309',
      CallSid: 'CA1234567890ABCDE',
    });
    expect(twilioSignature('12345', 'https://mycompany.com/myapp.php?foo=1&bar=2', form)).toBe(
      'RSOYDt4T1cUTdK1PDd93/VVr8B8=',
    );
  });

  it('takes what was signed for this address, with its port or without', () => {
    expect(verify(sign(`${callbackUrl}?${query}`))).toBe('authentic');
    expect(verify(sign(`https://calls.example.com:443/webhook/twilio?${query}`))).toBe('authentic');
    expect(verify(sign(callbackUrl), fields, '')).toBe('authentic');
  });

  it('takes nothing else', () => {
    const good = sign(`${callbackUrl}?${query}`);
    expect(verify({})).toBe('forged');
    expect(verify({ 'x-twilio-signature': [...good['x-twilio-signature'], 'x'] })).toBe('forged');
    expect(verify({ 'x-twilio-signature': ['x'] })).toBe('forged');
    expect(verify(good, { ...fields, MessageStatus: 'delivered' })).toBe('forged');
    expect(verify(good, fields, 'attempt=another')).toBe('forged');
    expect(verify(sign(`${callbackUrl}?${query}`, fields, 'another'))).toBe('forged');
    expect(verify(sign(`http://calls.example.com/webhook/twilio?${query}`))).toBe('forged');
    expect(events.verify(good, Uint8Array.of(0xff), query)).toBe('forged');
  });
});

describe('parse', () => {
  it.each([
    [{ MessageStatus: 'queued' }, 'accepted'],
    [{ MessageStatus: 'sent' }, 'accepted'],
    [{ MessageStatus: 'delivered' }, 'delivered'],
    [{ MessageStatus: 'undelivered', ErrorCode: '30003' }, 'blocked'],
    [{ MessageStatus: 'undelivered', ErrorCode: '30006' }, 'dropped'],
    [{ MessageStatus: 'failed', ErrorCode: '21610' }, 'unsubscribed'],
    [{ MessageStatus: 'failed' }, 'blocked'],
  ])('says of %j: %s', (fields, word) => {
    expect(said(fields)).toEqual([{ attempt: query.slice(8), said: word, at }]);
  });

  it('leaves out what is about no attempt, of another account, or not known', () => {
    expect(said({ MessageStatus: 'delivered' }, '')).toEqual([]);
    expect(said({ MessageStatus: 'delivered' }, 'attempt=a%20b')).toEqual([]);
    expect(said({ MessageStatus: 'delivered', AccountSid: 'AC2' })).toEqual([]);
    expect(said({ MessageStatus: 'scheduled' })).toEqual([]);
  });

  const from = '+33612345678';
  it.each([
    [{ Body: 'STOP' }, 'stop'],
    [{ Body: ' stop. ' }, 'stop'],
    [{ Body: 'Arrêt', OptOutType: 'STOP' }, 'stop'],
    [{ Body: 'Start' }, 'start'],
    [{ Body: 'UNSTOP' }, 'start'],
  ])('hears in %j: %s', (fields, wish) => {
    expect(said({ From: from, SmsStatus: 'received', ...fields }, '')).toEqual([
      { address: from, said: wish, at },
    ]);
  });

  it('hears nothing in other words, nor from what is no number', () => {
    expect(said({ From: from, SmsStatus: 'received', Body: 'Do not stop' }, '')).toEqual([]);
    expect(said({ From: from, SmsStatus: 'received', Body: 'HELP', OptOutType: 'HELP' }, '')).toEqual([]);
    expect(said({ From: 'whatsapp:+1', SmsStatus: 'received', Body: 'STOP' }, '')).toEqual([]);
  });

  it('reads no endless form', () => {
    expect(events.read?.(Buffer.from('a=1&'.repeat(300))).isErr()).toBe(true);
  });
});
