// The page's words: whatever stands in them, the page keeps its shape.
import { attemptId, type ReminderKey, Temporal } from '@precall/core';
import fc from 'fast-check';
import { parse } from 'parse5';
import { describe, expect, it } from 'vitest';
import { naughty } from '../../../packages/core/test/naughty.ts';
import { faultsOf } from '../src/demo/outcome.ts';
import { renderPage, renderRegions } from '../src/demo/page.ts';
import type { Scene } from '../src/demo/scene.ts';
import { bookingOf } from '../src/demo/story.ts';

const startAt = Temporal.Instant.from('2026-12-03T15:00:00Z');
const bookedAt = startAt.subtract({ seconds: 30 });

type State = Scene['calls'][number]['reminders'][number]['state'];

/** A call with the three reminders, all sent and in the inbox, and the contact right; `words` wherever words come from outside. */
function givenScene({ words = 'Guest', states = ['sent', 'sent', 'sent'] as readonly State[] } = {}): Scene {
  const reminders = ['72h', '24h', '2h'].map((rule, index) => ({
    key: `key ${rule}` as ReminderKey,
    rule,
    channel: 'mail' as const,
    recipient: words,
    dueAt: startAt.subtract({ seconds: 24 - 10 * index }),
    state: states[index] ?? 'planned',
    reason: states[index] === 'dropped' ? ('cancelled' as const) : null,
    attempts: [],
  }));
  return {
    calls: [
      {
        id: bookingOf({ uid: 'u1', bookedAt, startAt, guest: words }),
        status: 'agreed',
        startAt,
        endAt: startAt.add({ minutes: 15 }),
        agreedAt: bookedAt,
        bookedAt,
        checkedAt: null,
        replaces: [],
        replacedBy: [],
        attendees: [
          { email: words, name: words, timeZone: 'UTC', phone: null, status: 'attending', came: null },
        ],
        reminders,
        crm: null,
      },
    ],
    contact: {
      email: words,
      isPending: false,
      fields: {
        'Booking Status': 'Booked',
        'Diagnostic Call Date': '2026-12-03',
        'Christmas Campaign Status': 'Pre-Call Prep',
        [`more ${words}`]: words,
      },
    },
    mails: reminders
      .filter(({ state }) => state === 'sent')
      .map((reminder) => ({
        reminder,
        message: {
          at: reminder.dueAt.add({ milliseconds: 12 }),
          to: words,
          subject: words,
          text: words,
          html: words,
          headers: {},
          attemptId: attemptId('a1'),
          onceKey: 'k',
        },
      })),
    crmIsAway: false,
    entries: [{ at: bookedAt, text: words }],
  };
}

describe('renderPage', () => {
  it('has the same elements and attributes whatever names, subjects and texts it shows', () => {
    const shape = (words: string) => elementsOf(renderPage(givenScene({ words }), bookedAt));
    const plain = shape('Guest');
    const hostile = fc.constantFrom(
      '<script>alert(1)</script>',
      '"><img src=x onerror=a>',
      "' onload='a",
      '</pre><b>',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(hostile, fc.string({ unit: 'binary' }))), (parts) => {
        expect(shape(parts.join(''))).toEqual(plain);
      }),
    );
    for (let at = 0; at < naughty.length; at += 24) {
      expect(shape(naughty.slice(at, at + 24).join(' '))).toEqual(plain);
    }
  });

  it('counts down to the start, and tells how late each reminder was', () => {
    const page = renderPage(givenScene(), startAt.subtract({ seconds: 9 }));
    expect(page).toContain('>0:09</strong>');
    expect(page).toContain('arrived 12 ms after its moment');
  });

  it('strikes through what was dropped, and says why', () => {
    const { call } = renderRegions(givenScene({ states: ['sent', 'dropped', 'dropped'] }), null);
    expect(call.match(/class="struck"/g)).toHaveLength(2);
    expect(call.match(/The call was cancelled\./g)).toHaveLength(2);
  });
});

describe('faultsOf', () => {
  it('finds none when every reminder is in the inbox and the contact says so', () => {
    expect(faultsOf(givenScene())).toEqual([]);
  });

  it('names each reminder that did not arrive', () => {
    expect(faultsOf(givenScene({ states: ['sent', 'missed', 'planned'] }))).toEqual([
      'The reminder 24h did not arrive: it is missed.',
      'The reminder 2h did not arrive: it is planned.',
    ]);
  });

  it('names each field of the contact that is not right', () => {
    const scene = givenScene();
    const contact = { email: 'g', isPending: true, fields: { 'Booking Status': 'Not Booked' } };
    expect(faultsOf({ ...scene, contact })).toEqual([
      "The contact's Booking Status is not Booked.",
      "The contact's Diagnostic Call Date is not 2026-12-03.",
      "The contact's Christmas Campaign Status is not Pre-Call Prep.",
    ]);
  });

  it('says so when the booking was not taken in at all', () => {
    expect(faultsOf({ ...givenScene(), calls: [] })).toEqual(['The booking was not taken in.']);
  });
});

/** Every element of a document with the names of its attributes, in order. */
function elementsOf(markup: string): readonly string[] {
  const found: string[] = [];
  walk(parse(markup));
  return found;

  function walk(node: object): void {
    if ('tagName' in node && 'attrs' in node && Array.isArray(node.attrs)) {
      found.push([node.tagName, ...node.attrs.map(({ name }) => name)].join(' '));
    }
    if ('childNodes' in node && Array.isArray(node.childNodes)) node.childNodes.forEach(walk);
  }
}
