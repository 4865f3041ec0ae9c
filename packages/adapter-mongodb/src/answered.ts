// A limit on waiting for the server. The driver's own `timeoutMS` does nothing (7.9), and a borrowed client's socket
// time-out may be none.

export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/** A lost server is `unavailable` after so long, and heals by itself. */
export const patienceMs = 5_000;
/** For a look at what became of something: whoever asks has waited already. */
export const shortPatienceMs = 2_000;

/** Rejects with NoAnswer when there is none within `ms`; the work itself goes on, and nobody hears how it ends. */
export async function answered<T>(work: Promise<T>, ms = patienceMs): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NoAnswer()), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
