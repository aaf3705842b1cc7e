import { words } from './words.js';

export const activityWords = words({
  title: ['Activity', 'Aktivität'],
  lead: [
    'Visits per hour, against what is usual at this trap, at this hour, for the time that was recorded.',
    'Besuche je Stunde, gemessen an dem, was an dieser Falle zu dieser Stunde und Aufnahmezeit üblich ist.',
  ],
  group: ['Group', 'Gruppe'],
  period: ['Period', 'Zeitraum'],
  nDays: [(n: number) => `${n} days`, (n: number) => `${n} Tage`],
  allInsects: ['All insects', 'Alle Insekten'],
  at: [
    (group: string, trap: string) => `${group} at ${trap}`,
    (group: string, trap: string) => `${group}: ${trap}`,
  ],
  chartNote: ['visits per hour, by local time', 'Besuche je Stunde, nach Ortszeit'],
  chartLabel: [
    (what: string, days: string, sum: string) =>
      `${what}, ${days}: ${sum} visits; counted, expected and the upper bound for each hour.`,
    (what: string, days: string, sum: string) =>
      `${what}, ${days}: ${sum} Besuche; gezählt, erwartet und die obere Grenze für jede Stunde.`,
  ],
  above: [(list: string) => ` Above the bound: ${list}.`, (list: string) => ` Über der Grenze: ${list}.`],
  hourOf: [
    (day: string, from: number) => `${day}, ${from}–${(from + 1) % 24} h`,
    (day: string, from: number) => `${day}, ${from}–${(from + 1) % 24} Uhr`,
  ],
  readJudged: [
    (count: string, expected: string, upper: string) =>
      `${count} counted, ${expected} expected, up to ${upper} is usual`,
    (count: string, expected: string, upper: string) =>
      `${count} gezählt, ${expected} erwartet, bis ${upper} ist üblich`,
  ],
  readLearning: [
    (count: string, days: number) => `${count} counted; learning, ${days} of 12 days`,
    (count: string, days: number) => `${count} gezählt; lernt noch, Tag ${days} von 12`,
  ],
  readBrief: [
    (count: string) => `${count} counted; recorded too briefly to judge`,
    (count: string) => `${count} gezählt; zu kurz aufgenommen, um es zu beurteilen`,
  ],
  readMinutes: [(min: string) => `in ${min}`, (min: string) => `in ${min}`],
  readHow: [
    'Point at an hour to read its figures; the arrow keys work too.',
    'Auf eine Stunde zeigen, um ihre Zahlen zu lesen; auch die Pfeiltasten gehen.',
  ],
  notRecorded: ['not recorded', 'nicht aufgenommen'],
  notYet: ['not over yet', 'noch nicht vorbei'],
  noHours: [
    'Nothing is judged here yet. Activity is checked every five minutes, from sessions on: a trap that sends none has no known effort.',
    'Hier ist noch nichts beurteilt. Die Aktivität wird alle fünf Minuten geprüft, aus Aufnahmezeiten: Eine Falle, die keine sendet, hat keinen bekannten Aufwand.',
  ],
  episodes: ['Episodes', 'Episoden'],
  inDays: [
    (n: number, days: number) => `${n} in ${days} days`,
    (n: number, days: number) => `${n} in ${days} Tagen`,
  ],
  noEpisodes: ['Nothing was unusual in this time.', 'In dieser Zeit war nichts ungewöhnlich.'],
  stillOpen: ['still open', 'dauert an'],
  closed: ['closed', 'beendet'],
  withdrawn: ['withdrawn', 'zurückgezogen'],
  sentence: [
    (group: string, trap: string, count: string, expected: string) =>
      `Unusually many **${group}** at ${trap}: ${count} visits; ${expected} were to be expected.`,
    (group: string, trap: string, count: string, expected: string) =>
      `Ungewöhnlich viele **${group}** (${trap}): ${count} Besuche; zu erwarten waren ${expected}.`,
  ],
  sentenceHour: [
    (group: string, trap: string, count: string, from: number, upper: string) =>
      `Unusually many **${group}** at ${trap}: ${count} visits between ${from} and ${(from + 1) % 24} h; up to ${upper} were to be expected.`,
    (group: string, trap: string, count: string, from: number, upper: string) =>
      `Ungewöhnlich viele **${group}** (${trap}): ${count} Besuche zwischen ${from} und ${(from + 1) % 24} Uhr; zu erwarten waren bis zu ${upper}.`,
  ],
  withdrawnBecause: [
    'A correction took its ground away: what is left is not unusual. The message was corrected.',
    'Eine Korrektur nahm ihr den Grund: Was bleibt, ist nicht ungewöhnlich. Die Meldung wurde berichtigt.',
  ],
  why: ['Why unusual?', 'Warum ungewöhnlich?'],
  whyHour: [
    (hour: string, count: string, expected: string, upper: string) =>
      `${hour}: counted **${count}**, expected **${expected}**, up to **${upper}** is usual.`,
    (hour: string, count: string, expected: string, upper: string) =>
      `${hour}: gezählt **${count}**, erwartet **${expected}**, üblich sind bis zu **${upper}**.`,
  ],
  whyChance: [
    (hours: string) => `By chance, so many come less than once in ${hours} such hours.`,
    (hours: string) => `Durch Zufall kommen so viele seltener als einmal in ${hours} solchen Stunden.`,
  ],
  whyHow: [
    'Expected is what came at this time of day, an hour before and after included, in the 21 days before, for the same recorded time. Past outbreaks count less.',
    'Erwartet ist, was zu dieser Tageszeit, eine Stunde davor und danach, in den 21 Tagen zuvor kam, bei gleicher Aufnahmezeit. Frühere Ausbrüche zählen weniger.',
  ],
  hour: [
    (from: number) => `${from}–${(from + 1) % 24} h`,
    (from: number) => `${from}–${(from + 1) % 24} Uhr`,
  ],
  wasRight: ['Was this right?', 'War das richtig?'],
  yes: ['Yes', 'Ja'],
  no: ['No', 'Nein'],
  other: ['Something else', 'Etwas anderes'],
  answered: [(list: string) => `Answered: ${list}`, (list: string) => `Beantwortet: ${list}`],
  answerSaved: [
    (answer: string) => `Was this right? ${answer}`,
    (answer: string) => `War das richtig? ${answer}`,
  ],
  moreInGallery: [(n: string) => `${n} more in the gallery`, (n: string) => `${n} weitere in der Galerie`],
  todaySeries: ['Today, all series', 'Heute, alle Reihen'],
  trapAndGroup: ['Trap and group', 'Falle und Gruppe'],
  visits: ['Visits', 'Besuche'],
  expectedN: [(n: string) => `expected ${n}`, (n: string) => `erwartet ${n}`],
  learning: [(n: number) => `learning, ${n} of 12 days`, (n: number) => `lernt noch, Tag ${n} von 12`],
  notJudged: ['not judged yet', 'noch nicht beurteilt'],
  seriesHow: [
    'Checked every five minutes. A group also counts visits that are probably of it.',
    'Alle fünf Minuten geprüft. Eine Gruppe zählt auch Besuche, die wahrscheinlich zu ihr gehören.',
  ],
  nothingToday: ['Nothing recorded today.', 'Heute nichts aufgenommen.'],
  grafana: ['Grafana', 'Grafana'],
});
