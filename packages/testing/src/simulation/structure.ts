// What leaves keeps its structure whatever people call themselves (invariant 23): no second recipient, no line that
// becomes a header, no argument that says anything about anybody, no field that nobody configured.
import type { FieldValue, Message, SendCall, TextMessage } from '@precall/core';

type Violate = (invariant: number, sentence: string) => void;

const address = /^[^\s@<>,;:"]+@[^\s@<>,;:"]+$/;
/** Letters, digits, `-` and `_`: nothing that a header, a query or a log line would read otherwise. */
const opaque = /^[\w-]{8,}$/;
/** Control characters, and the separators that count as ends of lines. */
const breaking = /[\p{Cc}\u2028\u2029]/u;

const number = /^\+[1-9]\d{6,14}$/;

export function checkStructure(
  message: Message | TextMessage,
  { attemptId, onceKey }: SendCall,
  violate: Violate,
): void {
  if (!opaque.test(attemptId) || !opaque.test(onceKey))
    violate(23, 'an argument of a send is more than an opaque id');
  if ('subject' in message) checkMail(message, violate);
  else if (!number.test(message.to)) violate(23, 'a text goes to what is not one number');
}

function checkMail({ to, toName, subject }: Message, violate: Violate): void {
  if (!address.test(to)) violate(23, 'a message goes to what is not one address');
  if (breaking.test(subject) || breaking.test(toName ?? ''))
    violate(23, 'a subject or a name holds a control character');
  if (subject.length > 200 || (toName?.length ?? 0) > 100) violate(23, 'a subject or a name has no end');
}

/** The fields that the simulation's policies name, and what may stand in them. */
const fields: { readonly [property: string]: (field: FieldValue) => boolean } = {
  'Booking Status': ({ value }) =>
    value === null || ['Booked', 'Not Booked', 'No-Show', 'Completed'].includes(String(value)),
  'Diagnostic Call Date': ({ type, value }) =>
    type === 'date' && (value === null || /^\d{4}-\d\d-\d\d$/.test(String(value))),
  'Christmas Campaign Status': ({ value }) => value === null || value === 'Pre-Call Prep',
};

export function checkFields(written: { readonly [property: string]: FieldValue }, violate: Violate): void {
  for (const [property, field] of Object.entries(written)) {
    if (!fields[property]?.(field)) violate(23, `the CRM is given what nobody asked for, in ${property}`);
  }
}
