import { words } from './words.js';

export const todayWords = words({
  dayBefore: ['The day before', 'Der Tag davor'],
  dayAfter: ['The day after', 'Der Tag danach'],
  chooseDay: ['Choose a day', 'Tag wählen'],
  soFar: ['The day so far', 'Der Tag bisher'],
  visits: [(n: number) => (n === 1 ? 'visit' : 'visits'), (n: number) => (n === 1 ? 'Besuch' : 'Besuche')],
  kinds: [
    (n: number) => (n === 1 ? 'kind of insect' : 'kinds of insects'),
    (n: number) => (n === 1 ? 'Insektenart oder \u2011gruppe' : 'Insektenarten und \u2011gruppen'),
  ],
  usualBy: [
    (time: string, range: string) => `usual by ${time}: ${range}`,
    (time: string, range: string) => `üblich bis ${time}: ${range}`,
  ],
  usual: [(range: string) => `usual ${range}`, (range: string) => `üblich ${range}`],
  outOf: [
    (count: string, range: string) => `${count}; usually ${range}`,
    (count: string, range: string) => `${count}; üblich sind ${range}`,
  ],
  learning: [
    (days: number, needed: number) => `learning, ${days} of ${needed} days`,
    (days: number, needed: number) => `lernt noch, Tag ${days} von ${needed}`,
  ],
  perHour: ['Visits per hour', 'Besuche je Stunde'],
  bandBehind: ['usual band behind', 'dahinter: was üblich ist'],
  hoursSentence: [
    (visits: string, peak: string, most: string) =>
      `Visits per hour: ${visits} in all, most of them from ${peak} h on: ${most}.`,
    (visits: string, peak: string, most: string) =>
      `Besuche je Stunde: zusammen ${visits}, die meisten ab ${peak} Uhr: ${most}.`,
  ],
  above: [
    (hours: string) => ` Above the usual band at ${hours} h.`,
    (hours: string) => ` Über dem Üblichen um ${hours} Uhr.`,
  ],
  more: ['More than usual.', 'Mehr als üblich.'],
  moreMainly: [
    (what: string) => `More than usual, mainly **${what}**.`,
    (what: string) => `Mehr als üblich, vor allem **${what}**.`,
  ],
  fewer: ['Fewer than usual.', 'Weniger als üblich.'],
  asUsual: ['As usual.', 'Wie üblich.'],
  nothingRecorded: ['Nothing was recorded.', 'Es wurde nichts aufgenommen.'],
  atTrap: [
    (group: string, trap: string) => `${group} at ${trap}`,
    (group: string, trap: string) => `${group} an ${trap}`,
  ],
  recorded: [
    (time: string, traps: number) => `${time} recorded by ${traps} ${traps === 1 ? 'trap' : 'traps'}.`,
    (time: string, traps: number) => `${time} aufgenommen von ${traps} ${traps === 1 ? 'Falle' : 'Fallen'}.`,
  ],
  effortUnknown: ['The traps did not say how long they recorded.', 'Die Fallen melden keine Aufnahmezeiten.'],
  usualIs: [
    ' Usual: the last 21 days, for the same recording time.',
    ' Üblich: die letzten 21 Tage, auf dieselbe Aufnahmezeit umgerechnet.',
  ],
  call: ['Needs your call', 'Ihr Urteil ist gefragt'],
  callCount: [(n: number) => `Needs your call: ${n}`, (n: number) => `Ihr Urteil ist gefragt: ${n}`],
  callOf: [
    (firsts: number, episodes: number, uncertain: number) =>
      sentence([
        firsts && `${firsts} first ${firsts === 1 ? 'sighting' : 'sightings'}`,
        episodes && `${episodes} open ${episodes === 1 ? 'episode' : 'episodes'}`,
        uncertain && `${uncertain} uncertain ${uncertain === 1 ? 'insect' : 'insects'}`,
      ]),
    (firsts: number, episodes: number, uncertain: number) =>
      sentence([
        firsts && `${firsts} ${firsts === 1 ? 'Erstbeobachtung' : 'Erstbeobachtungen'}`,
        episodes && `${episodes} offene ${episodes === 1 ? 'Episode' : 'Episoden'}`,
        uncertain && `${uncertain} ${uncertain === 1 ? 'unsicheres Insekt' : 'unsichere Insekten'}`,
      ]),
  ],
  callMinutes: [
    (n: number) => ` About ${n} ${n === 1 ? 'minute' : 'minutes'}.`,
    (n: number) => ` Etwa ${n} ${n === 1 ? 'Minute' : 'Minuten'}.`,
  ],
  nothingNeedsYou: ['Nothing needs you.', 'Nichts wartet auf Sie.'],
  looked: [(n: number) => ` ${n} looked at today.`, (n: number) => ` Heute ${n} angesehen.`],
  startReview: ['Start review', 'Prüfen beginnen'],
  worth: ['Worth a look', 'Sehenswert'],
  newest: ['Newest insects', 'Neueste Insekten'],
  insectsOfDay: ['Insects of this day', 'Insekten dieses Tages'],
  onePicture: ['one picture is one insect', 'ein Bild ist ein Insekt'],
  allInGallery: ['All in the gallery', 'Alle in der Galerie'],
  kindsToday: ['Kinds today', 'Heute gesehen'],
  kindsOfDay: ['Kinds of this day', 'An diesem Tag gesehen'],
  moreKinds: [
    (n: number) => `${n} more ${n === 1 ? 'kind' : 'kinds'}`,
    (n: number) => `${n} weitere ${n === 1 ? 'Art oder Gruppe' : 'Arten und Gruppen'}`,
  ],
  inVisits: [
    (n: number) => `, ${n} ${n === 1 ? 'visit' : 'visits'}`,
    (n: number) => `, ${n} ${n === 1 ? 'Besuch' : 'Besuche'}`,
  ],
  newVisits: [
    (n: number) => `${n} new ${n === 1 ? 'visit' : 'visits'}`,
    (n: number) => `${n} ${n === 1 ? 'neuer Besuch' : 'neue Besuche'}`,
  ],
  noVisits: ['No visits on this day.', 'Keine Besuche an diesem Tag.'],
  noVisitsYet: ['No visits yet today.', 'Heute noch keine Besuche.'],
  stillOpen: ['still open', 'dauert an'],
  closed: ['closed', 'beendet'],
  since: [(time: string) => `since ${time}`, (time: string) => `seit ${time}`],
  episode: [
    (group: string, count: number, from: string, to: string, upper: number) =>
      `Unusually many **${group}**: ${count} visits between ${from} and ${to} h; up to ${upper} were to be expected.`,
    (group: string, count: number, from: string, to: string, upper: number) =>
      `Ungewöhnlich viele **${group}**: ${count} Besuche zwischen ${from} und ${to} Uhr; zu erwarten waren bis zu ${upper}.`,
  ],
  episodeInAll: [
    (visits: number, hours: number) => `${visits} visits in all ${hours} hours.`,
    (visits: number, hours: number) => `${visits} Besuche in allen ${hours} Stunden.`,
  ],
  whyUnusual: ['Why unusual?', 'Warum ungewöhnlich?'],
  itsVisits: ['Its visits', 'Die Besuche'],
  online: [(n: number) => `${n} online`, (n: number) => `${n} verbunden`],
  asleep: [(n: number) => `${n} asleep`, (n: number) => `${n} ${n === 1 ? 'schläft' : 'schlafen'}`],
  offline: [(n: number) => `${n} off`, (n: number) => `${n} aus`],
  never: [(n: number) => `${n} never heard`, (n: number) => `${n} noch nie gehört`],
  silentFor: [
    (name: string, time: string) => `${name} silent for ${time}`,
    (name: string, time: string) => `${name} stumm seit ${time}`,
  ],
  silent: [(name: string) => `${name} silent`, (name: string) => `${name} stumm`],
  traps: ['Traps', 'Fallen'],
  demoModel: [
    '**The demo model knows no real insect.** It only recognises drawn ones.',
    '**Das Demo-Modell kennt kein echtes Insekt.** Es erkennt nur gezeichnete.',
  ],
  noModel: [
    '**No model is active.** Pictures are stored, and named once there is one.',
    '**Kein Modell ist aktiv.** Bilder werden gespeichert und benannt, sobald es eines gibt.',
  ],
  installModel: ['Install a model', 'Modell installieren'],
});

/** "A first sighting, 2 open episodes." */
function sentence(parts: readonly (string | 0)[]): string {
  const text = parts.filter(Boolean).join(', ');
  return text ? `${text}.` : '';
}
