import { language, words } from './words.js';

/** Texts of the frame around every page, and of what several pages use. */
export const shell = words({
  skip: ['Skip to the page', 'Zum Inhalt'],
  main: ['Main', 'Hauptmenü'],
  today: ['Today', 'Heute'],
  gallery: ['Gallery', 'Galerie'],
  review: ['Review', 'Prüfen'],
  activity: ['Activity', 'Aktivität'],
  season: ['Season', 'Saison'],
  traps: ['Traps', 'Fallen'],
  downloads: ['Downloads', 'Downloads'],
  settings: ['Settings', 'Einstellungen'],
  more: ['More', 'Mehr'],
  viewer: ['viewer', 'Lesen'],
  editor: ['editor', 'Redaktion'],
  admin: ['admin', 'Verwaltung'],
  device: ['trap', 'Falle'],
  needYourCall: [
    (n: number) => `${n} ${n === 1 ? 'needs' : 'need'} your call`,
    (n: number) => `${n} ${n === 1 ? 'wartet' : 'warten'} auf Ihr Urteil`,
  ],
  otherLanguage: ['Deutsch', 'English'],
  theme: ['Light or dark', 'Hell oder dunkel'],
  logOut: ['Log out', 'Abmelden'],
  loggedInAs: [(name: string) => `Logged in as ${name}`, (name: string) => `Angemeldet als ${name}`],
  save: ['Save', 'Speichern'],
  change: ['Change', 'Ändern'],
  remove: ['Delete', 'Löschen'],
  close: ['Close', 'Schließen'],
  cancel: ['Cancel', 'Abbrechen'],
  haveIt: ['I have it', 'Ich habe es'],
  undo: ['Undo', 'Rückgängig'],
  undone: ['Undone', 'Rückgängig gemacht'],
  copy: ['Copy', 'Kopieren'],
  copied: ['Copied', 'Kopiert'],
  notCopied: ['It could not be copied. By hand', 'Nicht kopiert. Von Hand'],
  tryAgain: ['Try again', 'Noch einmal versuchen'],
  offline: [
    (time: string) => `No connection since ${time}; showing what was loaded.`,
    (time: string) => `Keine Verbindung seit ${time}; zu sehen ist, was schon geladen war.`,
  ],
  answersWait: [
    (n: number) => ` ${n} ${n === 1 ? 'answer waits' : 'answers wait'}.`,
    (n: number) => ` ${n} ${n === 1 ? 'Urteil wartet' : 'Urteile warten'}.`,
  ],
  noConnection: ['No connection to the station.', 'Keine Verbindung zur Station.'],
  failed: [
    (why: string) => `This could not be loaded: ${why}`,
    (why: string) => `Das ließ sich nicht laden: ${why}`,
  ],
  notFound: ['There is nothing at this address.', 'Unter dieser Adresse gibt es nichts.'],
  backToToday: ['Back to today', 'Zurück zu heute'],
  onlyAdmin: ['Only an admin can change this.', 'Nur die Verwaltung kann das ändern.'],
  live: ['live', 'live'],
  trap: ['Trap', 'Falle'],
  allTraps: ['All traps', 'Alle Fallen'],
  keys: ['Keys', 'Tasten'],
  keysOfPages: ['Go to a page', 'Zu einer Seite'],
  keysOfThisPage: ['On this page', 'Auf dieser Seite'],
  keysEverywhere: ['Everywhere', 'Überall'],
  keySearch: ['Search', 'Suchen'],
  keyHelp: ['These keys', 'Diese Tasten'],
  keyClose: ['Close', 'Schließen'],
  uncertain: ['uncertain', 'unsicher'],
  reviewed: ['reviewed', 'geprüft'],
  notReviewed: ['not yet reviewed', 'noch nicht geprüft'],
  unusual: ['unusual', 'ungewöhnlich'],
  firstEver: ['first ever here', 'zum ersten Mal hier'],
  firstSeason: ['first this season', 'zum ersten Mal in dieser Saison'],
  firstReturn: ['seen again', 'wieder da'],
  noPicture: ['no picture', 'kein Bild'],
  notClassified: ['not yet named', 'noch ohne Namen'],
  nobodyCanTell: ['Cannot tell', 'Nicht erkennbar'],
  demo: [(name: string) => `${name} (demo)`, (name: string) => `${name} (Demo)`],
  timeUnknown: ['time unknown', 'Zeit unbekannt'],
});

/** Groups of insects, as model cards name them. */
const GROUPS: Readonly<Record<string, readonly [string, string]>> = {
  all: ['insects', 'Insekten'],
  ants: ['ants', 'Ameisen'],
  bees: ['bees', 'Bienen'],
  beetles: ['beetles', 'Käfer'],
  bugs: ['bugs', 'Wanzen'],
  bumblebees: ['bumblebees', 'Hummeln'],
  butterflies: ['butterflies', 'Tagfalter'],
  caddisflies: ['caddisflies', 'Köcherfliegen'],
  cicadas: ['cicadas', 'Zikaden'],
  dragonflies: ['dragonflies', 'Libellen'],
  flies: ['flies', 'Fliegen'],
  grasshoppers: ['grasshoppers', 'Heuschrecken'],
  hoverflies: ['hoverflies', 'Schwebfliegen'],
  lacewings: ['lacewings', 'Netzflügler'],
  moths: ['moths', 'Nachtfalter'],
  sawflies: ['sawflies', 'Pflanzenwespen'],
  scorpionflies: ['scorpionflies', 'Skorpionsfliegen'],
  true_bugs: ['true bugs', 'Wanzen'],
  wasps: ['wasps', 'Wespen'],
};
const groupWords = words(GROUPS);

/** What a group is called; its code where nobody gave it a name. */
export const groupName = (group: string): string =>
  (groupWords as Record<string, string>)[group] ?? group.replaceAll('_', ' ');

/** The same, by the names that an answer holds. */
export const namedGroup = (
  group: string,
  names?: { readonly en?: string | undefined; readonly de?: string | undefined },
): string => names?.[language.value] ?? groupName(group);
