// A CRM that asked for patience is left alone until then, whoever is next: the wish is about all calls, not about one.
import type { Clock, Crm, PortResult } from './ports.ts';
import { Err } from './result.ts';
import { after, type Instant, isBefore, latest, Temporal } from './temporal.ts';

/** What is called about people. */
export type CrmCalls = Omit<Crm, 'describe'>;

/**
 * The same CRM, but that after an answer with `retryAfter` no call is made before that moment: whoever asks meanwhile
 * is answered `unavailable` with the time that is left.
 */
export function patientCrm(crm: CrmCalls, clock: Clock): CrmCalls {
  let pause: Instant | null = null;

  async function patiently<T>(call: () => PortResult<T>): PortResult<T> {
    const now = clock.now();
    if (pause && isBefore(now, pause)) {
      const milliseconds = pause.epochMilliseconds - now.epochMilliseconds;
      const retryAfter = Temporal.Duration.from({ milliseconds });
      return Err({ kind: 'unavailable', reason: 'The CRM asked for patience.', retryAfter });
    }
    const answer = await call();
    if (answer.isErr() && answer.error.kind === 'unavailable' && answer.error.retryAfter) {
      pause = latest(pause, after(clock.now(), answer.error.retryAfter));
    }
    return answer;
  }

  const { read } = crm;
  return {
    ...(read && { read: (ref, properties) => patiently(() => read(ref, properties)) }),
    findContact: (email) => patiently(() => crm.findContact(email)),
    findMembership: (email, campaign) => patiently(() => crm.findMembership(email, campaign)),
    update: (ref, fields) => patiently(() => crm.update(ref, fields)),
    recordSent: (ref, step, at) => patiently(() => crm.recordSent(ref, step, at)),
  };
}
