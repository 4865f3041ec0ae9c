// A calendar in memory: events by their id.
import { type Calendar, type CalendarEvent, Err, Ok, type PortError } from '@precall/core';

/** What was asked of it: the method and its argument. */
export type CalendarCall =
  | readonly [method: 'put', event: CalendarEvent]
  | readonly [method: 'remove', id: string]
  | readonly [method: 'describe'];

/** A Calendar for tests, with what it holds, what it was asked, and a way to have it fail. */
export interface MemoryCalendar extends Calendar {
  /** As they stand now, in the order they came. */
  events(): readonly CalendarEvent[];
  /** Every call, oldest first. */
  readonly seen: readonly CalendarCall[];
  /** The answer to the next call that has none yet; nothing is changed by that call. */
  answerNext(answer: PortError): void;
}

/** Holds nothing at first. */
export function createMemoryCalendar(): MemoryCalendar {
  const events = new Map<string, CalendarEvent>();
  const seen: CalendarCall[] = [];
  const script: PortError[] = [];

  /** Notes the call; the scripted answer to it, if there is one. */
  function scripted(...call: CalendarCall): PortError | undefined {
    seen.push(call);
    return script.shift();
  }

  return {
    seen,
    events: () => [...events.values()],
    answerNext(answer) {
      script.push(answer);
    },
    async put(event) {
      const error = scripted('put', event);
      if (error) return Err(error);
      events.set(event.id, event);
      return Ok.EMPTY;
    },
    async remove(id) {
      const error = scripted('remove', id);
      if (error) return Err(error);
      events.delete(id);
      return Ok.EMPTY;
    },
    async describe() {
      const error = scripted('describe');
      return error ? Err(error) : Ok([]);
    },
  };
}
