import type { z } from 'zod';
import { type ReviewRow, reviewOf } from '../../../libs/catalog/index.js';
import { decidingReview } from '../../../libs/domain/index.js';
import { type Caller, seesExactPlaces } from '../access.js';
import { iso } from '../show.js';
import type { REVIEW } from './review-schema.js';

/** What people said of one run, oldest first: nothing that was ever said is left out. */
export function reviewViews(rows: readonly ReviewRow[], asker: Caller): z.output<typeof REVIEW>[] {
  const deciding = decidingReview(rows.map(reviewOf))?.id;
  const undone = new Set(rows.map(({ undoes }) => undoes));
  return rows.map((row) => ({
    id: row.review_id,
    verdict: row.verdict,
    label: row.label ?? undefined,
    taxon: row.taxon ?? undefined,
    rank: row.rank ?? undefined,
    group: row.taxon_group ?? undefined,
    insect: row.insect === null ? undefined : row.insect === 1,
    undoes: row.undoes ?? undefined,
    // Whoever writes freely may tell where the trap stands.
    comment: seesExactPlaces(asker) ? (row.comment ?? undefined) : undefined,
    by: row.by_name,
    byKind: row.by_kind,
    at: iso(row.at_ms),
    model: row.model ?? undefined,
    modelLabel: row.model_label ?? undefined,
    decides: row.review_id === deciding,
    takenBack: undone.has(row.review_id),
  }));
}
