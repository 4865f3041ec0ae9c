// What the doctor found, part by part.
import type { SchemaFault } from '@precall/core';

/** One part: how it is, and each fault with its cure. */
export interface PartReport {
  readonly part: PartName;
  /** `not_asked`: it is not configured, or cannot be asked from outside. */
  readonly state: 'ok' | 'fault' | 'not_asked';
  /** In a few words: what was asked, or why nothing was. */
  readonly about: string;
  /** None unless the state is `fault`. */
  readonly faults: readonly SchemaFault[];
}
/** What the doctor looks at, in its order. */
export type PartName =
  | 'configuration'
  | 'source'
  | 'secret'
  | 'Cal.com API'
  | 'crm'
  | 'mail'
  | 'texting'
  | 'calendar'
  | 'texts'
  | 'store'
  | 'time zones'
  | 'webhook';

/** What the doctor found, part by part. */
export interface Diagnosis {
  /** No part that was asked has a fault; what was not asked is not known. */
  readonly isWell: boolean;
  readonly parts: readonly PartReport[];
}

export function diagnosisOf(parts: readonly PartReport[]): Diagnosis {
  return { isWell: parts.every(({ state }) => state !== 'fault'), parts };
}

export function asked(part: PartName, about: string, faults: readonly SchemaFault[]): PartReport {
  return { part, about, faults, state: faults.length > 0 ? 'fault' : 'ok' };
}

export function notAsked(part: PartName, about: string): PartReport {
  return { part, about, faults: [], state: 'not_asked' };
}

/** For people: a line for each part, and under it each fault with its cure. */
export function inWords({ parts }: Diagnosis): string {
  const words = { ok: 'ok', fault: 'FAULT', not_asked: '-' } as const;
  const lines = parts.flatMap(({ part, state, about, faults }) => [
    `${words[state].padEnd(6)}${part.padEnd(14)}${about}`,
    ...faults.flatMap(({ where, fault, cure }) => [`      ${where}: ${fault}`, `      cure: ${cure}`]),
  ]);
  return [...lines, verdictOf(parts)].join('\n');
}

/** Never that all is well where something was not asked. */
function verdictOf(parts: readonly PartReport[]): string {
  const count = parts.flatMap(({ faults }) => faults).length;
  if (count > 0) return count === 1 ? 'One fault.' : `${count} faults.`;
  const left = parts.filter(({ state }) => state === 'not_asked').map(({ part }) => part);
  return left.length === 0
    ? 'All was asked, and all is well.'
    : `All that was asked is well. Not asked: ${left.join(', ')}.`;
}
