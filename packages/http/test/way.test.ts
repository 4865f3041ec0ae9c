// In one word: by which way a reminder went, and what became of it.
import { attemptId, type ReminderView, Temporal } from '@precall/core';
import { describe, expect, it } from 'vitest';
import { stateWord, wayOf } from '../src/pages/way.ts';

type Attempt = ReminderView['attempts'][number];

function attempt(channel: Attempt['channel'], said: Partial<Attempt> = {}): Attempt {
  const at = Temporal.Instant.from('2026-12-02T15:00:00Z');
  return { id: attemptId('a'), at, channel, outcome: 'accepted', messageId: null, delivery: null, ...said };
}

function words(...attempts: readonly Attempt[]): readonly string[] {
  const one = { state: 'sent', channel: 'mail', attempts } as const;
  return [wayOf(one), stateWord(one)];
}

describe('a reminder that was sent', () => {
  it.each<[string, readonly Attempt[], readonly [way: string, state: string]]>([
    ['went by its own way', [attempt('mail')], ['mail', 'sent']],
    ['was delivered', [attempt('mail', { delivery: 'delivered' })], ['mail', 'delivered']],
    [
      'came back, and then went by another way',
      [attempt('mail', { delivery: 'bounced' }), attempt('sms')],
      ['sms', 'sent'],
    ],
    [
      'was refused, and then went by another way',
      [attempt('mail', { outcome: 'refused' }), attempt('sms', { delivery: 'delivered' })],
      ['sms', 'delivered'],
    ],
    [
      'went twice, of which only the first was reported',
      [attempt('mail', { delivery: 'delivered' }), attempt('mail')],
      ['mail', 'delivered'],
    ],
  ])('%s', (_what, attempts, expected) => {
    expect(words(...attempts)).toEqual(expected);
  });
});
