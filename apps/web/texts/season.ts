import { words } from './words.js';

export const seasonWords = words({
  title: ['Season', 'Saison'],
  days: ['Days', 'Tage'],
  weeks: ['Weeks', 'Wochen'],
  step: ['Bars per', 'Balken je'],
  from: ['From', 'Von'],
  to: ['To', 'Bis'],
  comparedWith: ['Compared with', 'Verglichen mit'],
  yearBefore: ['the year before', 'dem Jahr davor'],
  daysBefore: ['the same time before', 'der gleichen Zeit davor'],
  visits: ['visits', 'Besuche'],
  perHour: ['visits per recorded hour', 'Besuche je aufgenommener Stunde'],
  kinds: ['kinds', 'Arten und Gruppen'],
  agreement: ['model and people agree', 'Modell und Mensch sind einig'],
  hours: [(hours: string) => `${hours} recorded hours`, (hours: string) => `${hours} aufgenommene Stunden`],
  noHours: ['recorded time not known', 'Aufnahmezeit nicht bekannt'],
  nTraps: [
    (n: number) => `${n} ${n === 1 ? 'trap' : 'traps'}`,
    (n: number) => `${n} ${n === 1 ? 'Falle' : 'Fallen'}`,
  ],
  before: [
    (period: string, rate: string, error: string) => `${period}: ${rate} (± ${error})`,
    (period: string, rate: string, error: string) => `${period}: ${rate} (± ${error})`,
  ],
  beforeKinds: [
    (period: string, n: string, hours: string) => `${period}: ${n}, with ${hours} hours`,
    (period: string, n: string, hours: string) => `${period}: ${n}, bei ${hours} Stunden`,
  ],
  nothingBefore: [
    (period: string) => `${period}: nothing recorded`,
    (period: string) => `${period}: nichts aufgenommen`,
  ],
  lookedAt: [
    (n: string, low: string, high: string) => `${n} reviewed; ${low}–${high}`,
    (n: string, low: string, high: string) => `${n} geprüft; ${low}–${high}`,
  ],
  noneReviewed: ['nothing reviewed yet', 'noch nichts geprüft'],
  timeUnknown: [
    (n: string) => `${n} visits of unknown time are in no chart.`,
    (n: string) => `${n} Besuche unbekannter Zeit sind in keinem Diagramm.`,
  ],
  perWeek: ['Visits per week', 'Besuche je Woche'],
  perDay: ['Visits per day', 'Besuche je Tag'],
  visitsOf: [(period: string) => `visits ${period}`, (period: string) => `Besuche ${period}`],
  recorded: [
    (low: string, high: string) => `recorded hours, ${low}–${high}`,
    (low: string, high: string) => `aufgenommene Stunden, ${low}–${high}`,
  ],
  notRecorded: ['not recorded', 'nicht aufgenommen'],
  barsLabel: [
    (title: string, best: string, visits: string) => `${title}. Most on ${best}: ${visits} visits.`,
    (title: string, best: string, visits: string) => `${title}. Am meisten am ${best}: ${visits} Besuche.`,
  ],
  whoComesWhen: ['Who comes when', 'Wer kommt wann'],
  heatNote: ['visits per recorded hour, by local time', 'Besuche je aufgenommener Stunde, nach Ortszeit'],
  heatLabel: [
    (list: string) => `Visits per recorded hour by kind and hour of day. Peaks: ${list}.`,
    (list: string) => `Besuche je aufgenommener Stunde, nach Art und Tagesstunde. Am meisten: ${list}.`,
  ],
  peak: [
    (name: string, hour: number) => `${name} at ${hour} h`,
    (name: string, hour: number) => `${name} um ${hour} Uhr`,
  ],
  recordedHours: ['Recorded hours', 'Aufgenommene Stunden'],
  moreKinds: [
    (n: string, visits: string) => `${n} more kinds with ${visits} visits are in the CSV.`,
    (n: string, visits: string) => `${n} weitere mit ${visits} Besuchen stehen in der CSV.`,
  ],
  andMore: [(top: string) => `${top} and more an hour`, (top: string) => `${top} und mehr je Stunde`],
  thisAndLast: ['This year and last', 'Dieses Jahr und letztes'],
  thisAndBefore: ['This time and the time before', 'Diese Zeit und die davor'],
  compareNote: [
    'visits per recorded hour; a ratio is bold where its 95 % interval leaves out 1',
    'Besuche je aufgenommener Stunde; ein Verhältnis ist fett, wo sein 95-%-Bereich die 1 auslässt',
  ],
  compareLabel: [
    (list: string) => `Visits per recorded hour in both periods. ${list}.`,
    (list: string) => `Besuche je aufgenommener Stunde in beiden Zeiträumen. ${list}.`,
  ],
  periodHours: [
    (period: string, hours: string) => `${period}, ${hours} hours`,
    (period: string, hours: string) => `${period}, ${hours} Stunden`,
  ],
  nothingToCompare: [
    (period: string) => `Nothing to compare with: nothing was recorded, ${period}.`,
    (period: string) => `Nichts zum Vergleichen: ${period} wurde nichts aufgenommen.`,
  ],
  nothing: ['Nothing was recorded in this time.', 'In dieser Zeit wurde nichts aufgenommen.'],
  nothingHow: ['Choose another period or trap.', 'Wählen Sie einen anderen Zeitraum oder eine andere Falle.'],
  uncertain: ['uncertain', 'unsicher'],
  tooLong: ['The end lies before the beginning.', 'Das Ende liegt vor dem Beginn.'],
});
