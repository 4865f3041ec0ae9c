// The words to the host after a call: who came? What they answer decides what is said to those who took part.
import { type Content, content, type MailFacts } from './content.ts';
import { html, htmlText, oneLine, unlinked } from './html.ts';
import { mailButton, mailLink, mailPage, plainParagraphs } from './mail-page.ts';
import { wordsIn } from './reminder-words.ts';
import { spokenTime } from './spoken-time.ts';
import { zoneOf } from './wall-clock.ts';

interface WhoCameWords {
  subject(date: string): string;
  /** `names` is empty where none is known. */
  over(names: string): string;
  /** Where there is a link, and where there is none. */
  readonly ask: string;
  readonly elsewhere: string;
  readonly say: string;
  readonly why: string;
}

/** In the languages of the default reminder. Its link leads to a page that lists them; opening it says nothing yet. */
export const whoCameMail: Content = content({
  needs: [],
  render: (facts) => {
    const { words, subject, over, ask, say, why, stop } = toldOf(facts);
    const body = html`<p style="margin:0 0 12px">${over}</p>
<p style="margin:0 0 20px">${ask}</p>
${say && html`<p style="margin:0">${mailButton(say)}</p>`}
<p class="quiet" style="margin:24px 0 0;font-size:13px;color:#5c6470">${why}${stop && html`<br>${mailLink(stop)}`}</p>`;
    return {
      subject,
      text: plainParagraphs([
        [over],
        [ask],
        [say && `${say.label}${words.colon}${say.url}`],
        [why, stop && `${stop.label}${words.colon}${stop.url}`],
      ]),
      html: htmlText(mailPage({ language: words.language, subject, body })),
    };
  },
});

const mostNames = 10;

function toldOf({ startAt, timeZone, locale, asked = [], answers }: MailFacts) {
  const words = wordsIn(locale);
  const own = languages[words.language];
  const { date } = spokenTime(startAt, zoneOf(timeZone), locale);
  const names = asked.slice(0, mostNames).map((name) => unlinked(name));
  const listed =
    asked.length > mostNames ? `${names.join(', ')}, ...` : new Intl.ListFormat(words.language).format(names);
  return {
    words,
    subject: oneLine(own.subject(date)),
    over: own.over(listed),
    ask: answers ? own.ask : own.elsewhere,
    say: answers && { label: own.say, url: answers.attend },
    why: own.why,
    stop: answers && { label: words.stop, url: answers.stop },
  };
}

const languages: { readonly [L in ReturnType<typeof wordsIn>['language']]: WhoCameWords } = {
  en: {
    subject: (date) => `Who came to your call on ${date}?`,
    over: (names) => (names ? `Your call with ${names} is over.` : 'Your call is over.'),
    ask: 'Please say who came. Only those who did not are offered another time.',
    elsewhere: 'Please say on the operator’s page who came.',
    say: 'Say who came',
    why: 'You get this mail because you host this call.',
  },
  fr: {
    subject: (date) => `Qui était présent à votre appel du ${date} ?`,
    over: (names) => (names ? `Votre appel avec ${names} est terminé.` : 'Votre appel est terminé.'),
    ask: 'Merci de dire qui était là. Seules les personnes absentes se verront proposer un autre moment.',
    elsewhere: 'Merci de dire sur la page de l’opérateur qui était là.',
    say: 'Dire qui était là',
    why: 'Vous recevez ce message parce que vous animez cet appel.',
  },
  de: {
    subject: (date) => `Wer war bei Ihrem Gespräch am ${date} dabei?`,
    over: (names) => (names ? `Ihr Gespräch mit ${names} ist vorbei.` : 'Ihr Gespräch ist vorbei.'),
    ask: 'Bitte sagen Sie, wer da war. Nur wer fehlte, bekommt einen anderen Termin angeboten.',
    elsewhere: 'Bitte sagen Sie auf der Seite für Betreiber, wer da war.',
    say: 'Sagen, wer da war',
    why: 'Sie erhalten diese Nachricht, weil Sie dieses Gespräch führen.',
  },
  es: {
    subject: (date) => `¿Quién asistió a su llamada del ${date}?`,
    over: (names) => (names ? `Su llamada con ${names} ha terminado.` : 'Su llamada ha terminado.'),
    ask: 'Díganos quién asistió. Solo a quien no asistió se le propondrá otro momento.',
    elsewhere: 'Díganos en la página del operador quién asistió.',
    say: 'Decir quién asistió',
    why: 'Recibe este mensaje porque usted dirige esta llamada.',
  },
};
