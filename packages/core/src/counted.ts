// A count with its noun, for what operators read.

/** Such as `1 booking` and `2 bookings`; `many` is the plural where it is not the word with an s. In English. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
