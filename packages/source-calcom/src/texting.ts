// What a booking says about texting its booker: the number, and whether they may be texted.
import { type Consent, plainText } from '@precall/core';
import { z } from 'zod';
import { text } from './text-shapes.ts';

/** One answered question of a booking, whatever it holds. */
const answer = z.object({ label: text, value: z.unknown() }).nullish().catch(null);
export type Answers = { readonly [slug: string]: z.infer<typeof answer> } | null | undefined;

export const textingFields = {
  /** The questions that a booking page adds to Cal.com's own; all of them stand in `responses` too. */
  userFieldsResponses: z.record(z.string(), answer).nullish().catch(null),
  /** Of the question that Cal.com's own workflows ask. */
  smsReminderNumber: text,
};
export const answersShape = answer;

/**
 * E.164, or null for a number without its country: that is never guessed. Blanks, dashes, dots and brackets are how
 * people write numbers and are taken out; a zero in brackets that is not dialled from abroad makes it no number.
 */
export function phoneNumber(written: unknown): string | null {
  if (typeof written !== 'string' || written.length > 40 || /\(0\)/.test(written)) return null;
  const bare = written.replace(/[\s().-]/g, '');
  return /^\+[1-9]\d{6,14}$/.test(bare) ? bare : null;
}

/** The number asked for texts first, then the one asked for calls. */
export function bookersPhone(
  { smsReminderNumber }: { readonly smsReminderNumber?: string | null | undefined },
  answers: Answers,
): string | null {
  const asked = [
    smsReminderNumber,
    answerTo('smsReminderNumber', answers)?.value,
    answerTo('attendeePhoneNumber', answers)?.value,
  ];
  return asked.map(phoneNumber).find((number) => number !== null) ?? null;
}

/**
 * What they answered to the question of that slug; null: they were not asked, or did not answer. Only a plain yes is one:
 * a ticked box (Cal.com's type Checkbox), or the word.
 */
export function consentIn(slug: string | null, answers: readonly Answers[]): Consent | null {
  if (slug === null) return null;
  const said = answers.map((one) => answerTo(slug, one)).find((one) => one?.value != null);
  if (!said) return null;
  const { value } = said;
  const given = value === true || (typeof value === 'string' && /^(?:true|yes)$/i.test(value.trim()));
  return { given, text: plainText(said.label, longestWords) ?? slug, source: slug };
}

const longestWords = 500;

function answerTo(slug: string, answers: Answers): z.infer<typeof answer> {
  return answers && Object.hasOwn(answers, slug) ? answers[slug] : null;
}
