// Bodies of application/x-www-form-urlencoded, which is what Twilio takes and what it posts.
import { Err, Ok, type Result, type SchemaIssue } from '@precall/core';

/** In the order in which they came. */
export type Form = readonly (readonly [name: string, value: string])[];

const mostFields = 200;

/** Strict in UTF-8; a post of Twilio has a few dozen fields. */
export function readForm(rawBody: Uint8Array): Result<Form, readonly SchemaIssue[]> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(rawBody);
    const form = [...new URLSearchParams(text)];
    return form.length > mostFields ? Err([{ path: '', message: 'has too many fields' }]) : Ok(form);
  } catch {
    return Err([{ path: '', message: 'is no UTF-8' }]);
  }
}

/** Null where there is none, or more than one. */
export function fieldOf(form: Form, name: string): string | null {
  const found = form.filter(([one]) => one === name);
  return found.length === 1 ? (found[0]?.[1] ?? null) : null;
}
