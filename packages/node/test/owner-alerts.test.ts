import { createMemoryClock, createMemoryMailer } from '@precall/adapter-memory';
import { type PortError, Temporal, type Trouble } from '@precall/core';
import { createOwnerAlerts } from '@precall/node';
import { describe, expect, it } from 'vitest';

const missed: Trouble = { kind: 'reminder_missed', booking: '0123456789ab', sentence: 'It had no link.' };
const late: Trouble = { kind: 'reminders_late', booking: null, sentence: 'Reminders are not being sent.' };
const away: PortError = { kind: 'unavailable', reason: 'no answer' };

function anOwner(page: string | null = null) {
  const clock = createMemoryClock(Temporal.Instant.from('2026-11-25T09:00:00Z'));
  const mailer = createMemoryMailer({ clock });
  const unsent: string[] = [];
  const alert = createOwnerAlerts({
    to: 'owner@example.com',
    mailer,
    clock,
    page,
    onUnsent: (kind, error) => unsent.push(`${kind}: ${error.kind}`),
  });
  const pass = (minutes: number) => clock.advance(Temporal.Duration.from({ minutes }));
  const subjects = () => mailer.sent.map(({ message }) => message.subject);
  const texts = () => mailer.sent.map(({ message }) => message.text);
  return { alert, mailer, unsent, pass, subjects, texts };
}

describe('createOwnerAlerts', () => {
  it('mails the first trouble of each kind at once', () => {
    const { alert, mailer, subjects, texts } = anOwner();
    alert(missed);
    alert(late);
    expect(subjects()).toEqual(['Precall: a reminder was missed', 'Precall: reminders are late']);
    expect(texts()).toEqual([
      "It had no link.\nThe booking: 0123456789ab, as in the log and for the operator's search.\nMore: in the log. For six hours no further mail about this kind (reminder_missed).\n",
      'Reminders are not being sent.\nMore: in the log. For six hours no further mail about this kind (reminders_late).\n',
    ]);
    expect(mailer.sent.map(({ message }) => message.to)).toEqual(['owner@example.com', 'owner@example.com']);
  });

  it('names both bookings where it is about two', () => {
    const { alert, texts } = anOwner();
    const twice = 'A person has two upcoming calls of the same kind.';
    alert({ kind: 'possible_duplicate', booking: '0123456789ab', other: 'ba9876543210', sentence: twice });
    expect(texts()[0]).toContain('The bookings: 0123456789ab and ba9876543210, as in the log');
  });

  it('makes one mail of a thousand troubles, and counts them in the next after six hours', async () => {
    const { alert, pass, texts } = anOwner();
    for (let count = 0; count < 1_000; count += 1) alert(missed);
    await pass(6 * 60 - 1);
    alert(missed);
    expect(texts()).toHaveLength(1);
    await pass(1);
    alert(missed);
    expect(texts()).toHaveLength(2);
    expect(texts()[1]).toContain('Of this kind 1000 more since the last mail.');
    await pass(6 * 60);
    alert(missed);
    expect(texts()[2]).not.toContain('more since');
  });

  it('takes no mail for a repeat of another', async () => {
    const { alert, mailer, pass } = anOwner();
    alert(missed);
    alert(late);
    await pass(6 * 60);
    alert(missed);
    expect(new Set(mailer.calls.map(({ onceKey }) => onceKey)).size).toBe(3);
    expect(new Set(mailer.calls.map(({ attemptId }) => attemptId)).size).toBe(3);
  });

  it('asks a mailer that is away again with the next trouble after ten minutes, and tells what was not told', async () => {
    const { alert, mailer, unsent, pass, texts } = anOwner();
    mailer.answerNext(away);
    alert(missed);
    alert(missed);
    await pass(9);
    alert(missed);
    expect(unsent).toEqual(['reminder_missed: unavailable']);
    expect(mailer.calls).toHaveLength(1);
    await pass(1);
    alert(missed);
    expect(texts()).toHaveLength(1);
    expect(texts()[0]).toContain('Of this kind 3 more since the last mail.');
  });

  it.each<[string, PortError | 'no_answer', string]>([
    ['was refused', { kind: 'rejected', reason: 'no such address' }, 'reminder_missed: rejected'],
    ['may have gone out', 'no_answer', 'reminder_missed: unknown'],
  ])('does not repeat within six hours a mail that %s', async (_what, answer, said) => {
    const { alert, mailer, unsent, pass } = anOwner();
    mailer.answerNext(answer);
    alert(missed);
    await pass(6 * 60 - 1);
    alert(missed);
    expect(unsent).toEqual([said]);
    expect(mailer.calls).toHaveLength(1);
  });

  it('says where the owner can look', () => {
    const { alert, texts } = anOwner('https://precall.example.com/operator');
    alert(late);
    expect(texts()[0]).toContain('More: https://precall.example.com/operator.');
  });

  it('keeps the structure of its HTML whatever a sentence holds', () => {
    const { alert, mailer } = anOwner();
    alert({ kind: 'quarantined', booking: null, sentence: 'Not understood: <img src=x>' });
    expect(mailer.sent[0]?.message.html).toMatch(/^<p>Not understood: &lt;img src=x&gt;<\/p><p>[^<]*<\/p>$/);
  });
});
