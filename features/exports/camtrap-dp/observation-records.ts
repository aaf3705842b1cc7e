import { reaches } from '../../../libs/domain/index.js';
import type { KnownModel, TaxonIndex } from '../../taxa/index.js';
import {
  decimal,
  isoSeconds,
  joinSentences,
  type ObservationType,
  observationTypeOf,
  oneLine,
  type Row,
  share,
  tags,
} from '../cells.js';
import type { CropForStandards } from '../exports.repository.js';
import { eventId, mediaId, seenAt, type TimedVisit, type Visit } from '../visits.js';
import type { ObservationColumn } from './descriptor.js';

type Ranked = readonly { readonly probability: number }[];

/** What the model says of one picture; a person's verdict is on the visit, and stands there. */
export function cropRecord(
  crop: CropForStandards,
  visit: TimedVisit,
  taxa: TaxonIndex,
): Row<ObservationColumn> {
  const { run } = visit;
  const ranked = JSON.parse(crop.ranked ?? '[]') as Ranked;
  const model = crop.label === null || run.model === null ? undefined : taxa.model(run.model);
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
      ...(crop.classified_at !== null && { classificationTimestamp: isoSeconds(crop.classified_at) }),
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
): ObservationType {
  if (label === null || !model) return observationTypeOf({ label: null, insect: false, unsure: false });
  const onCard = model.labels.get(label);
  const unsure = isUnsure(ranked, model);
  if (onCard) return observationTypeOf({ label, ...onCard, insect: onCard.kind !== 'non_insect', unsure });
  // Without a card, the visit tells of its own label at least.
  const { observation } = run;
  const ofVisit = observation?.label === label && !observation.rolledUp;
  const { taxon, rank } = observation ?? {};
  return observationTypeOf({ label, ...(ofVisit && { taxon, rank }), insect: true, unsure });
}

/** The rule for visits, for one picture: too improbable, or too close to the next label. */
function isUnsure([best, second]: Ranked, { decision }: KnownModel): boolean {
  if (!best) return false;
  const margin = best.probability - (second?.probability ?? 0);
  return !reaches(best.probability, decision.unsureBelow) || !reaches(margin, decision.marginBelow);
}

/** What of a visit the event-level row and those of its pictures have in common. */
function eventColumns(visit: TimedVisit): Row<ObservationColumn> {
  const { startMs, startOffsetMin, endMs, endOffsetMin } = visit.times;
  return {
    deploymentID: visit.deployment.id,
    eventID: eventId(visit),
    eventStart: isoSeconds(startMs, startOffsetMin),
    eventEnd: isoSeconds(endMs, endOffsetMin),
  };
}

/**
 * One visit, counted once: the verdict that counts.
 *
 * @param exact whether the user may know exact places, and so what people wrote
 */
export function eventRecord(visit: TimedVisit, taxa: TaxonIndex, exact: boolean): Row<ObservationColumn> {
  const { run } = visit;
  const seen = seenAt(visit);
  const isSomething = seen.type === 'animal' || seen.type === 'unknown';
  return {
    ...eventColumns(visit),
    observationID: eventId(visit),
    observationLevel: 'event',
    observationType: seen.type,
    scientificName: seen.scientificName,
    count: isSomething ? 1 : undefined,
    ...classification(visit, taxa),
    observationTags: tags({
      session: run.sessionId,
      track: run.trackId,
      trackImages: run.storedCrops,
      label: run.reviewed ? run.label : null,
      modelLabel: run.observation?.label,
    }),
    observationComments: commentsOn(visit, exact),
  };
}

function classification({ run, review }: Visit, taxa: TaxonIndex): Row<ObservationColumn> {
  if (review)
    return {
      classificationMethod: 'human',
      classifiedBy: oneLine(review.byName),
      classificationTimestamp: isoSeconds(review.atMs),
      // Who is unsure has given no probability; the model's is not theirs.
      ...(run.unsure !== true &&
        run.probability !== null && { classificationProbability: share(run.probability) }),
    };
  if (run.label === null || run.model === null) return {};
  return {
    classificationMethod: 'machine',
    classifiedBy: taxa.model(run.model).classifiedBy,
    ...(run.observation && { classificationTimestamp: isoSeconds(run.observation.observedAtMs) }),
    ...(run.probability !== null && { classificationProbability: share(run.probability) }),
  };
}

const TRUE_TIME = {
  person: 'A person said the true time.',
  session: 'The true time follows from its session.',
  neighbours: 'The true time follows from messages of the same clock that came at once.',
  trap: 'It was right before or after.',
};

function commentsOn({ run, review }: Visit, exact: boolean): string | undefined {
  return joinSentences(
    run.clockSuspect &&
      `The trap's clock was wrong: it said ${run.startSent ?? run.endSent}. ${TRUE_TIME[run.timeFrom ?? 'trap']}`,
    run.state === 'open' && 'More of this visit may come.',
    run.endStatus === 'aborted' && 'The trap broke off.',
    exact && oneLine(review?.comment),
  );
}
