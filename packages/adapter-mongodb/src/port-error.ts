// What the driver throws, as a PortError. Server messages may repeat values of ours: only names and codes go out.
import type { PortError } from '@precall/core';
import {
  MongoBulkWriteError,
  MongoInvalidArgumentError,
  MongoServerError,
  MongoServerSelectionError,
} from 'mongodb';
import { NoAnswer } from './answered.ts';

/** For readings, and for what surely did not happen. */
export function toPortError(thrown: unknown): PortError {
  const cause = originOf(thrown);
  const reason = `MongoDB: ${nameOf(cause)}`;
  return isPermanent(cause) ? { kind: 'rejected', reason } : { kind: 'unavailable', reason };
}

/** One write of a batch that the server refused by itself. */
export function refusal(code: number): PortError {
  const reason = `MongoDB refused a write (${code})`;
  return { kind: permanentCodes.has(code) ? 'rejected' : 'unavailable', reason };
}

/** Whether the server itself said how the command ended: it is not still at work on it. */
export function isServersAnswer(thrown: unknown): boolean {
  return originOf(thrown) instanceof MongoServerError;
}

/** Wrong credentials, no permission, a document that is too large: refused beforehand, and the same call will not do better. */
export function isPermanent(thrown: unknown): boolean {
  const cause = originOf(thrown);
  if (cause instanceof TypeError || cause instanceof RangeError) return true;
  if (cause instanceof MongoInvalidArgumentError) return true;
  return cause instanceof MongoServerError && permanentCodes.has(Number(cause.code));
}

/**
 * Unauthorized, AuthenticationFailed, DocumentValidationFailure, IndexOptionsConflict, IndexKeySpecsConflict,
 * BSONObjectTooLarge, AtlasError (credentials), a document grown too large by an update.
 */
const permanentCodes: ReadonlySet<number> = new Set([13, 18, 121, 85, 86, 10334, 8000, 17419, 17420]);

/** A bulk write wraps whatever ended it, a broken connection too, as if the server had said it. */
function originOf(thrown: unknown): unknown {
  if (!(thrown instanceof MongoBulkWriteError)) return thrown;
  const inner: unknown = thrown.errorResponse;
  return inner instanceof Error ? inner : thrown;
}

function nameOf(cause: unknown): string {
  if (cause instanceof MongoServerError)
    return `${cause.codeName ?? cause.name} (${cause.code ?? 'no code'})`;
  if (cause instanceof NoAnswer) return 'no answer';
  if (cause instanceof MongoServerSelectionError) return 'no server that takes writes is reached';
  return cause instanceof Error ? cause.name : 'an unknown fault';
}
