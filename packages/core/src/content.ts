// The text of a message is a typed function from facts to subject, text and HTML, called at the moment of sending.
import type { RuleName } from './ids.ts';
import type { Duration, Instant } from './temporal.ts';
import type { About, Host, Links, Place, Responses } from './update.ts';

/** What a text may speak about. Null: not known. */
export interface MailFacts {
  readonly rule: RuleName;
  readonly startAt: Instant;
  readonly endAt: Instant;
  /** The moment of sending: text states the time that remains from here, not the rule's offset. */
  readonly now: Instant;
  /** IANA zone of the recipient; where unknown the host's, else UTC. */
  readonly timeZone: string;
  readonly locale: string;
  /** As told, else the first word of the name, as Cal.com's own mails have it. */
  readonly firstName: string | null;
  readonly name: string | null;
  readonly host: Host | null;
  readonly about: About | null;
  readonly place: Place | null;
  /** The place is an https link on a known meeting host, without user info: it may be a button. */
  readonly placeIsTrusted: boolean;
  readonly links: Links | null;
  /** The recipient's segment in the CRM. */
  readonly segment: string | null;
  /** Their answers to the booking page's questions, as far as they are kept. */
  readonly responses: Responses;
  /** In a mail to the host, which asks who came: the names of those who took part, as far as they are known. */
  readonly asked?: readonly string[];
  /** Precall's own links; null where the host has given no address for them. */
  readonly answers: Answers | null;
}

/** The two links of Precall's own in a mail. Opening one changes nothing; its page's button acts. */
export interface Answers {
  /** To say: I will be there. In a mail to the host: to say who was. */
  readonly attend: string;
  /** To get no more of these mails. */
  readonly stop: string;
}
/** The facts a text can declare that it needs. A reminder whose text lacks one is held back until it is known. */
export type NeededFact = 'firstName' | 'name' | 'host' | 'about' | 'place' | 'links';

/** The words of a message: what they cannot do without, and the function that makes them when it is sent. */
export interface Content {
  readonly needs: readonly NeededFact[];
  /** For fixed words such as "tomorrow": how long after its due moment the text is still true. */
  readonly validFor?: Duration;
  render(facts: MailFacts): { readonly subject: string; readonly text: string; readonly html: string };
}

/** The words of a text message. It is sent as it is: what it may weigh is seen by `segmentsOf`. */
export interface TextContent extends Pick<Content, 'needs' | 'validFor'> {
  render(facts: MailFacts): string;
}

type With<Need extends NeededFact> = MailFacts & { readonly [N in Need]: NonNullable<MailFacts[N]> };

/** A text that sees the facts it declares as present: without the declaration, `facts.host.name` does not compile. */
export function content<const Need extends NeededFact>(options: {
  readonly needs: readonly Need[];
  readonly validFor?: Duration;
  render(facts: With<Need>): { readonly subject: string; readonly text: string; readonly html: string };
}): Content {
  const { needs, validFor, render } = options;
  return { needs, ...(validFor && { validFor }), render: (facts) => render(facts as With<Need>) };
}

/** The same for a text message. */
export function textContent<const Need extends NeededFact>(options: {
  readonly needs: readonly Need[];
  readonly validFor?: Duration;
  render(facts: With<Need>): string;
}): TextContent {
  const { needs, validFor, render } = options;
  return { needs, ...(validFor && { validFor }), render: (facts) => render(facts as With<Need>) };
}

/** Those of the declared facts that are not known. */
export function missingFacts(text: Pick<Content, 'needs'>, facts: MailFacts): readonly NeededFact[] {
  return text.needs.filter((need) => facts[need] === null);
}
