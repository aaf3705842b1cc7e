import { words } from './words.js';

export const runWords = words({
  newer: ['Newer visit', 'Neuerer Besuch'],
  older: ['Older visit', 'Älterer Besuch'],
  pictureOf: [
    (name: string, n: number, all: number) => `${name}, picture ${n} of ${all}`,
    (name: string, n: number, all: number) => `${name}, Bild ${n} von ${all}`,
  ],
  picture: [
    (n: number, all: number) => `Picture ${n} of ${all}`,
    (n: number, all: number) => `Bild ${n} von ${all}`,
  ],
  nOf: [(n: number, all: number) => `${n} of ${all}`, (n: number, all: number) => `${n} von ${all}`],
  pixels: [(w: number, h: number) => `${w} × ${h} px`, (w: number, h: number) => `${w} × ${h} px`],
  enlarged: [(times: string) => `, shown ${times}×`, (times: string) => `, ${times}-fach gezeigt`],
  play: ['Play the pictures', 'Bilder abspielen'],
  pause: ['Stop', 'Anhalten'],
  nextPicture: ['Next picture', 'Nächstes Bild'],
  previousPicture: ['Previous picture', 'Voriges Bild'],
  best: ['Best picture', 'Bestes Bild'],
  pictureGone: ['This picture was removed.', 'Dieses Bild wurde entfernt.'],
  noPictures: ['No picture has arrived yet.', 'Noch ist kein Bild angekommen.'],
  source: ['Source', 'Quelle'],
  modelSaid: ['What the model said', 'Was das Modell sagt'],
  votes: [
    (n: number, all: number, model: string) =>
      all === 1
        ? `From its one picture. Model ${model}.`
        : `${n} of ${all} pictures voted for the first. Model ${model}.`,
    (n: number, all: number, model: string) =>
      all === 1
        ? `Aus dem einen Bild. Modell ${model}.`
        : `${n} von ${all} Bildern ${n === 1 ? 'stimmte' : 'stimmten'} für das erste. Modell ${model}.`,
  ],
  alsoPossible: [
    (names: string) => `Also similar in some picture: ${names}.`,
    (names: string) => `Auf einzelnen Bildern ähnlich: ${names}.`,
  ],
  rolledUp: [
    (name: string, share: string) => `Not sure of the kind, but of the group: **${name}**, ${share}.`,
    (name: string, share: string) => `Nicht sicher bei der Art, aber bei der Gruppe: **${name}**, ${share}.`,
  ],
  notYet: [
    'The pictures have not been looked at by a model yet.',
    'Noch hat kein Modell die Bilder gesehen.',
  ],
  seen: ['Seen', 'Gesehen'],
  session: ['Session', 'Aufnahme'],
  pictures: ['Pictures', 'Bilder'],
  box: ['Box', 'Rahmen'],
  id: ['Id', 'Kennung'],
  stayed: [(time: string) => `stayed ${time}`, (time: string) => `blieb ${time}`],
  suspect: ['the clock of the trap was wrong', 'die Uhr der Falle ging falsch'],
  recordedMinutes: [(time: string) => `${time} recorded`, (time: string) => `${time} aufgenommen`],
  received: [
    (stored: number, all: number) => `${stored} of ${all} received`,
    (stored: number, all: number) => `${stored} von ${all} erhalten`,
  ],
  receivedSoFar: [
    (stored: number) => `${stored} received so far`,
    (stored: number) => `bisher ${stored} erhalten`,
  ],
  boxIs: [
    (w: string, h: string, confidence: string | undefined) =>
      `${w} × ${h} of the frame${confidence ? `; detector confidence ${confidence}` : ''}`,
    (w: string, h: string, confidence: string | undefined) =>
      `${w} × ${h} des Bildfelds${confidence ? `; Sicherheit des Detektors ${confidence}` : ''}`,
  ],
  history: ['History', 'Verlauf'],
  saidAgree: [(who: string) => `${who} agreed`, (who: string) => `${who}: stimmt`],
  saidName: [
    (who: string, name: string) => `${who}: ${name}`,
    (who: string, name: string) => `${who}: ${name}`,
  ],
  saidUndo: [(who: string) => `${who} took a review back`, (who: string) => `${who} nahm ein Urteil zurück`],
  allReceived: [
    (n: number) => (n === 1 ? 'Its picture received' : `All ${n} pictures received`),
    (n: number) => (n === 1 ? 'Das Bild erhalten' : `Alle ${n} Bilder erhalten`),
  ],
  ended: [
    (n: number) => `Ended with ${n} ${n === 1 ? 'picture' : 'pictures'}`,
    (n: number) => `Beendet mit ${n} ${n === 1 ? 'Bild' : 'Bildern'}`,
  ],
  firstReceived: ['First picture received', 'Erstes Bild erhalten'],
  zip: ['Pictures (ZIP)', 'Bilder (ZIP)'],
  share: ['Copy link, 7 days', 'Link kopieren, 7 Tage'],
  shared: [
    'Link copied: it works for 7 days, without a log-in',
    'Link kopiert: er gilt 7 Tage lang, ohne Anmeldung',
  ],
  png: ['Picture with caption', 'Bild mit Unterschrift'],
  credit: [(line: string) => `Credit line: ${line}`, (line: string) => `Bildnachweis: ${line}`],
  like: ['More like this', 'Ähnliche'],
  sameName: ['same name, same trap', 'gleicher Name, gleiche Falle'],
  validUntil: [
    (when: string) => `This link works until ${when}.`,
    (when: string) => `Dieser Link gilt bis ${when}.`,
  ],
  linkEnded: ['This link has expired or is wrong.', 'Dieser Link ist abgelaufen oder falsch.'],
});
