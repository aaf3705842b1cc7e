import type { CropForStandards } from '../../../libs/catalog/index.js';
import { reaches } from '../../../libs/domain/index.js';
import { decimal, type Row, share, tags } from '../exports/cells.js';
import type { KnownModel, LabelBook } from '../exports/label-book.js';
import { type Seen, seenIn } from '../exports/seen.js';
import { stamp } from '../exports/stamp.js';
import { mediaId } from '../exports/visit-names.js';
import type { TimedVisit } from '../exports/visits.js';
import { eventColumns } from './event-record.js';
import type { ObservationColumn } from './standard.js';

type Ranked = readonly { readonly probability: number }[];

/** What the model says of one picture; a person's verdict is on the visit, and stands there. */
export function cropRecord(
  crop: CropForStandards,
  visit: TimedVisit,
  book: LabelBook,
): Row<ObservationColumn> {
  const { run } = visit;
  const ranked = JSON.parse(crop.ranked ?? '[]') as Ranked;
  const model = crop.label === null || run.model === null ? undefined : book.of(run.model);
  const seen = seenOn(crop, ranked, visit, model);
  const probability = ranked[0]?.probability;
  return {
    ...eventColumns(visit),
    observationID: mediaId(crop),
    mediaID: mediaId(crop),
    observationLevel: 'media',
    observationType: seen.type,
    scientificName: seen.scientificName,
    count: seen.type === 'animal' ? 1 : undefined,
    ...(model && {
      classificationMethod: 'machine',
      classifiedBy: model.classifiedBy,
      ...(crop.classified_at !== null && { classificationTimestamp: stamp(crop.classified_at) }),
      ...(probability !== undefined && { classificationProbability: share(probability) }),
    }),
    observationTags: tags({
      modelLabel: crop.label,
      detectionConfidence: crop.confidence === null ? null : decimal(crop.confidence),
      // In the frame, of which the picture is a part: no box in the picture.
      frameBox: crop.box === null ? null : (JSON.parse(crop.box) as number[]).map(decimal).join(','),
    }),
  };
}

function seenOn(
  { label }: CropForStandards,
  ranked: Ranked,
  { run }: TimedVisit,
  model: KnownModel | undefined,
): Seen {
  if (label === null || !model) return seenIn({ label: null, insect: false, unsure: false });
  const onCard = model.labels.get(label);
  const unsure = isUnsure(ranked, model);
  if (onCard) return seenIn({ label, ...onCard, insect: onCard.kind !== 'non_insect', unsure });
  // Without a card, the visit tells of its own label at least.
  const ofVisit = run.observed_label === label && run.rolled_up !== 1;
  const { observed_taxon: taxon, observed_rank: rank } = run;
  return seenIn({ label, ...(ofVisit && { taxon, rank }), insect: true, unsure });
}

/** The rule for visits, for one picture: too improbable, or too close to the next label. */
function isUnsure([best, second]: Ranked, { decision }: KnownModel): boolean {
  if (!best) return false;
  const margin = best.probability - (second?.probability ?? 0);
  return !reaches(best.probability, decision.unsureBelow) || !reaches(margin, decision.marginBelow);
}
