// Deliveries that are authentic and not understood: kept for a week, at most a thousand, to be looked at and replayed.
import { decode, encode, ifSound } from './codec.ts';
import { deliveryRecord, type RecordId } from './ids.ts';
import { comparable } from './names.ts';
import type { Page, PortResult, Slice, Stored } from './ports.ts';
import type { WebhookDelivery } from './precall.ts';
import { Ok } from './result.ts';
import type { Shell } from './shell.ts';
import { after, type Instant, Temporal } from './temporal.ts';
import type { QuarantinedDelivery } from './views.ts';

const keptFor = Temporal.Duration.from({ hours: 24 * 7 });
/** Removed down to `trimmedTo` whenever `trimEvery` more came in, so that never more than 1,000 are kept. */
const trimEvery = 50;
const trimmedTo = 950;

interface Body {
  readonly receivedAt: Instant;
  readonly reason: string;
  readonly headers: WebhookDelivery['headers'];
  /** One character per byte. */
  readonly bytes: string;
}

export interface Quarantine {
  /** Durable once Ok; the same bytes are kept once. Gives the delivery's id. */
  keep(delivery: WebhookDelivery, receivedAt: Instant, reason: string): PortResult<string>;
  list(page: Page): PortResult<Slice<QuarantinedDelivery>>;
  /** Null: there is no such delivery, or what was kept of it cannot be read. */
  find(id: string): PortResult<{ readonly delivery: WebhookDelivery; readonly receivedAt: Instant } | null>;
  release(id: string): PortResult<void>;
  /** Removes what speaks of an address, or may: what cannot be read. */
  releaseAbout(email: string): PortResult<void>;
}

export function createQuarantine(shell: Shell): Quarantine {
  let sinceTrim = trimEvery;

  async function keep(delivery: WebhookDelivery, receivedAt: Instant, reason: string): PortResult<string> {
    const bytes = asText(delivery.body);
    const id = shell.names.delivery(bytes);
    const { 'content-type': type = [], 'content-encoding': encoding = [] } = delivery.headers;
    const body: Body = {
      receivedAt,
      reason,
      headers: { 'content-type': type, 'content-encoding': encoding },
      bytes,
    };
    const put: Stored = {
      id: deliveryRecord(id),
      kind: 'delivery',
      version: 1,
      revision: 1,
      changedAt: receivedAt,
      lanes: { mail: null, crm: null, forget: after(receivedAt, keptFor) },
      keys: [],
      body: encode(body),
    };
    sinceTrim += 1;
    if (sinceTrim > trimEvery) {
      const trimmed = await trim();
      if (trimmed.isErr()) return trimmed;
      sinceTrim = 1;
    }
    // A conflict means that the same bytes are kept already.
    const saved = await shell.store.save([{ put, expected: 0, history: [] }]);
    if (saved.isErr()) return saved;
    shell.trouble({
      kind: 'quarantined',
      booking: null,
      sentence: `A webhook was not understood: ${reason}`,
    });
    return Ok(id);
  }

  async function trim(): PortResult<void> {
    let seen = 0;
    return everyPage(async (stored) => {
      const beyond = stored.filter((_, index) => seen + index >= trimmedTo);
      seen += stored.length;
      return remove(beyond);
    });
  }

  async function everyPage(run: (stored: readonly Stored[]) => PortResult<void>): PortResult<void> {
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof shell.store.list>> = await shell.store.list('delivery', {
        limit: 50,
        cursor,
      });
      if (page.isErr()) return page;
      const done = await run(page.value.items);
      if (done.isErr()) return done;
      cursor = page.value.next;
    } while (cursor !== null);
    return Ok(undefined);
  }

  async function remove(stored: readonly Stored[]): PortResult<void> {
    if (stored.length === 0) return Ok(undefined);
    const removed = await shell.store.save(
      stored.map(({ id, revision }) => ({ remove: id, expected: revision })),
    );
    return removed.map(() => undefined);
  }

  async function list(page: Page): PortResult<Slice<QuarantinedDelivery>> {
    const found = await shell.store.list('delivery', page);
    return found.map(({ items, next }) => ({
      items: items.map((stored) => {
        const { receivedAt, reason } = ifSound(stored, read) ?? unreadable(stored);
        return { id: idOf(stored.id), receivedAt, reason };
      }),
      next,
    }));
  }

  async function find(id: string): ReturnType<Quarantine['find']> {
    const found = await shell.store.find([deliveryRecord(id)]);
    return found.map(([stored]) => {
      const kept = stored && ifSound(stored, read);
      if (!kept) return null;
      const { headers, bytes, receivedAt } = kept;
      return { delivery: { headers, body: asBytes(bytes) }, receivedAt };
    });
  }

  async function release(id: string): PortResult<void> {
    const found = await shell.store.find([deliveryRecord(id)]);
    if (found.isErr()) return found;
    return remove(found.value);
  }

  async function releaseAbout(email: string): PortResult<void> {
    const wanted = comparable(email);
    const speaks = (body: Body | null) => !body || comparable(wordsIn(asBytes(body.bytes))).includes(wanted);
    return everyPage((stored) => remove(stored.filter((one) => speaks(ifSound(one, read)))));
  }

  return { keep, list, find, release, releaseAbout };
}

function unreadable({ changedAt }: Stored): Pick<Body, 'receivedAt' | 'reason'> {
  return { receivedAt: changedAt, reason: 'what was kept of it is damaged, or of a newer version' };
}

function read(stored: Stored): Body {
  return decode<Body>(stored, []);
}

declare const TextDecoder: new (label: string) => { decode(bytes: Uint8Array): string };
const utf8 = new TextDecoder('utf-8');

/** A body that nobody understood, with what JSON and Cal.com's templates write in another way written plainly. */
function wordsIn(body: Uint8Array): string {
  return utf8
    .decode(body)
    .replace(/\\u([\da-f]{4})|&#x([\da-f]{2});/gi, (_, unit, character) =>
      String.fromCharCode(Number.parseInt(unit ?? character, 16)),
    )
    .replaceAll('&amp;', '&');
}

function idOf(id: RecordId): string {
  return id.slice('delivery:'.length);
}

function asText(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}

function asBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
