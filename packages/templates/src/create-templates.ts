// The texts that people edit, in the place of a policy's words: read again each minute in the background, so that a
// message is made from what is there, and nobody waits for a folder or for Notion.
import {
  type Cancel,
  type Clock,
  type Policy,
  type PortResult,
  type Rule,
  type SchemaFault,
  Temporal,
  type Trouble,
} from '@precall/core';
import type { WrittenText } from './compile-text.ts';
import { type TextSet, textSet } from './text-set.ts';

/** Where texts are written. `read` answers with all of them, and never rejects. */
export interface TextSource {
  /** For sentences, such as `the folder texts`. */
  readonly name: string;
  /** What becomes of a text that is for no rule: in a folder of our own a fault, in a database of many mails not our business. */
  readonly others: 'fault' | 'ignored';
  read(): PortResult<readonly WrittenText[]>;
}

/** Where the texts are, and whose words stand in for them. */
export interface TemplatesOptions {
  readonly source: TextSource;
  /** Whose words stand in where there is no text, or none that can be used. */
  readonly policy: Policy;
  readonly clock: Clock;
  /** Told once of each fault; again when it was mended and came back. */
  readonly onTrouble: (trouble: Trouble) => void;
}

/** The policy in the newest words, and what is wrong with them. */
export interface Templates {
  /** The policy given, in the words of the newest texts that were read. */
  readonly policy: Policy;
  /** Reads now. What cannot be read leaves the texts that are known in use. */
  refresh(): Promise<void>;
  /** Resolves once the texts are read, or after five seconds; from then on they are read each minute. */
  start(): Promise<void>;
  stop(): void;
  /** Of the last reading. */
  faults(): readonly SchemaFault[];
}

const age = Temporal.Duration.from({ minutes: 1 });
const startWait = Temporal.Duration.from({ seconds: 5 });
/** Readings that may fail before somebody is told, while an older one is in use. */
const patience = 3;

/** A policy in the words of texts that people edit, read again each minute while started. */
export function createTemplates({ source, policy, clock, onTrouble }: TemplatesOptions): Templates {
  // Null: they depend on the booking.
  const rules = typeof policy.rules === 'function' ? null : policy.rules;
  let texts: TextSet = textSet([], { rules: null, others: 'ignored' });
  let known = false;
  let failures = 0;
  let told = new Set<string>();
  let faults: readonly SchemaFault[] = [];
  let reading: Promise<void> | null = null;
  let cancel: Cancel = () => undefined;
  let stopped = false;

  /** However many ask for it at once, it is read once. */
  function refresh(): Promise<void> {
    reading ??= readNow().finally(() => {
      reading = null;
    });
    return reading;
  }

  async function readNow(): Promise<void> {
    const read = await source.read();
    if (read.isErr()) {
      failures += 1;
      const isOften = failures >= patience || read.error.kind === 'rejected';
      const used = known ? 'those read before are used' : 'the default words are used';
      faults = [unreadable(source.name, `${read.error.reason}; until then ${used}`)];
      // Its reason may differ from one minute to the next, and is the same trouble.
      if (isOften || !known) tell([{ key: `unreadable: ${used}`, fault: faults[0] }]);
      return;
    }
    failures = 0;
    known = true;
    texts = textSet(read.value, { rules, others: source.others });
    ({ faults } = texts);
    tell(faults.map((fault) => ({ key: sentenceOf(fault), fault })));
  }

  function tell(found: readonly { readonly key: string; readonly fault: SchemaFault | undefined }[]): void {
    for (const { key, fault } of found) {
      if (fault && !told.has(key))
        onTrouble({ kind: 'text_unusable', booking: null, sentence: sentenceOf(fault) });
    }
    told = new Set(found.map(({ key }) => key));
  }

  function again(): void {
    if (stopped) return;
    cancel = clock.at(later(age), () => void refresh().then(again));
  }

  function later(length: Temporal.Duration): Temporal.Instant {
    return clock.now().add(length);
  }

  return {
    policy: { ...policy, rules: rulesInWords(policy, () => texts) },
    refresh,
    async start() {
      let stopWaiting: Cancel = () => undefined;
      const waited = new Promise<void>((resolve) => {
        stopWaiting = clock.at(later(startWait), resolve);
      });
      await Promise.race([refresh().then(again), waited]);
      stopWaiting();
    },
    stop() {
      stopped = true;
      cancel();
    },
    faults: () => faults,
  };
}

/** The rules with the words of the texts; the same list for the same texts, since core looks at a list once. */
function rulesInWords({ rules, content }: Policy, newest: () => TextSet): Policy['rules'] {
  const known = new WeakMap<TextSet, WeakMap<readonly Rule[], readonly Rule[]>>();
  return (facts, recipient) => {
    const listed = typeof rules === 'function' ? rules(facts, recipient) : rules;
    const texts = newest();
    const worded = known.get(texts) ?? new WeakMap<readonly Rule[], readonly Rule[]>();
    known.set(texts, worded);
    const before = worded.get(listed);
    if (before) return before;
    const now = listed.map((rule) => ({
      ...rule,
      content: texts.contentFor(rule, content),
    }));
    worded.set(listed, now);
    return now;
  };
}

function unreadable(where: string, why: string): SchemaFault {
  return { where, fault: `The texts cannot be read (${why}).`, cure: 'precall doctor says what is wrong.' };
}

function sentenceOf({ where, fault, cure }: SchemaFault): string {
  return `The text ${where}: ${fault} ${cure}`;
}
