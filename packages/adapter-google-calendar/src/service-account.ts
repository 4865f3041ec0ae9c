// The JSON key of a service account, as Google's console gives it once.
import { createPrivateKey, type KeyObject } from 'node:crypto';

export interface ServiceAccount {
  /** Its own address, with which a calendar is shared. */
  readonly email: string;
  readonly privateKey: KeyObject;
  /** Names the key among those of the account. */
  readonly keyId: string | null;
}

/** Throws a sentence that repeats nothing of the key. */
export function readServiceAccount(text: string): ServiceAccount {
  const { type, client_email: email, private_key: pem, private_key_id: keyId } = fieldsOf(text);
  if (type !== 'service_account' || typeof email !== 'string' || typeof pem !== 'string')
    throw new Error(`key is no key of a service account: ${cure}`);
  return { email, privateKey: keyOf(pem), keyId: typeof keyId === 'string' ? keyId : null };
}

const cure = 'make one in the Google Cloud console, of type JSON, and give the file as it was downloaded.';

function fieldsOf(text: string): { readonly [name: string]: unknown } {
  try {
    return Object(JSON.parse(text));
  } catch {
    throw new Error(`key is no JSON: ${cure}`);
  }
}

function keyOf(pem: string): KeyObject {
  const key = readKey(pem);
  if (key?.asymmetricKeyType !== 'rsa') throw new Error(`key holds no private RSA key: ${cure}`);
  return key;
}

function readKey(pem: string): KeyObject | null {
  try {
    return createPrivateKey(pem);
  } catch {
    return null;
  }
}
