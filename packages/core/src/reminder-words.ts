// What the default reminder says, in each language it speaks. Sentences are whole: no language is put together from the
// pieces of another.
import type { Remaining, Unit } from './spoken-time.ts';

/** Of one language. `call` is what `call()` gave; moments and lengths come spoken already. */
export interface ReminderWords {
  /** For the `lang` of a page. */
  readonly language: 'en' | 'fr' | 'de' | 'es';
  hello(firstName: string): string;
  call(host: string): string;
  starts(call: string, left: string): string;
  onDay(call: string, date: string): string;
  about(call: string): string;
  span(from: string, until: string): string;
  /** The same moment on the host's clock; `date` is empty where it is the same day. */
  there(clock: {
    readonly host: string;
    readonly time: string;
    readonly date: string;
    readonly zone: string;
  }): string;
  /** Between a label and what it labels. */
  readonly colon: string;
  readonly move: string;
  readonly cancel: string;
  readonly unsuited: string;
  readonly join: string;
  /** Before the link where it is no button. */
  readonly joinAt: string;
  readonly phone: string;
  readonly where: string;
  readonly attend: string;
  readonly why: string;
  readonly stop: string;
  /** At the end of a text message: the word itself is the one that carriers and providers know. */
  readonly textStop: string;
  /** `in 2 hours and 5 minutes`. */
  left(remaining: Remaining): string;
}

const english: ReminderWords = {
  language: 'en',
  hello: (firstName) => (firstName ? `Hi ${firstName},` : 'Hello,'),
  call: (host) => (host ? `Your call with ${host}` : 'Your call'),
  starts: (call, left) => `${call} starts ${left}`,
  onDay: (call, date) => `${call} on ${date}`,
  about: (call) => `This is about ${call.replace(/^Your/, 'your')}.`,
  span: (from, until) => `${from} to ${until}`,
  there: ({ host, time, date, zone }) =>
    `For ${host || 'your host'}: ${time}${date && ` on ${date}`}, ${zone}`,
  colon: ': ',
  move: 'Move the call',
  cancel: 'Cancel the call',
  unsuited: 'Does the time no longer suit you?',
  join: 'Join the call',
  joinAt: 'Join',
  phone: 'By phone',
  where: 'Where',
  attend: 'I will be there',
  why: 'You get this mail because this call was booked with your address.',
  stop: 'Stop these mails',
  textStop: 'Reply STOP to get no more texts.',
  left: lengthIn({
    soon: 'in a few seconds',
    ahead: 'in',
    and: 'and',
    units: { minute: ['minute', 'minutes'], hour: ['hour', 'hours'], day: ['day', 'days'] },
  }),
};

const french: ReminderWords = {
  language: 'fr',
  hello: (firstName) => (firstName ? `Bonjour ${firstName},` : 'Bonjour,'),
  call: (host) => (host ? `Votre appel avec ${host}` : 'Votre appel'),
  starts: (call, left) => `${call} commence ${left}`,
  onDay: (call, date) => `${call} du ${date}`,
  about: (call) => `Ce message concerne ${call.replace(/^Votre/, 'votre')}.`,
  span: (from, until) => `${from} à ${until}`,
  there: ({ host, time, date, zone }) =>
    `${host ? `Pour ${host}` : 'Chez votre interlocuteur'} : ${time}${date && `, ${date}`}, ${zone}`,
  colon: ' : ',
  move: 'Déplacer l’appel',
  cancel: 'Annuler l’appel',
  unsuited: 'Ce moment ne vous convient plus ?',
  join: 'Rejoindre l’appel',
  joinAt: 'Rejoindre',
  phone: 'Par téléphone',
  where: 'Lieu',
  attend: 'Je serai là',
  why: 'Vous recevez ce message parce que cet appel a été réservé avec votre adresse.',
  stop: 'Ne plus recevoir ces messages',
  textStop: 'Répondez STOP pour ne plus rien recevoir.',
  left: lengthIn({
    soon: 'dans quelques secondes',
    ahead: 'dans',
    and: 'et',
    units: { minute: ['minute', 'minutes'], hour: ['heure', 'heures'], day: ['jour', 'jours'] },
  }),
};

