// The default reminder in each language: the whole text where all is known, and where next to nothing is.
import type { MailFacts } from '@precall/core';
import { describe, expect, it } from 'vitest';
import { defaultReminder } from '../src/reminder-mail.ts';
import { wordsIn } from '../src/reminder-words.ts';
import { at } from './agreed-call.ts';
import { attributesOf } from './naughty.ts';

const known: MailFacts = {
  rule: '2h',
  startAt: at('2026-12-03T23:30:00Z'),
  endAt: at('2026-12-04T00:00:00Z'),
  now: at('2026-12-03T22:00:00Z'),
  timeZone: 'America/Toronto',
  locale: 'en',
  firstName: 'Ana',
  name: 'Ana Ruiz',
  host: { name: 'Jane Doe', timeZone: 'Europe/Berlin' },
  about: { title: 'Diagnostic', eventType: null },
  place: { kind: 'phone', number: '+49 30 123456' },
  placeIsTrusted: false,
  links: { move: 'https://cal.com/move', cancel: 'https://cal.com/cancel' },
  segment: null,
  responses: {},
  answers: null,
};
/** Sent when the call has begun, to somebody without a name, by nobody known, at a place. */
const little: Partial<MailFacts> = {
  now: at('2026-12-03T23:31:00Z'),
  firstName: null,
  host: { name: '', timeZone: 'America/Chicago' },
  about: null,
  place: { kind: 'address', text: 'Main St. 5' },
  links: null,
};
const told = (locale: string, facts: Partial<MailFacts> = {}) =>
  defaultReminder.render({ ...known, locale, ...facts });

describe('the default reminder', () => {
  it.each([
    [
      'fr-CA',
      [
        'Bonjour Ana,',
        'Votre appel avec Jane Doe commence dans 1 heure et 30 minutes.',
        'Diagnostic',
        'jeudi 3 décembre 2026',
        '18 h 30 à 19 h 00, heure normale de l’Est (America/Toronto, UTC−5)',
        'Pour Jane Doe : 00 h 30, vendredi 4 décembre 2026, heure normale de l’Europe centrale (Europe/Berlin, UTC+1)',
        'Par téléphone : +49 30 123456',
        'Déplacer l’appel : https://cal.com/move',
        'Annuler l’appel : https://cal.com/cancel',
        'Vous recevez ce message parce que cet appel a été réservé avec votre adresse.',
      ],
    ],
    [
      'de',
      [
        'Guten Tag Ana,',
        'Ihr Gespräch mit Jane Doe beginnt in 1 Stunde und 30 Minuten.',
        'Diagnostic',
        'Donnerstag, 3. Dezember 2026',
        '18:30 bis 19:00, Nordamerikanische Ostküsten-Normalzeit (America/Toronto, GMT−5)',
        'Für Jane Doe: 00:30 am Freitag, 4. Dezember 2026, Mitteleuropäische Normalzeit (Europe/Berlin, GMT+1)',
        'Per Telefon: +49 30 123456',
        'Gespräch verschieben: https://cal.com/move',
        'Gespräch absagen: https://cal.com/cancel',
        'Sie erhalten diese Nachricht, weil dieses Gespräch mit Ihrer Adresse gebucht wurde.',
      ],
    ],
    [
      'es',
      [
        'Hola, Ana:',
        'Su llamada con Jane Doe empieza en 1 hora y 30 minutos.',
        'Diagnostic',
        'jueves, 3 de diciembre de 2026',
        '18:30 a 19:00, hora estándar oriental (America/Toronto, GMT−5)',
        'Para Jane Doe: 0:30, viernes, 4 de diciembre de 2026, hora estándar de Europa central (Europe/Berlin, GMT+1)',
        'Por teléfono: +49 30 123456',
        'Cambiar la llamada de hora: https://cal.com/move',
        'Cancelar la llamada: https://cal.com/cancel',
        'Recibe este mensaje porque esta llamada se reservó con su dirección.',
      ],
    ],
  ])('speaks %s', (locale, lines) => {
    const { text, html, subject } = told(locale);
    expect(text.split('\n').filter((line) => line !== '')).toEqual(lines);
    expect(`${subject}.`).toBe(lines[1]);
    expect(attributesOf(html, 'lang')).toEqual([locale.slice(0, 2)]);
  });

  it.each([
    [
      'fr',
      'Votre appel du jeudi 3 décembre 2026',
      ['Bonjour,', 'Ce message concerne votre appel.'],
      'Chez votre interlocuteur : 17:30, heure normale',
      'Lieu : Main St. 5',
    ],
    [
      'de-AT',
      'Ihr Gespräch am Donnerstag, 3. Dezember 2026',
      ['Guten Tag,', 'Es geht um Ihr Gespräch.'],
      'Auf der anderen Seite: 17:30, Nordamerikanische',
      'Ort: Main St. 5',
    ],
    [
      'es-ES',
      'Su llamada del jueves, 3 de diciembre de 2026',
      ['Hola:', 'Este mensaje trata de su llamada.'],
      'Para la otra parte: 17:30, hora',
      'Lugar: Main St. 5',
    ],
  ])('says in %s what little is known', (locale, subject, opening, there, place) => {
    const mail = told(locale, little);
    expect(mail.subject).toBe(subject);
    expect(
      mail.text
        .split('\n')
        .filter((line) => line !== '')
        .slice(0, 2),
    ).toEqual(opening);
    expect(mail.text).toContain(`\n${there}`);
    expect(mail.text).toContain(`\n${place}\n`);
  });

  it('speaks English to everybody else', () => {
    expect(['pt-BR', 'en-GB', '', 'frisian', 'FR'].map((locale) => wordsIn(locale).language)).toEqual([
      'en',
      'en',
      'en',
      'en',
      'fr',
    ]);
  });
});
