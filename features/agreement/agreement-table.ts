import type { z } from 'zod';
import { type Column, type CsvFormat, csvHeader, csvRows } from '../downloads/index.js';
import type { AGREEMENT } from './agreement.schema.js';

type Agreement = z.output<typeof AGREEMENT>;
type OfLabel = Agreement['labels'][number];
type Confusion = Agreement['confusions'][number];

/** No label has parentheses. */
const ALL = '(all)';

const LABELS: readonly Column<OfLabel>[] = [
  { name: 'label', of: ({ label }) => label },
  { name: 'byModel', of: ({ byModel }) => byModel },
  { name: 'byPeople', of: ({ byPeople }) => byPeople },
  { name: 'agreed', of: ({ agreed }) => agreed },
  { name: 'precision', of: ({ precision }) => precision },
  { name: 'recall', of: ({ recall }) => recall },
  { name: 'kappa', of: ({ kappa }) => kappa },
];
const CONFUSIONS: readonly Column<Confusion>[] = [
  { name: 'model', of: ({ model }) => model },
  { name: 'people', of: ({ people }) => people },
  { name: 'runs', of: ({ runs }) => runs },
];

/** One row per label, the first of all of them together. */
export function labelsTable({ n, agreed, kappa, labels }: Agreement, format: CsvFormat): string {
  const share = n === 0 ? null : agreed / n;
  const all = { label: ALL, byModel: n, byPeople: n, agreed, precision: share, recall: share, kappa };
  return csvHeader(LABELS, format) + csvRows(LABELS, [all, ...labels], format);
}

/** One row per pair of different labels. */
export const confusionsTable = ({ confusions }: Agreement, format: CsvFormat): string =>
  csvHeader(CONFUSIONS, format) + csvRows(CONFUSIONS, confusions, format);
