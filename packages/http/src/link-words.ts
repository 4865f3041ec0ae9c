// What the page behind a link in a mail says, in the languages of the default reminder.

export interface LinkWords {
  readonly language: string;
  readonly stop: Asked;
  /** `when`: the call's date, time and zone, spoken. */
  readonly attend: Asked;
  /** Of the host, about each of those who took part. */
  readonly whoCame: Said & {
    readonly came: string;
    readonly absent: string;
    /** In the place of a name that is not known. */
    readonly somebody: string;
  };
  readonly over: Said;
  readonly unknown: Said;
}

interface Said {
  readonly title: string;
  readonly text: string;
}

interface Asked extends Said {
  readonly button: string;
  readonly done: Said;
}

const english: LinkWords = {
  language: 'en',
  stop: {
    title: 'Stop these mails?',
    text: 'You will get no more reminders from us, about this call or any other. The call itself stays as it is.',
    button: 'Stop these mails',
    done: {
      title: 'No more mails',
      text: 'You will get no more reminders from us. Your calls stay as they are.',
    },
  },
  attend: {
    title: 'Will you be there?',
    text: 'Your call:',
    button: 'I will be there',
    done: { title: 'Thank you', text: 'We know that you will be there:' },
  },
  whoCame: {
    title: 'Who came?',
    text: 'Those who did not come are offered another time. Your call:',
    came: 'Came',
    absent: 'Did not come',
    somebody: 'Somebody without a name',
  },
  over: {
    title: 'This call is no longer open',
    text: 'It has begun, or was moved or cancelled. The newest mail has the links that count.',
  },
  unknown: {
    title: 'This link does not work',
    text: 'It is old, or was not copied whole. Please use the link in the newest mail.',
  },
};

const french: LinkWords = {
  language: 'fr',
  stop: {
    title: 'Ne plus recevoir ces messages ?',
    text: 'Vous ne recevrez plus aucun rappel de notre part, ni pour cet appel ni pour un autre. L’appel lui-même reste prévu.',
    button: 'Ne plus recevoir ces messages',
    done: {
      title: 'C’est noté',
      text: 'Vous ne recevrez plus de rappel de notre part. Vos appels restent prévus.',
    },
  },
  attend: {
    title: 'Serez-vous là ?',
    text: 'Votre appel :',
    button: 'Je serai là',
    done: { title: 'Merci', text: 'Nous savons que vous serez là :' },
  },
  whoCame: {
    title: 'Qui était là ?',
    text: 'Les personnes absentes se verront proposer un autre moment. Votre appel :',
    came: 'Était là',
    absent: 'N’était pas là',
    somebody: 'Une personne sans nom',
  },
  over: {
    title: 'Cet appel n’est plus ouvert',
    text: 'Il a commencé, ou bien il a été déplacé ou annulé. Les liens valables sont dans le message le plus récent.',
  },
  unknown: {
    title: 'Ce lien ne fonctionne pas',
    text: 'Il est ancien ou n’a pas été copié en entier. Utilisez le lien du message le plus récent.',
  },
};

const german: LinkWords = {
  language: 'de',
  stop: {
    title: 'Keine solchen Nachrichten mehr?',
    text: 'Sie erhalten dann keine Erinnerungen mehr von uns, weder an dieses Gespräch noch an ein anderes. Das Gespräch selbst bleibt bestehen.',
    button: 'Keine solchen Nachrichten mehr',
    done: {
      title: 'Erledigt',
      text: 'Sie erhalten keine Erinnerungen mehr von uns. Ihre Gespräche bleiben bestehen.',
    },
  },
  attend: {
    title: 'Sind Sie dabei?',
    text: 'Ihr Gespräch:',
    button: 'Ich bin dabei',
    done: { title: 'Danke', text: 'Wir wissen, dass Sie dabei sind:' },
  },
  whoCame: {
    title: 'Wer war da?',
    text: 'Wer fehlte, bekommt einen anderen Termin angeboten. Ihr Gespräch:',
    came: 'War da',
    absent: 'War nicht da',
    somebody: 'Jemand ohne Namen',
  },
  over: {
    title: 'Dieses Gespräch steht nicht mehr an',
    text: 'Es hat begonnen, oder es wurde verschoben oder abgesagt. Es gelten die Links in der neuesten Nachricht.',
  },
  unknown: {
    title: 'Dieser Link funktioniert nicht',
    text: 'Er ist alt oder wurde nicht ganz kopiert. Bitte nehmen Sie den Link in der neuesten Nachricht.',
  },
};

const spanish: LinkWords = {
  language: 'es',
  stop: {
    title: '¿No recibir más estos mensajes?',
    text: 'No recibirá más recordatorios nuestros, ni de esta llamada ni de otra. La llamada sigue en pie.',
    button: 'No recibir más estos mensajes',
    done: { title: 'Hecho', text: 'No recibirá más recordatorios nuestros. Sus llamadas siguen en pie.' },
  },
  attend: {
    title: '¿Estará en la llamada?',
    text: 'Su llamada:',
    button: 'Allí estaré',
    done: { title: 'Gracias', text: 'Sabemos que estará:' },
  },
  whoCame: {
    title: '¿Quién asistió?',
    text: 'A quien no asistió se le propondrá otro momento. Su llamada:',
    came: 'Asistió',
    absent: 'No asistió',
    somebody: 'Alguien sin nombre',
  },
  over: {
    title: 'Esta llamada ya no está abierta',
    text: 'Ha empezado, o se cambió de hora o se canceló. Valen los enlaces del mensaje más reciente.',
  },
  unknown: {
    title: 'Este enlace no funciona',
    text: 'Es antiguo o no se copió entero. Use el enlace del mensaje más reciente.',
  },
};

const languages = [english, french, german, spanish];

/** By the first of these locales whose language is spoken here. */
export function linkWordsIn(locales: readonly string[]): LinkWords {
  for (const locale of locales) {
    const language = locale.trim().split('-')[0]?.toLowerCase();
    const found = languages.find((one) => one.language === language);
    if (found) return found;
  }
  return english;
}
