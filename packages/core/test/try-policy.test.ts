// The call that nobody made, by which a policy is tried: who takes part in it, and what its texts know.
import { content, defaultPolicy, type Policy, textContent } from '@precall/core';
import { expect, it } from 'vitest';
import { tryPolicy } from '../src/try-policy.ts';
import { at, hours } from './agreed-call.ts';

const call = {
  startAt: at('2026-12-03T15:00:00Z'),
  agreedAt: at('2026-11-23T12:00:00Z'),
  timeZone: 'Europe/Berlin',
  answers: null,
};
const tried = (policy: Partial<Policy>) => tryPolicy({ ...defaultPolicy, ...policy }, call).reminders;
const before = (count: number) => ({ name: `${count}h`, when: { before: hours(count) } });

it('is half an hour of one person by link, with a host, and all of it is there for a text', () => {
  const words = content({
    needs: [],
    render: ({ firstName, name, locale, timeZone, endAt, host, about, place }) => ({
      subject: [firstName, name, locale, timeZone, endAt, host?.name, about?.title, place?.kind].join(', '),
      text: '',
      html: '',
    }),
  });
  expect(tried({ content: words, rules: [before(24)] }).map(({ subject, skip }) => [subject, skip])).toEqual([
    ['Someone, Someone, en, Europe/Berlin, 2026-12-03T15:30:00Z, Jane Doe, A call, link', null],
  ]);
});

it('is of somebody who can be mailed and texted, and shows both texts where one falls back to the other', () => {
  const mail = content({ needs: [], render: () => ({ subject: 'by mail', text: '', html: '' }) });
  const text = textContent({ needs: [], render: () => 'by sms' });
  const rules = [
    { ...before(3), channel: 'sms' as const },
    { ...before(2), fallback: 'sms' as const },
    { ...before(1), when: { after: hours(1) } },
  ];
  expect(
    tried({ content: mail, textContent: text, rules }).map(({ channel, subject, fallback, skip }) => [
      channel,
      subject,
      fallback,
      skip,
    ]),
  ).toEqual([
    ['sms', 'by sms', null, null],
    ['mail', 'by mail', 'by sms', null],
    ['mail', 'by mail', null, null],
  ]);
});

it('shows no text where one cannot be made', () => {
  const broken = content({
    needs: [],
    render: () => {
      throw new Error('broken');
    },
  });
  expect(tried({ content: broken, rules: [before(1)] })[0]?.subject).toBeNull();
});
