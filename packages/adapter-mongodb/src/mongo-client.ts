// The client where none is given, and the database that one is meant for.
import { Err, Ok, type PortError, type Result } from '@precall/core';
import { MongoClient } from 'mongodb';
import { patienceMs } from './answered.ts';

/**
 * One that tells of a server that is gone within seconds, and finds it again by itself. It connects when it is first
 * used. `rejected`: the URI must be mended.
 */
export function createMongoClient(uri: string): Result<MongoClient, PortError> {
  try {
    return Ok(
      new MongoClient(uri, {
        appName: 'precall',
        serverSelectionTimeoutMS: patienceMs,
        connectTimeoutMS: patienceMs,
      }),
    );
  } catch {
    return Err({ kind: 'rejected', reason: 'the URI is none that MongoDB takes' });
  }
}

/** The URI's own, else `precall`: the driver's default would be a database named `test`. */
export function databaseOf(client: MongoClient): string {
  const { dbName } = client.options;
  return dbName && dbName !== 'test' ? dbName : 'precall';
}
