// Reading variables: blanks around a value are none of it, and a variable set to nothing counts as not set.

/** The environment, as `process.env` has it. */
export type Variables = { readonly [name: string]: string | undefined };
/** Takes one sentence about one fault: which variable, what is wrong with it, what to put there. */
export type TellFault = (sentence: string) => void;

/** Variables with blanks taken off, and a way to say what is wrong with one. */
export interface VariableReading {
  /** Trimmed; null when not set, or set to nothing. */
  readonly value: (name: string) => string | null;
  /** As it was given, for values whose blanks count. */
  readonly raw: (name: string) => string | undefined;
  readonly fault: TellFault;
}

/** Not set, or set to blanks alone. */
export function isNothing(text: string | undefined): boolean {
  return text === undefined || text.trim() === '';
}

/** Reads these variables; faults go where the caller says. */
export function readingOf(variables: Variables, fault: TellFault): VariableReading {
  const raw = (name: string) => variables[name];
  return { raw, fault, value: (name) => (isNothing(raw(name)) ? null : (raw(name)?.trim() ?? null)) };
}

/** A value in a sentence; never use it on a secret. */
export function shown(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}...` : text);
}

/** The same of an address, without what stands before its @: a password may be there. */
export function shownAddress(text: string): string {
  return shown(text.replace(/^([a-z][a-z\d+.-]*:\/+)?.*@/is, '$1***@'));
}

/** An http or https address without user, query and hash, and without a slash at its end; null where it is none. */
export function webAddress(text: string): string | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash || url.username || url.password)
    return null;
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

/** The vendor's own address unless given: for a stand-in server. */
export function readBaseUrl({ value, fault }: VariableReading, name: string): string | null {
  const text = value(name);
  const address = text && webAddress(text);
  if (text !== null && !address) {
    fault(`${name} is ${shown(text)}: give the http or https address of a stand-in server, or leave it out.`);
  }
  return address;
}

/** Faults for variables that belong to a part whose main variable is not set. */
export function refuseWithout(
  { value, fault }: VariableReading,
  main: { readonly name: string; readonly meaning: string },
  names: readonly string[],
): void {
  for (const name of names.filter((one) => value(one) !== null)) {
    fault(`${name} is set, but ${main.name} is not: give ${main.meaning}, or leave ${name} out.`);
  }
}
