// Reading a port's answers in a contract.
import type { Page, PortResult, Slice } from '@precall/core';

/** The value of an Ok; an Err is a failure with its reason. */
export async function okOf<T>(result: PortResult<T>): Promise<T> {
  const answer = await result;
  if (answer.isErr()) throw new Error(`not Ok but ${answer.error.kind}: ${answer.error.reason}`);
  return answer.value;
}

/** Every page in order, from the beginning or from a cursor to the end; a cursor that leads in a circle is a failure. */
export async function everyPage<T>(
  limit: number,
  read: (page: Page) => PortResult<Slice<T>>,
  from: string | null = null,
): Promise<readonly (readonly T[])[]> {
  const pages: (readonly T[])[] = [];
  let cursor = from;
  do {
    if (pages.length > 1_000) throw new Error('the cursors never end');
    const { items, next }: Slice<T> = await okOf(read({ limit, cursor }));
    pages.push(items);
    cursor = next;
  } while (cursor !== null);
  return pages;
}

/** The items of all pages. */
export async function everyItem<T>(
  limit: number,
  read: (page: Page) => PortResult<Slice<T>>,
  from: string | null = null,
): Promise<readonly T[]> {
  return (await everyPage(limit, read, from)).flat();
}
