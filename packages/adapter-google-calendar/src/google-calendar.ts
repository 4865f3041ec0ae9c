// Calendar on Google's Calendar API v3, over fetch: an event's id is ours, so that a repeat meets the same event.
import { type Calendar, type Clock, Err, Ok } from '@precall/core';
import { createAccessTokens } from './access-token.ts';
import { findFaults, ofNoCalendar, probe } from './describe.ts';
import { eventBody } from './event-body.ts';
import { type Ask, createGoogleCalls } from './google-calls.ts';
import type { GoogleError, GoogleResult } from './google-error.ts';
import { readServiceAccount } from './service-account.ts';

/** What `createGoogleCalendar` needs. */
export interface GoogleCalendarOptions {
  /** As the calendar's settings show it, such as `abc@group.calendar.google.com`. */
  readonly calendarId: string;
  /** The text of the JSON key that Google made for a service account, with whom the calendar is shared. */
  readonly key: string;
  readonly clock: Clock;
  /** Instead of Google's own addresses. Plain http only to this machine: what opens the calendar goes along. */
  readonly baseUrl?: string | null;
}

/**
 * Nobody is invited and nobody is written to (`sendUpdates=none`, no attendees). What people add to an event in Google, such
 * as guests or a colour, stays; its time, title, place and description are ours. Throws for options that cannot be right,
 * naming the option and how to mend it, never the key.
 */
export function createGoogleCalendar({ calendarId, key, clock, baseUrl }: GoogleCalendarOptions): Calendar {
  const account = readServiceAccount(key);
  if (calendarId.trim() === '')
    throw new Error('calendarId is empty: copy it from the settings of the calendar.');
  const addresses = addressesOf(baseUrl ?? null);
  const tokens = createAccessTokens(account, { address: addresses.token, clock });
  const begin = createGoogleCalls({ baseUrl: addresses.calendar, tokens, clock });
  const events = `/calendars/${encodeURIComponent(calendarId)}/events`;
  const one = (id: string) => `${events}/${encodeURIComponent(id)}`;

  return {
    async put(event) {
      const ask = begin();
      const body = eventBody(event);
      const inserted = await ask({ method: 'POST', path: `${events}?${quietly}`, body });
      if (inserted.isOk()) return done(inserted);
      if (inserted.error.status === 404) return Err(ofNoCalendar(inserted.error));
      if (inserted.error.status !== 409) return inserted;
      // A removed event keeps its id and is found, too. What is put must carry the sequence that Google has reached.
      const found = await ask({ method: 'GET', path: one(event.id) });
      if (found.isErr()) return found;
      const whole = { ...Object(found.value), ...body };
      return done(await ask({ method: 'PUT', path: `${one(event.id)}?${quietly}`, body: whole }));
    },
    async remove(id) {
      const ask = begin();
      const removed = await ask({ method: 'DELETE', path: `${one(id)}?${quietly}` });
      if (removed.isOk() || removed.error.status === 410) return Ok.EMPTY;
      return removed.error.status === 404 ? noSuchEvent(ask, removed.error) : removed;
    },
    describe: () => findFaults(begin(), { events, account: account.email }),
  };

  /** It may be the calendar that is not there, or not there for us: then the event may be. */
  async function noSuchEvent(ask: Ask, error: GoogleError): GoogleResult<void> {
    const calendar = await ask(probe(events));
    if (calendar.isOk()) return Ok.EMPTY;
    return calendar.error.status === 404 ? Err(ofNoCalendar(error)) : calendar;
  }
}

const quietly = 'sendUpdates=none';

function done(answer: Awaited<GoogleResult<unknown>>): Awaited<GoogleResult<void>> {
  return answer.map(() => undefined);
}

function addressesOf(baseUrl: string | null): { readonly calendar: string; readonly token: string } {
  if (baseUrl === null)
    return {
      calendar: 'https://www.googleapis.com/calendar/v3',
      token: 'https://oauth2.googleapis.com/token',
    };
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : null;
  const isHere = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(url?.hostname ?? '');
  if (url?.protocol !== 'https:' && !(url?.protocol === 'http:' && isHere))
    throw new Error(
      'baseUrl is no address that a token may be sent to: give one with https:// (http:// on this machine only).',
    );
  const base = baseUrl.replace(/\/+$/, '');
  return { calendar: `${base}/calendar/v3`, token: `${base}/token` };
}
