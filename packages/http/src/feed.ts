// The feed of upcoming calls, for calendars that subscribe to it. Its address is the right to read it.
import { calendarFeed } from '@precall/calendar';
import type { Precall } from '@precall/core';
import { type PlainResponse, portProblem, problem, type Route, reading, wrongMethod } from './plain.ts';

const form = /^\/calendar\/[\w.-]{1,200}\.ics$/;

/** Whether a path may be that of the feed. */
export function isFeedPath(path: string): boolean {
  return form.test(path);
}

export function createFeedRoute(precall: Pick<Precall, 'calendarFeed'>): Route {
  return async (request) => {
    const refused = wrongMethod(request, reading);
    if (refused) return refused;
    const found = await precall.calendarFeed(request.path.slice('/calendar/'.length, -'.ics'.length));
    if (found.isErr()) return portProblem(found.error);
    return found.value ? calendar(calendarFeed(found.value.events, found.value.now)) : unknown();
  };
}

function calendar(body: string): PlainResponse {
  return {
    status: 200,
    headers: {
      'content-type': 'text/calendar; charset=utf-8',
      // Whoever asks may keep it for a while, and nobody between.
      'cache-control': 'private, max-age=300',
      'x-content-type-options': 'nosniff',
      'x-robots-tag': 'noindex',
    },
    body,
  };
}

function unknown(): PlainResponse {
  const detail = "There is no calendar at this address. The operator's overview shows the one that works.";
  return problem({ status: 404, detail });
}
