import { words } from './words.js';

/** Texts that charts share. */
export const chartWords = words({
  legend: ['Legend', 'Legende'],
  counted: ['counted', 'gezählt'],
  unusual: ['unusual', 'ungewöhnlich'],
  expected: ['expected', 'erwartet'],
  upTo: ['up to the upper bound', 'bis zur oberen Grenze'],
  notRecorded: ['not recorded', 'nicht aufgenommen'],
  recordedHours: ['recorded hours', 'aufgenommene Stunden'],
  perHour: ['visits per recorded hour', 'Besuche je aufgenommener Stunde'],
  visits: ['visits', 'Besuche'],
});
