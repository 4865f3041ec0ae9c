import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { attemptId, type Instant, type Message, type SendCall } from '@precall/core';
import { describe, expect, it } from 'vitest';
import { createMailbox } from '../src/index.ts';
import { minute } from './sample-record.ts';
import { temporaryFolder } from './temporary-folder.ts';

const message: Message = {
  to: 'ada@example.com',
  toName: 'Ada',
  subject: 'Your call',
  text: 'Tomorrow',
  html: '<p>Tomorrow</p>',
};

function call(onceKey: string, changes: Partial<SendCall> = {}): SendCall {
  return { attemptId: attemptId(`attempt-${onceKey}`), onceKey, deadline: minute(1000), ...changes };
}

/** A mailbox whose clock shows what `clock.time` says. */
function open(folder = temporaryFolder()) {
  const clock: { time: Instant; now: () => Instant } = { time: minute(0), now: () => clock.time };
  const files = () => readdirSync(join(folder, 'mailbox'));
  return { folder, clock, files, mailbox: createMailbox({ folder, clock }) };
}

describe('send', () => {
  it('writes one readable file for a message', async () => {
    const { folder, files, mailbox } = open();
    (await mailbox.send(message, call('once'))).unwrap();
    const [name = '', ...others] = files();
    expect(others).toEqual([]);
    expect(JSON.parse(readFileSync(join(folder, 'mailbox', name), 'utf8'))).toEqual({
      at: '2026-03-02T12:00:00Z',
      to: 'ada@example.com',
      subject: 'Your call',
      text: 'Tomorrow',
      html: '<p>Tomorrow</p>',
      headers: { 'X-Precall-Attempt': 'attempt-once' },
      attemptId: 'attempt-once',
      onceKey: 'once',
    });
  });

  it('keeps the headers that say where one request ends these mails', async () => {
    const { mailbox } = open();
    (
      await mailbox.send({ ...message, unsubscribe: 'https://calls.example.com/link/s.1.2' }, call('once'))
    ).unwrap();
    const [kept] = (await mailbox.list({ limit: 1, cursor: null })).unwrap().items;
    expect(kept?.headers).toMatchObject({
      'List-Unsubscribe': '<https://calls.example.com/link/s.1.2>',
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    });
  });

  it('keeps the first message of a onceKey, also after a restart, and answers the same', async () => {
    const { folder, files, mailbox } = open();
    const first = (await mailbox.send(message, call('once'))).unwrap();
    const again = open(folder).mailbox;
    const repeat = await again.send(
      { ...message, subject: 'Second' },
      call('once', { attemptId: attemptId('2') }),
    );
    expect(repeat.unwrap()).toEqual(first);
    expect(files()).toHaveLength(1);
    expect((await again.list({ limit: 10, cursor: null })).unwrap().items[0]?.subject).toBe('Your call');
  });

  it('keeps one message of many sent at the same moment by two mailboxes', async () => {
    const { folder, files, mailbox } = open();
    const other = open(folder).mailbox;
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => (index % 2 ? mailbox : other).send(message, call('once'))),
    );
    expect(answers.every((answer) => answer.isOk())).toBe(true);
    expect(files()).toHaveLength(1);
  });

  it('sends nothing once the deadline has come', async () => {
    const { folder, mailbox } = open();
    const late = await mailbox.send(message, call('once', { deadline: minute(0) }));
    expect(late.unwrapErr().kind).toBe('unavailable');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is unavailable when the folder cannot be written', async () => {
    const { folder, mailbox } = open();
    writeFileSync(join(folder, 'mailbox'), 'in the way');
    expect((await mailbox.send(message, call('once'))).unwrapErr().kind).toBe('unavailable');
  });
});

describe('list', () => {
  it('shows each message once, newest first, page by page', async () => {
    const { clock, mailbox } = open();
    for (const [index, key] of ['a', 'b', 'c', 'd', 'e'].entries()) {
      clock.time = minute(index % 3);
      await mailbox.send(message, call(key));
    }
    const keys: string[] = [];
    const moments: number[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof mailbox.list>> = await mailbox.list({ limit: 2, cursor });
      keys.push(...page.unwrap().items.map(({ onceKey }) => onceKey));
      moments.push(...page.unwrap().items.map(({ at }) => at.epochMilliseconds));
      cursor = page.unwrap().next;
    } while (cursor !== null);
    expect(keys.toSorted((a, b) => a.localeCompare(b))).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(moments).toEqual(moments.toSorted((a, b) => b - a));
  });

  it('is empty before the first message, and leaves other files aside', async () => {
    const { folder, mailbox } = open();
    expect((await mailbox.list({ limit: 10, cursor: null })).unwrap()).toEqual({ items: [], next: null });
    await mailbox.send(message, call('once'));
    writeFileSync(join(folder, 'mailbox', 'notes.json'), '{}');
    expect((await mailbox.list({ limit: 10, cursor: null })).unwrap().items).toHaveLength(1);
  });

  it('names a damaged file', async () => {
    const { folder, files, mailbox } = open();
    await mailbox.send(message, call('once'));
    const [name = ''] = files();
    writeFileSync(join(folder, 'mailbox', name), '{');
    expect((await mailbox.list({ limit: 10, cursor: null })).unwrapErr()).toEqual({
      kind: 'rejected',
      reason: `mailbox/${name} is damaged: mend it, or move it away`,
    });
  });

  it('rejects a cursor it did not give', async () => {
    const { mailbox } = open();
    expect((await mailbox.list({ limit: 10, cursor: 'mailbox.x' })).unwrapErr().kind).toBe('rejected');
  });
});
