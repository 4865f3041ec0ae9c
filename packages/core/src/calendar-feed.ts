// The organizer's upcoming calls, for whoever has the address of the feed. Derived at each reading, so that nothing of it can be
// out of date.
import { readBookingIfSound } from './booking-record.ts';
import { eventOf } from './calendar-event.ts';
import { statusKey } from './ids.ts';
import type { CalendarEvent, PortResult, Stored } from './ports.ts';
import { Ok } from './result.ts';
import type { Shell } from './shell.ts';
import type { SignedLinks } from './signed-links.ts';
import type { Instant } from './temporal.ts';

/** Upcoming calls, the soonest first, as they stood at `now`. */
export interface CallsAhead {
  readonly events: readonly CalendarEvent[];
  readonly now: Instant;
}

export interface Feed {
  /** Null: there is none, or the address of this host is not known yet. */
  url(): string | null;
  /** Null: the token is not that of the feed. */
  read(token: string): PortResult<CallsAhead | null>;
}

const mostEvents = 500;
const pageSize = 200;
/** Of more agreed calls than this those that changed longest ago are left out. */
const mostRead = 5_000;

/** `links`: null where no feed is wanted. */
export function createFeed(shell: Shell, links: SignedLinks | null): Feed {
  const { store, clock } = shell;

  async function read(token: string): PortResult<CallsAhead | null> {
    if (links?.read(token)?.act !== 'feed') return Ok(null);
    const now = clock.now();
    const events: CalendarEvent[] = [];
    let cursor: string | null = null;
    for (let seen = 0; seen < mostRead; seen += pageSize) {
      const page: Found = await store.findByKey(statusKey('agreed'), { limit: pageSize, cursor });
      if (page.isErr()) return page;
      events.push(...page.value.items.flatMap((stored) => eventIn(stored, now)));
      cursor = page.value.next;
      if (cursor === null) break;
    }
    return Ok({ events: soonestFirst(events).slice(0, mostEvents), now });
  }

  function eventIn(stored: Stored, now: Instant): readonly CalendarEvent[] {
    const record = readBookingIfSound(stored);
    if (!record) return [];
    const { id, facts } = record;
    const names = shell.policy.namesInCalendar;
    const event = eventOf(facts, { id: shell.names.event(id), names, mayBeThere: false, now });
    return event ? [event] : [];
  }

  return { url: () => links?.url({ act: 'feed' }) ?? null, read };
}

type Found = Awaited<ReturnType<Shell['store']['findByKey']>>;

function soonestFirst(events: readonly CalendarEvent[]): readonly CalendarEvent[] {
  return events.toSorted((a, b) => a.startAt.epochMilliseconds - b.startAt.epochMilliseconds);
}
