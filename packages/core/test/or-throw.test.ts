import { Err, Ok, orThrow, type PortError, type Result } from '@precall/core';
import { describe, expect, it } from 'vitest';

const inUse = { kind: 'in_use', sentence: 'precall.db is in use: stop the other host' } as const;
const away: PortError = { kind: 'unavailable', reason: 'the store does not answer' };

function thrownBy(result: Parameters<typeof orThrow>[0]): unknown {
  try {
    return orThrow(result);
  } catch (cause) {
    return cause;
  }
}

describe('orThrow', () => {
  it('is what an Ok holds', () => {
    const opened: Result<string, typeof inUse> = Ok('the store');
    expect(orThrow(opened)).toBe('the store');
  });

  it.each([
    ['of a store that cannot be opened', Err(inUse), inUse.sentence],
    ['of a port', Err(away), away.reason],
  ])('throws the sentence %s as it stands, with the fault as the cause', (_, result, sentence) => {
    expect(thrownBy(result)).toMatchObject({ message: sentence, cause: result.error });
  });
});
