// Whether the demonstration came out as it should: all reminders arrived, and the contact is right.
import { setTimeout as sleep } from 'node:timers/promises';
import { type Clock, counted, type Instant } from '@precall/core';
import { demonstrationPolicy } from './demonstration-policy.ts';
import type { ReadScene, Scene } from './scene.ts';

const lookEveryMs = 100;

/** Waits until everything is as it should be, at most until `until`; gives a sentence for each thing that is not. */
export async function waitForOutcome({
  readScene,
  clock,
  until,
}: {
  readonly readScene: ReadScene;
  readonly clock: Pick<Clock, 'now'>;
  readonly until: Instant;
}): Promise<readonly string[]> {
  for (;;) {
    const faults = faultsOf(await readScene());
    if (faults.length === 0 || clock.now().epochMilliseconds >= until.epochMilliseconds) return faults;
    await sleep(lookEveryMs);
  }
}

export function faultsOf({ calls: [call], contact, mails }: Scene): readonly string[] {
  if (!call?.startAt) return ['The booking was not taken in.'];
  const { properties, values } = demonstrationPolicy.projection;
  const missing = call.reminders.filter(
    ({ key, state }) => state !== 'sent' || !mails.some(({ reminder }) => reminder?.key === key),
  );
  const wanted = [
    [properties.status, values.booked],
    [properties.callDate, call.startAt.toZonedDateTimeISO('UTC').toPlainDate().toString()],
    [properties.campaignStatus, values.preCall],
  ] as const;
  const wrong = wanted.filter(
    ([property, value]) => property !== null && contact?.fields?.[property] !== value,
  );
  return [
    ...(call.reminders.length === 3
      ? []
      : [`The call has ${counted(call.reminders.length, 'reminder')}, not the 3 that were planned.`]),
    ...missing.map(({ rule, state }) => `The reminder ${rule} did not arrive: it is ${state}.`),
    ...wrong.map(([property, value]) => `The contact's ${property} is not ${value}.`),
  ];
}