const german: ReminderWords = {
  language: 'de',
  hello: (firstName) => (firstName ? `Guten Tag ${firstName},` : 'Guten Tag,'),
  call: (host) => (host ? `Ihr Gespräch mit ${host}` : 'Ihr Gespräch'),
  starts: (call, left) => `${call} beginnt ${left}`,
  onDay: (call, date) => `${call} am ${date}`,
  about: (call) => `Es geht um ${call}.`,
  span: (from, until) => `${from} bis ${until}`,
  there: ({ host, time, date, zone }) =>
    `${host ? `Für ${host}` : 'Auf der anderen Seite'}: ${time}${date && ` am ${date}`}, ${zone}`,
  colon: ': ',
  move: 'Gespräch verschieben',
  cancel: 'Gespräch absagen',
  unsuited: 'Passt Ihnen der Termin nicht mehr?',
  join: 'Am Gespräch teilnehmen',
  joinAt: 'Teilnehmen',
  phone: 'Per Telefon',
  where: 'Ort',
  attend: 'Ich bin dabei',
  why: 'Sie erhalten diese Nachricht, weil dieses Gespräch mit Ihrer Adresse gebucht wurde.',
  stop: 'Keine solchen Nachrichten mehr',
  textStop: 'Mit STOP antworten, um nichts mehr zu erhalten.',
  left: lengthIn({
    soon: 'in wenigen Sekunden',
    ahead: 'in',
    and: 'und',
    units: { minute: ['Minute', 'Minuten'], hour: ['Stunde', 'Stunden'], day: ['Tag', 'Tagen'] },
  }),
};

const spanish: ReminderWords = {
  language: 'es',
  hello: (firstName) => (firstName ? `Hola, ${firstName}:` : 'Hola:'),
  call: (host) => (host ? `Su llamada con ${host}` : 'Su llamada'),
  starts: (call, left) => `${call} empieza ${left}`,
  onDay: (call, date) => `${call} del ${date}`,
  about: (call) => `Este mensaje trata de ${call.replace(/^Su/, 'su')}.`,
  span: (from, until) => `${from} a ${until}`,
  there: ({ host, time, date, zone }) =>
    `${host ? `Para ${host}` : 'Para la otra parte'}: ${time}${date && `, ${date}`}, ${zone}`,
  colon: ': ',
  move: 'Cambiar la llamada de hora',
  cancel: 'Cancelar la llamada',
  unsuited: '¿Ya no le viene bien la hora?',
  join: 'Entrar en la llamada',
  joinAt: 'Entrar',
  phone: 'Por teléfono',
  where: 'Lugar',
  attend: 'Allí estaré',
  why: 'Recibe este mensaje porque esta llamada se reservó con su dirección.',
  stop: 'No recibir más estos mensajes',
  textStop: 'Responda STOP para no recibir más.',
  left: lengthIn({
    soon: 'en unos segundos',
    ahead: 'en',
    and: 'y',
    units: { minute: ['minuto', 'minutos'], hour: ['hora', 'horas'], day: ['día', 'días'] },
  }),
};

const languages: readonly ReminderWords[] = [english, french, german, spanish];

/** By the language of a locale such as `fr-CA`; English for one that is not spoken here. */
export function wordsIn(locale: string): ReminderWords {
  const language = locale.split('-')[0]?.toLowerCase();
  return languages.find((one) => one.language === language) ?? english;
}

function lengthIn({
  soon,
  ahead,
  and,
  units,
}: {
  readonly soon: string;
  readonly ahead: string;
  readonly and: string;
  readonly units: { readonly [U in Unit]: readonly [one: string, many: string] };
}): ReminderWords['left'] {
  return (remaining) => {
    if (remaining.length === 0) return soon;
    const counted = remaining.map(([count, unit]) => `${count} ${units[unit][count === 1 ? 0 : 1]}`);
    return `${ahead} ${counted.join(` ${and} `)}`;
  };
}
