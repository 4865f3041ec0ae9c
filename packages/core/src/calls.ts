// Calls to whoever sends, each for a claim that was saved. What one of them answers about patience holds for all that come after.
import type { Claimed } from './decide.ts';
import { mayStart, type Settlement, sendTimeout } from './ledger.ts';
import { type Senders, sendBy } from './outgoing.ts';
import type { Channel } from './ports.ts';
import type { Shell } from './shell.ts';
import { after, earliest, type Instant, isBefore, latest } from './temporal.ts';
import { type Limits, within } from './within.ts';

/** A sender gives up at its deadline; one that does not is given up a second later. */
const patience = sendTimeout.add({ seconds: 1 });

export interface Calls {
  /** Sends, unless it is too late to begin or the sender has asked for patience: then the claim is given back. */
  make(claimed: Pick<Claimed, 'key' | 'attempt' | 'outgoing'>): Promise<Settlement>;
  /** How long a call by this channel is waited for. */
  limitsOf(channel: Channel): Limits;
  /** Whoever sends by this channel asked for patience until then. */
  pausedUntil(channel: Channel): Instant | null;
  /** The same of every channel there is: until then nothing can leave. */
  idleUntil(): Instant | null;
}

export function createCalls({ clock, names }: Pick<Shell, 'clock' | 'names'>, senders: Senders): Calls {
  const channels: readonly Channel[] = senders.sms ? ['mail', 'sms'] : ['mail'];
  const pauses: { [C in Channel]?: Instant | null } = {};

  function limitsOf(channel: Channel): Limits {
    return { clock, limit: patience, who: channel === 'mail' ? 'the mailer' : 'the texter' };
  }

  function pausedUntil(channel: Channel): Instant | null {
    const pause = pauses[channel];
    return pause && isBefore(clock.now(), pause) ? pause : null;
  }

  return {
    async make({ key, attempt, outgoing }) {
      const now = clock.now();
      const { channel } = outgoing;
      // The sender may have asked for patience while the claim was being saved.
      if (!mayStart(attempt, now) || pausedUntil(channel)) return { kind: 'released' };
      const call = { attemptId: attempt.id, onceKey: names.onceKey(key), deadline: after(now, sendTimeout) };
      const sent = await within(limitsOf(channel), sendBy(senders, outgoing, call));
      if (sent.isOk()) return { kind: 'accepted', messageId: sent.value.messageId };
      const { error } = sent;
      if (error.kind === 'unavailable' && error.retryAfter) {
        pauses[channel] = latest(pauses[channel] ?? null, after(clock.now(), error.retryAfter));
      }
      return { kind: 'failed', error };
    },
    limitsOf,
    pausedUntil,
    idleUntil() {
      const paused = channels.map(pausedUntil);
      return paused.includes(null) ? null : earliest(...paused);
    },
  };
}
