import { describe, expect, it } from 'vitest';
import { NoAnswerInTime, unanswered } from '../src/unanswered.ts';

const broken = (code: unknown) =>
  new TypeError('fetch failed', { cause: Object.assign(new Error(), { code }) });

describe('a request without an answer', () => {
  it.each([
    ['a connection that broke', broken('ECONNRESET'), 'unknown', 'Somebody did not answer (ECONNRESET)'],
    [
      'none that was ever made',
      broken('ECONNREFUSED'),
      'unavailable',
      'Somebody did not answer (ECONNREFUSED)',
    ],
    ['a code that is no text', broken(7), 'unknown', 'Somebody did not answer'],
    ['time that was over', new NoAnswerInTime(), 'unknown', 'Somebody did not answer in time'],
    ['an answer that is no JSON', new SyntaxError('Ana'), 'unknown', 'Somebody did not answer in JSON'],
    [
      'an error that bears its code itself',
      Object.assign(new Error('no'), { code: 'ECONNRESET' }),
      'unknown',
      'Somebody did not answer (ECONNRESET)',
    ],
    ['a code of what is no error', { code: 'ECONNREFUSED' }, 'unknown', 'Somebody did not answer'],
    ['nothing at all', null, 'unknown', 'Somebody did not answer'],
    ['what is no error', 'Ana', 'unknown', 'Somebody did not answer'],
  ])('is, for a write, by %s', (_, cause, kind, reason) => {
    expect(unanswered('Somebody', cause, true)).toEqual({ kind, reason });
    expect(unanswered('Somebody', cause, false)).toEqual({ kind: 'unavailable', reason });
  });
});
