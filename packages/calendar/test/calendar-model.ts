// A person's calendar, as far as RFC 5546 tells it what to do with a file, reading by a parser that is not ours.
import ICAL from 'ical.js';

export interface Entry {
  readonly start: string;
  readonly sequence: number;
}

interface Known extends Entry {
  readonly stampedAt: string;
  readonly isGone: boolean;
}

export function createCalendar() {
  const known = new Map<string, Known>();
  return {
    /** Of two files about one entry the one with the higher SEQUENCE holds, of equal ones that with the later DTSTAMP (2.1.5). */
    take(file: string): void {
      const calendar = new ICAL.Component(ICAL.parse(file));
      const event = calendar.getFirstSubcomponent('vevent');
      const text = (name: string) => String(event?.getFirstPropertyValue(name));
      const uid = text('uid');
      const sequence = Number(text('sequence'));
      const stampedAt = text('dtstamp');
      const had = known.get(uid);
      if (had && (sequence < had.sequence || (sequence === had.sequence && stampedAt < had.stampedAt)))
        return;
      const isGone = calendar.getFirstPropertyValue('method') === 'CANCEL';
      known.set(uid, { start: text('dtstart'), sequence, stampedAt, isGone });
    },
    entries: (): readonly Entry[] =>
      [...known.values()].filter(({ isGone }) => !isGone).map(({ start, sequence }) => ({ start, sequence })),
  };
}
