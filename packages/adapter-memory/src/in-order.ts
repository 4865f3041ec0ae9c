// One ordered list for the clock's alarms and the scheduler's moments.

/** Puts `item` behind all that are not after it, so that equals stay in the order they came. */
export function insertInOrder<T>(items: T[], item: T, atOf: (item: T) => number): void {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = items[middle];
    if (other !== undefined && atOf(other) <= atOf(item)) low = middle + 1;
    else high = middle;
  }
  items.splice(low, 0, item);
}
