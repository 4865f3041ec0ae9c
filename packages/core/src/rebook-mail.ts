// The words to somebody who did not come: no reproach, and one way to another time for the same call. Nothing is sold in
// it, which keeps it a message about the booking (16 CFR 316.3).
import { type Content, content, type MailFacts } from './content.ts';
import { html, htmlText, oneLine, safeUrl, unlinked } from './html.ts';
import { mailButton, mailLink, mailPage, plainParagraphs } from './mail-page.ts';
import { wordsIn } from './reminder-words.ts';
import { spokenTime } from './spoken-time.ts';
import { zoneOf } from './wall-clock.ts';

interface RebookWords {
  subject(call: string): string;
  missed(call: string, date: string): string;
  /** Where there is a link, and where there is none. */
  readonly invite: string;
  readonly answer: string;
  readonly choose: string;
}

/**
 * In the languages of the default reminder. Its link is the booking's own to move it: after the call Cal.com leads from
 * there to its booking page (as far as the event type lets people move it). Without one it asks for an answer.
 */
export const rebookMail: Content = content({
  needs: [],
  render: (facts) => {
    const told = toldOf(facts);
    const { words, subject, greeting, missed, invitation, choose, stop } = told;
    const body = html`<p style="margin:0 0 12px">${greeting}</p>
<p style="margin:0 0 12px">${missed}</p>
<p style="margin:0 0 20px">${invitation}</p>
${choose && html`<p style="margin:0">${mailButton(choose)}</p>`}
<p class="quiet" style="margin:24px 0 0;font-size:13px;color:#5c6470">${words.why}${stop && html`<br>${mailLink(stop)}`}</p>`;
    return {
      subject,
      text: plainParagraphs([
        [greeting],
        [missed],
        [invitation],
        [choose && `${choose.label}${words.colon}${choose.url}`],
        [words.why, stop && `${stop.label}${words.colon}${stop.url}`],
      ]),
      html: htmlText(mailPage({ language: words.language, subject, body })),
    };
  },
});

function toldOf({ startAt, timeZone, host, firstName, links, locale, answers }: MailFacts) {
  const words = wordsIn(locale);
  const own = languages[words.language];
  const call = words.call(unlinked(host?.name ?? ''));
  const { date } = spokenTime(startAt, zoneOf(timeZone), locale);
  const url = safeUrl(links?.move ?? '');
  const choose = url === '#' ? null : { label: own.choose, url };
  return {
    words,
    subject: oneLine(own.subject(call)),
    greeting: words.hello(unlinked(firstName ?? '')),
    missed: own.missed(call, date),
    invitation: choose ? own.invite : own.answer,
    choose,
    stop: answers && { label: words.stop, url: answers.stop },
  };
}

const languages: { readonly [L in ReturnType<typeof wordsIn>['language']]: RebookWords } = {
  en: {
    subject: (call) => `Another time for ${call.replace(/^Your/, 'your')}?`,
    missed: (call, date) => `${call} was on ${date}, and we did not meet.`,
    invite: 'That happens. If you still want to talk, choose a time that suits you better:',
    answer: 'That happens. If you still want to talk, answer this mail and we find another time.',
    choose: 'Choose another time',
  },
  fr: {
    subject: (call) => `Un autre moment pour ${call.replace(/^Votre/, 'votre')} ?`,
    missed: (call, date) => `${call} était prévu le ${date}, et nous ne nous sommes pas parlé.`,
    invite:
      'Cela arrive. Si vous souhaitez toujours cet appel, choisissez un moment qui vous convient mieux :',
    answer:
      'Cela arrive. Si vous souhaitez toujours cet appel, répondez à ce message et nous trouverons un autre moment.',
    choose: 'Choisir un autre moment',
  },
  de: {
    subject: (call) => `Ein anderer Termin für ${call}?`,
    missed: (call, date) => `${call} war für ${date} verabredet, und wir haben uns nicht gesprochen.`,
    invite:
      'Das kommt vor. Wenn Sie weiterhin sprechen möchten, wählen Sie einen Termin, der Ihnen besser passt:',
    answer:
      'Das kommt vor. Wenn Sie weiterhin sprechen möchten, antworten Sie auf diese Nachricht, und wir finden einen anderen Termin.',
    choose: 'Anderen Termin wählen',
  },
  es: {
    subject: (call) => `¿Otro momento para ${call.replace(/^Su/, 'su')}?`,
    missed: (call, date) => `${call} era el ${date}, y no llegamos a hablar.`,
    invite: 'Son cosas que pasan. Si todavía quiere hablar, elija otro momento que le venga mejor:',
    answer: 'Son cosas que pasan. Si todavía quiere hablar, responda a este mensaje y buscamos otro momento.',
    choose: 'Elegir otro momento',
  },
};
