// The events of one Google calendar, and what is answered about them: as strict as Google, and about fields stricter.
import type { GoogleReply } from './google-token.ts';

/** An event as Google keeps it. */
export interface GoogleEvent {
  readonly id: string;
  /** `cancelled`: it was removed; its id stays taken. */
  readonly status: 'confirmed' | 'tentative' | 'cancelled';
  readonly summary?: string;
  readonly location?: string;
  readonly description?: string;
  readonly start: { readonly dateTime: string };
  readonly end: { readonly dateTime: string };
  /** One more with each new time. */
  readonly sequence: number;
  readonly colorId?: string;
  readonly attendees?: readonly { readonly email: string }[];
  readonly recurrence?: readonly string[];
}

/** What a service account may do in the calendar; `none`: for it there is no such calendar. */
export type GoogleRole = 'owner' | 'writer' | 'reader' | 'none';

export interface GoogleQuestion {
  readonly method: string;
  /** Below the calendar: empty for its events, or one's id. Null: of another calendar. */
  readonly id: string | null;
  readonly query: URLSearchParams;
  readonly body: string;
}

/** Google's own are ignored when they are sent back. */
const known = new Set([
  ...[
    'id',
    'status',
    'summary',
    'location',
    'description',
    'start',
    'end',
    'sequence',
    'colorId',
    'attendees',
  ],
  ...[
    'recurrence',
    'kind',
    'etag',
    'htmlLink',
    'created',
    'updated',
    'creator',
    'organizer',
    'iCalUID',
    'eventType',
  ],
]);

export function createGoogleAnswers(
  events: Map<string, GoogleEvent>,
  roleNow: () => GoogleRole,
): (question: GoogleQuestion) => GoogleReply {
  return ({ method, id, query, body }) => {
    const role = roleNow();
    if (id === null || role === 'none') return googleTrouble(404, 'notFound');
    if (method !== 'GET' && role === 'reader') return googleTrouble(403, 'requiredAccessLevel');
    if (id === '') return method === 'GET' ? list(role, query) : insert(method, query, body);
    const event = events.get(id);
    if (!event) return googleTrouble(404, 'notFound');
    if (method === 'GET') return { status: 200, body: shown(event) };
    if (!isKnown(query, ['sendUpdates'])) return googleTrouble(400, 'invalidParameter');
    return method === 'PUT' ? update(event, body) : remove(method, event);
  };

  function list(role: GoogleRole, query: URLSearchParams): GoogleReply {
    if (!isKnown(query, ['maxResults', 'fields'])) return googleTrouble(400, 'invalidParameter');
    return { status: 200, body: { accessRole: role } };
  }

  function insert(method: string, query: URLSearchParams, body: string): GoogleReply {
    if (method !== 'POST') return googleTrouble(405, 'httpMethodNotAllowed');
    const given = fieldsIn(body);
    const why = isKnown(query, ['sendUpdates']) ? whyNot(given) : 'invalidParameter';
    if (why !== null) return googleTrouble(400, why);
    if (events.has(`${given.id}`)) return googleTrouble(409, 'duplicate');
    return keep({ ...given, sequence: 0 });
  }

  /** All of it is replaced; one that was removed is there again if it says `confirmed`. */
  function update(event: GoogleEvent, body: string): GoogleReply {
    const given = fieldsIn(body);
    const why = given.id === event.id ? whyNot(given) : 'invalid';
    if (why !== null) return googleTrouble(400, why);
    const { sequence = 0 } = given;
    if (typeof sequence !== 'number' || sequence < event.sequence) return googleTrouble(400, 'invalid');
    const isMoved = timeOf(given) !== timeOf({ ...event });
    return keep({ ...given, sequence: sequence + (isMoved ? 1 : 0) });
  }

  function remove(method: string, event: GoogleEvent): GoogleReply {
    if (method !== 'DELETE') return googleTrouble(405, 'httpMethodNotAllowed');
    if (event.status === 'cancelled') return googleTrouble(410, 'deleted');
    events.set(event.id, { ...event, status: 'cancelled' });
    return { status: 204, body: null };
  }

  function keep(given: Fields): GoogleReply {
    const event = { status: 'confirmed', ...given } as unknown as GoogleEvent;
    events.set(event.id, event);
    return { status: 200, body: shown(event) };
  }
}

type Fields = { readonly [name: string]: unknown };

/** Google's own words for a refusal. */
export function googleTrouble(status: number, reason: string): GoogleReply {
  const message = `Refused: ${reason}.`;
  return {
    status,
    body: { error: { code: status, message, errors: [{ domain: 'global', reason, message }] } },
  };
}

function shown(event: GoogleEvent): object {
  return {
    kind: 'calendar#event',
    etag: `"${event.sequence}"`,
    htmlLink: 'https://calendar.google.com/',
    ...event,
  };
}

function isKnown(query: URLSearchParams, names: readonly string[]): boolean {
  const updates = query.get('sendUpdates') ?? 'none';
  return (
    [...query.keys()].every((name) => names.includes(name)) &&
    ['all', 'externalOnly', 'none'].includes(updates)
  );
}

function fieldsIn(body: string): Fields {
  try {
    return Object(JSON.parse(body));
  } catch {
    return {};
  }
}

/** https://developers.google.com/workspace/calendar/api/v3/reference/events */
function whyNot(given: Fields): string | null {
  if (Object.keys(given).some((name) => !known.has(name))) return 'parseError';
  if (!/^[a-v0-9]{5,1024}$/.test(`${given.id}`)) return 'invalid';
  const [start, end] = [given.start, given.end].map((time) => momentIn(time));
  if (start === undefined || end === undefined || Number.isNaN(start) || Number.isNaN(end)) return 'required';
  if (end < start) return 'timeRangeEmpty';
  const texts = [given.summary, given.location, given.description];
  if (texts.some((text) => text !== undefined && typeof text !== 'string')) return 'parseError';
  return texts.some((text) => `${text ?? ''}`.length > 8_192) ? 'invalid' : null;
}

/** NaN: it is no moment with an offset. */
function momentIn(time: unknown): number {
  const { dateTime } = Object(time);
  return /^\d{4}-\d\d-\d\dT.*(?:Z|[+-]\d\d:\d\d)$/.test(`${dateTime}`)
    ? Date.parse(`${dateTime}`)
    : Number.NaN;
}

function timeOf({ start, end }: Fields): string {
  return `${momentIn(start)} ${momentIn(end)}`;
}
