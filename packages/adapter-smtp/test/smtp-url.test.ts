import { describe, expect, it } from 'vitest';
import { readSmtpUrl } from '../src/smtp-url.ts';

describe('readSmtpUrl', () => {
  it.each([
    [
      'smtps://mail.example.com',
      { host: 'mail.example.com', port: 465, user: '', password: '', tls: 'implicit' },
    ],
    ['smtp://mail.example.com', { port: 587, tls: 'required' }],
    ['smtp://mail.example.com:25/', { port: 25, tls: 'required' }],
    ['smtp://mail.example.com?tls=off', { tls: 'none' }],
    ['smtp://127.0.0.1:1025', { host: '127.0.0.1', port: 1025, tls: 'none' }],
    ['smtp://localhost:1025', { tls: 'none' }],
    ['smtp://[::1]:1025', { host: '::1', tls: 'none' }],
    ['smtp://localhost:1025?tls=required', { tls: 'required' }],
    ['smtp://127.0.0.1.example.com', { tls: 'required' }],
    ['smtps://localhost', { tls: 'implicit' }],
    [
      'smtps://ada%40example.com:p%40ss%2Fw%25@mail.example.com',
      { user: 'ada@example.com', password: 'p@ss/w%' },
    ],
  ] as const)('reads %s', (text, server) => {
    expect(readSmtpUrl(text)).toMatchObject(server);
  });

  it.each([
    ['', /^url is no address .*; give one such as/],
    ['mail.example.com', /^url is no address/],
    ['https://mail.example.com', /^url is no address/],
    ['smtp://', /^url is no address/],
    ['smtp://mail.example.com/inbox', /^url is no address/],
    ['smtp://ada:hunter2@mail.example.com#x', /^url is no address/],
    ['smtp://ada:hunter2%@mail.example.com', /^url has a % .*; write it as %25/],
    ['smtp://ada:hunter2@mail.example.com?tls=maybe', /^url has an option .*; leave it out/],
    ['smtp://ada:hunter2@mail.example.com?tls=off&tls.rejectUnauthorized=false', /^url has an option/],
  ])('throws for %j, naming the option and its cure, without a password', (text, sentence) => {
    expect(() => readSmtpUrl(text)).toThrow(sentence);
    expect(() => readSmtpUrl(text)).not.toThrow(/hunter2/);
  });
});
