import { runIdOf } from '../../../libs/database/index.js';
import { deviceIso, iso, type Links } from '../../http/index.js';
import type { TaxonIndex } from '../../taxa/index.js';
import type { Column } from './csv.js';
import type { ReviewOfRun } from './review-pages.js';

type Columns = readonly Column<ReviewOfRun>[];

/**
 * `reviews.csv`: one row for each thing that was ever said. New columns come last.
 *
 * @param exact whether the user may know places, which a comment may tell
 */
export const reviewColumns = (exact: boolean, links: Links, taxa: TaxonIndex): Columns => [
  { name: 'trapId', of: ({ trap_id }) => trap_id },
  { name: 'runId', of: ({ run_id }) => run_id },
  { name: 'runStart', of: ({ start_ms, start_sent }) => deviceIso(start_ms, start_sent) },
  { name: 'review', of: ({ review_id }) => review_id },
  { name: 'at', of: ({ at_ms }) => iso(at_ms) },
  { name: 'by', of: ({ by_name }) => by_name },
  { name: 'byKind', of: ({ by_kind }) => by_kind },
  { name: 'verdict', of: ({ verdict }) => verdict },
  { name: 'label', of: ({ label }) => label },
  { name: 'taxon', of: ({ taxon }) => taxon },
  { name: 'rank', of: ({ rank }) => rank },
  { name: 'group', of: ({ taxon_group }) => taxon_group },
  { name: 'insect', of: ({ insect }) => (insect === null ? null : insect === 1) },
  { name: 'undoes', of: ({ undoes }) => undoes },
  { name: 'decides', of: ({ decides }) => decides === 1 },
  { name: 'takenBack', of: ({ taken_back }) => taken_back === 1 },
  { name: 'comment', of: ({ comment }) => (exact ? comment : null) },
  { name: 'model', of: ({ model }) => model },
  { name: 'modelLabel', of: ({ model_label }) => model_label },
  { name: 'link', of: (row) => links.run(runIdOf(row)) },
  { name: 'nameEn', of: (row) => taxa.namesOf(row)?.en },
  { name: 'nameDe', of: (row) => taxa.namesOf(row)?.de },
];
