// Where the CPU time of an intake goes: its parts alone, as shares of the whole that answers from memory, and of the whole
// on the embedded store. Pure parts, so nothing is waited for.
import { createMemoryStore } from '@precall/adapter-memory';
import { type BookingUpdate, readStrictJson, Temporal } from '@precall/core';
import { createCalcomSource } from '@precall/source-calcom';
import { receiving } from './embedded-intake.ts';
import { compare, type Measured, type Row, timeOf } from './measure.ts';
import { precallOn, scaled, takeIn } from './rig.ts';
import { deliveries, secret } from './webhooks.ts';

const count = scaled(1_000);

export async function intakeShares(name: string): Promise<readonly Row[]> {
  const all = deliveries(count);
  const source = createCalcomSource({ secrets: [secret] });
  const receivedAt = Temporal.Instant.fromEpochMilliseconds(Date.now());
  const each = async (work: () => Promise<void> | void): Promise<Measured> => {
    const { cpuSeconds } = await timeOf(async () => work());
    return { figure: (cpuSeconds / count) * 1e6, cpuSeconds };
  };
  const verifying = () =>
    each(() => {
      for (const { headers, body } of all)
        if (source.verify(headers, body) !== 'authentic') throw new Error('a signature was refused');
    });
  const parsing = () =>
    each(() => {
      for (const { body } of all) updateIn(body);
    });
  const inMemory = () => each(() => takeIn(precallOn(createMemoryStore()), all, { atOnce: 32 }));
  const embedded = async (): Promise<Measured> => {
    const { cpuSeconds } = await receiving(all, 32)();
    return { figure: ((cpuSeconds ?? 0) / count) * 1e6, cpuSeconds };
  };
  const whole = { name: 'the whole intake on the embedded store', run: embedded };
  const unit = 'µs of CPU';
  return [
    await compare({ name, what: 'checking the signature', unit }, { ours: verifying, baseline: whole }),
    await compare(
      { name, what: 'reading JSON strictly and parsing it', unit },
      { ours: parsing, baseline: whole },
    ),
    await compare(
      { name, what: 'an intake but for its store: joining, planning, encoding too', unit },
      { ours: inMemory, baseline: whole },
    ),
  ];

  function updateIn(body: Uint8Array): BookingUpdate {
    const json = readStrictJson(body);
    if (json.isErr()) throw new Error('a body is not JSON');
    const parsed = source.parse(json.value, receivedAt);
    if (parsed.isErr() || !('updates' in parsed.value)) throw new Error('a body was not understood');
    return parsed.value.updates[0];
  }
}
