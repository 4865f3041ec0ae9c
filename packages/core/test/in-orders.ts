// Updates made of Cal.com's documented samples, and every order and repetition in which they can come in.
import { createMemoryEntropy } from '@precall/adapter-memory';
import { createCalcomSource } from '@precall/source-calcom';
import { canonicalText } from '../src/canonical.ts';
import { contribution } from '../src/contribution.ts';
import { type Facts, nothingKnown } from '../src/facts.ts';
import { type BookingId, bookingId, type RecipientId } from '../src/ids.ts';
import { join } from '../src/merge.ts';
import { createNames } from '../src/names.ts';
import { type Instant, Temporal } from '../src/temporal.ts';
import type { BookingUpdate } from '../src/update.ts';
import { type Said, saying, type Trigger } from './calcom-saying.ts';

export const names = createNames('calcom', createMemoryEntropy('orders'), 'a key');
export const at = (text: string): Instant => Temporal.Instant.from(text);
export const who = (name: string): RecipientId => names.recipient(`${name}@example.com`);

const source = createCalcomSource({ unsigned: 'allow' });

/** What a sample says; received when it was said, unless told. */
export function said(trigger: Trigger, one: Said & { readonly received?: string } = {}): BookingUpdate {
  const receivedAt = at(one.received ?? one.said ?? '2026-11-23T12:00:00Z');
  const parsed = source.parse(saying(trigger, one), receivedAt);
  if (parsed.isErr() || !('updates' in parsed.value)) throw new Error(`not understood: ${trigger}`);
  const [update] = parsed.value.updates;
  if (!update) throw new Error(`says nothing: ${trigger}`);
  return update;
}

export type Known = ReadonlyMap<BookingId, Facts>;

export function joined(contributions: readonly Known[]): Known {
  const known = new Map<BookingId, Facts>();
  for (const each of contributions) {
    for (const [id, facts] of each) known.set(id, join(known.get(id) ?? nothingKnown, facts));
  }
  return known;
}

export function factsText(known: Known): string {
  return canonicalText(Object.fromEntries(known));
}

/** Every order; up to five updates also with each one said again at the end, and all of them twice over. */
export function everyOrder<T>(items: readonly T[]): readonly (readonly T[])[] {
  const orders = permutations(items);
  if (items.length > 5) return orders;
  return orders.flatMap((order) => [
    order,
    ...order.map((again) => [...order, again]),
    [...order, ...order],
    order.flatMap((one) => [one, one]),
  ]);
}

/** Checks the facts of every order, and that they are the same to the letter. */
export function inOrders(
  updates: readonly BookingUpdate[],
  check: (facts: (uid?: string) => Facts) => void,
): void {
  const texts = new Set<string>();
  const contributions = updates.map((update) => contribution(update, names));
  for (const order of everyOrder(contributions)) {
    const known = joined(order);
    check((uid = 'u1') => known.get(bookingId('calcom', uid)) ?? nothingKnown);
    texts.add(factsText(known));
  }
  if (texts.size !== 1) throw new Error(`${texts.size} different facts`);
}

function permutations<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length <= 1) return [items];
  return items.flatMap((first, index) => {
    const rest = [...items.slice(0, index), ...items.slice(index + 1)];
    return permutations(rest).map((others) => [first, ...others]);
  });
}
