import { words } from './words.js';

export const downloadWords = words({
  title: ['Downloads', 'Downloads'],
  included: ['What is included', 'Was enthalten ist'],
  visits: [
    (insects: string) => `visits, ${insects} of insects`,
    (insects: string) => `Besuche, ${insects} von Insekten`,
  ],
  pictures: ['pictures', 'Bilder'],
  withPictures: ['with pictures', 'mit Bildern'],
  recorded: ['recorded', 'aufgenommen'],
  effortUnknown: ['recorded time not known', 'Aufnahmezeit nicht bekannt'],
  nothing: ['No visits with these filters', 'Keine Besuche mit diesen Filtern'],
  nothingHow: ['A file would be valid, but empty.', 'Eine Datei wäre gültig, aber leer.'],
  clear: ['Clear filters', 'Filter löschen'],
  as: ['Download as', 'Herunterladen als'],
  table: ['Table', 'Tabelle'],
  tableHow: [
    'One line per visit: time, trap, name, probability, reviewed, effort of its session.',
    'Eine Zeile je Besuch: Zeit, Falle, Name, Wahrscheinlichkeit, geprüft, Aufwand der Aufnahme.',
  ],
  csv: ['CSV', 'CSV'],
  excel: ['CSV for Excel', 'CSV für Excel'],
  ndjson: ['JSON lines', 'JSON-Zeilen'],
  pics: ['Pictures', 'Bilder'],
  picsHow: [
    'Every picture in folders by day, trap and visit, with the table inside. A broken download goes on where it stopped.',
    'Jedes Bild in Ordnern nach Tag, Falle und Besuch, mit der Tabelle darin. Ein abgebrochener Download geht weiter, wo er stand.',
  ],
  zip: [(size: string) => (size ? `ZIP, ${size}` : 'ZIP'), (size: string) => (size ? `ZIP, ${size}` : 'ZIP')],
  camtrap: ['Camtrap DP', 'Camtrap DP'],
  camtrapHow: [
    'Deployments, media and observations as the standard defines them. The archive is made first: it takes a moment to begin.',
    'Einsätze, Medien und Beobachtungen, wie der Standard sie verlangt. Das Archiv entsteht zuerst: Es beginnt nach einem Moment.',
  ],
  camtrapFile: ['Camtrap DP', 'Camtrap DP'],
  camtrapMedia: ['With pictures', 'Mit Bildern'],
  darwin: ['Darwin Core', 'Darwin Core'],
  darwinHow: [
    'Occurrences and sampling events for GBIF and other registries.',
    'Vorkommen und Aufnahmen für GBIF und andere Verzeichnisse.',
  ],
  archive: ['Archive', 'Archiv'],
  insectDetect: ['insect-detect', 'insect-detect'],
  insectDetectHow: [
    'The columns of its own post-processing: one line per picture, or its final table.',
    'Die Spalten seiner eigenen Auswertung: eine Zeile je Bild, oder seine Endtabelle.',
  ],
  perPicture: ['CSV per picture', 'CSV je Bild'],
  final: ['Final table', 'Endtabelle'],
  reviews: ['Reviews', 'Urteile'],
  reviewsHow: [
    'Every verdict of a person, also what was taken back, with the model’s answer beside it.',
    'Jedes Urteil eines Menschen, auch zurückgenommene, mit der Antwort des Modells daneben.',
  ],
  licence: [
    (licence: string) => `Licence of the data: ${licence}`,
    (licence: string) => `Lizenz der Daten: ${licence}`,
  ],
  recent: ['Running and recent', 'Laufend und zuletzt'],
  noneRecent: [
    'Nothing yet. Your browser shows how far a download is, and can pause and resume pictures and archives.',
    'Noch nichts. Ihr Browser zeigt, wie weit ein Download ist, und kann Bilder und Archive anhalten und fortsetzen.',
  ],
  began: [(when: string) => `begun ${when}`, (when: string) => `begonnen ${when}`],
  again: ['Again', 'Noch einmal'],
  forget: ['Forget', 'Vergessen'],
  everything: ['everything', 'alles'],
});

/** Texts of long work, wherever it is shown. */
export const jobWords = words({
  of: [
    (done: string, total: string) => `${done} of ${total}`,
    (done: string, total: string) => `${done} von ${total}`,
  ],
  left: [(time: string) => `about ${time}`, (time: string) => `etwa ${time}`],
  finished: [(when: string) => `finished ${when}`, (when: string) => `fertig ${when}`],
  failed: [(why: string) => `stopped: ${why}`, (why: string) => `abgebrochen: ${why}`],
  canceled: ['canceled', 'abgebrochen'],
  cancel: ['Cancel', 'Abbrechen'],
  forget: ['Forget', 'Vergessen'],
  'model-install': ['Installing a model', 'Modell wird installiert'],
  reclassify: ['Naming all visits anew', 'Alle Besuche werden neu benannt'],
  backup: ['Backup', 'Sicherung'],
  download: ['Download', 'Download'],
  'camtrap-dp': ['Camtrap DP', 'Camtrap DP'],
  dwca: ['Darwin Core', 'Darwin Core'],
});
