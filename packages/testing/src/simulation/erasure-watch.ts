// The oracle's eye on erasures: what was said of somebody before theirs is gone, and stays gone.
import type { Stored } from '@precall/core';
import type { Heard } from './heard.ts';
import { describing, type Word } from './reading.ts';
import { uidOf } from './records.ts';

export interface ErasureWatch {
  /** The erasure of a person began: it may be half done. */
  begun(email: string): void;
  wasBegun(email: string): boolean;
  /** It was promised. */
  done(email: string, erasedMs: number): void;
  /** Whether all that this booking told of them was said before it. */
  isErased(email: string, uid: string): boolean;
  /** Whether this record holds the address of somebody of whom nothing was said since. */
  isHeldBy(record: Stored): boolean;
  /** What a restored store knows nothing of. */
  forget(): void;
}

export function watchErasures(heard: Heard): ErasureWatch {
  const begun = new Set<string>();
  const erasures = new Map<string, number>();
  const wasToldSince = (uids: readonly string[], email: string, ms: number): boolean =>
    uids.some((uid) => heard.words(uid).some(({ word }) => saysAfter(word, email, ms)));

  return {
    begun: (email) => void begun.add(email),
    wasBegun: (email) => begun.has(email),
    done: (email, erasedMs) => void erasures.set(email, Math.max(erasedMs, erasures.get(email) ?? 0)),
    isErased(email, uid) {
      const erasedMs = erasures.get(email);
      return erasedMs !== undefined && !wasToldSince([uid], email, erasedMs);
    },
    isHeldBy: ({ id, kind, body }) =>
      [...erasures].some(([email, erasedMs]) => {
        if (!body.toLowerCase().includes(email)) return false;
        return !wasToldSince(kind === 'booking' ? [uidOf(id)] : heard.uids(), email, erasedMs);
      }),
    forget: () => erasures.clear(),
  };
}

function saysAfter({ saidMs, update }: Word, email: string, ms: number): boolean {
  if (!describing.has(update.kind)) return false;
  return (saidMs ?? -Infinity) > ms && update.attendees.some((one) => one.email.toLowerCase() === email);
}
