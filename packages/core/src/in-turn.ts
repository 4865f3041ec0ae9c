// Work on the same records goes one after the other within this process, so that a burst of updates about one
// booking does not spend its retries on conflicts with itself. Between processes compare-and-set decides.

export type InTurn = <T>(names: readonly string[], run: () => Promise<T>) => Promise<T>;

export function createInTurn(): InTurn {
  const last = new Map<string, Promise<unknown>>();
  return async (names, run) => {
    // All places are taken in one step, so two pieces of work never wait for each other.
    const before = names.map((name) => last.get(name));
    const mine = Promise.all(before).then(run);
    const place = mine.catch(() => undefined);
    for (const name of names) last.set(name, place);
    try {
      return await mine;
    } finally {
      for (const name of names) if (last.get(name) === place) last.delete(name);
    }
  };
}
