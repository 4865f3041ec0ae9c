// What the driver throws, as a PortError. Server messages may repeat values of ours: only names and codes go out.
import type { PortError } from '@precall/core';
import { MongoServerError, MongoServerSelectionError } from 'mongodb';

/** For readings, and for what surely did not happen. */
export function toPortError(cause: unknown): PortError {
  const reason = `MongoDB: ${nameOf(cause)}`;
  return isPermanent(cause) ? { kind: 'rejected', reason } : { kind: 'unavailable', reason };
}

/** Whether a write that ended so may have happened all the same. Unless the server or the driver refused it, it may. */
export function mayHaveHappened(cause: unknown): boolean {
  if (cause instanceof MongoServerSelectionError) return false;
  if (cause instanceof MongoServerError)
    return cause.hasErrorLabel('RetryableWriteError') || hasWriteConcernFault(cause);
  return !isPermanent(cause);
}

/** Wrong credentials, no permission, a document that is too large: the same call will not do better. */
function isPermanent(cause: unknown): boolean {
  if (cause instanceof TypeError || cause instanceof RangeError) return true;
  return cause instanceof MongoServerError && permanentCodes.has(Number(cause.code));
}

/** Unauthorized, AuthenticationFailed, IndexOptionsConflict, IndexKeySpecsConflict, BSONObjectTooLarge, AtlasError (credentials). */
const permanentCodes: ReadonlySet<number> = new Set([13, 18, 85, 86, 10334, 8000]);

function hasWriteConcernFault(cause: MongoServerError): boolean {
  return Boolean(cause.errorResponse.writeConcernError) || cause.name === 'MongoWriteConcernError';
}

function nameOf(cause: unknown): string {
  if (cause instanceof MongoServerError)
    return `${cause.codeName ?? cause.name} (${cause.code ?? 'no code'})`;
  return cause instanceof Error ? cause.name : 'an unknown fault';
}
