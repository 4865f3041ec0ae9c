// How long a parser is fuzzed, and how much hostile data is taken: little in `npm test`, more with FUZZ_SECONDS.
import fc from 'fast-check';

const asked = process.env.FUZZ_SECONDS;
const seconds = Number(asked ?? 0.5);

/** Whether somebody asked for the long form. */
export const isLong: boolean = asked !== undefined;

/** For the runner: a test must be allowed to take as long as it fuzzes. */
export const fuzzTimeoutMs: number = seconds * 1_000 + (isLong ? 300_000 : 30_000);

/** As many runs as fit into the time; a failure names its seed, which `fc.assert` takes to repeat it. */
export function fuzz<T>(inputs: fc.Arbitrary<T>, holds: (input: T) => void): void {
  fc.assert(fc.property(inputs, holds), {
    numRuns: Number.POSITIVE_INFINITY,
    interruptAfterTimeLimit: seconds * 1_000,
  });
}

/** The same where the answer has to be waited for. */
export async function fuzzInTurn<T>(
  inputs: fc.Arbitrary<T>,
  holds: (input: T) => Promise<void>,
): Promise<void> {
  await fc.assert(fc.asyncProperty(inputs, holds), {
    numRuns: Number.POSITIVE_INFINITY,
    interruptAfterTimeLimit: seconds * 1_000,
  });
}

/** Bytes of `text` with some of them changed, lost, doubled or put in. */
export function mangled(text: string): fc.Arbitrary<Uint8Array> {
  const bytes = Buffer.from(text);
  const odd = fc.constantFrom(0, 0x22, 0x5c, 0x7b, 0x5b, 0x2c, 0x3a, 0x75, 0x80, 0xc0, 0xed, 0xff);
  const edit = fc.record({
    at: fc.nat(bytes.length),
    drop: fc.nat(8),
    put: fc.array(fc.oneof(odd, fc.nat(255)), { maxLength: 8 }),
  });
  return fc
    .array(edit, { minLength: 1, maxLength: 6 })
    .map((edits) =>
      edits.reduce<Uint8Array>((all, { at, drop, put }) => spliced(all, at, { drop, put }), bytes),
    );
}

function spliced(
  all: Uint8Array,
  at: number,
  { drop, put }: { readonly drop: number; readonly put: readonly number[] },
): Uint8Array {
  return Buffer.concat([all.subarray(0, at), Uint8Array.from(put), all.subarray(at + drop)]);
}
