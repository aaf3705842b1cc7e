import { type Row, sentences, share, tags, words } from '../exports/cells.js';
import type { LabelBook } from '../exports/label-book.js';
import { stamp } from '../exports/stamp.js';
import { eventId, seenAt } from '../exports/visit-names.js';
import type { TimedVisit, Visit } from '../exports/visits.js';
import type { ObservationColumn } from './standard.js';

/** What of a visit the event-level row and those of its pictures have in common. */
export function eventColumns(visit: TimedVisit): Row<ObservationColumn> {
  const { startMs, startOffsetMin, endMs, endOffsetMin } = visit.times;
  return {
    deploymentID: visit.deployment.id,
    eventID: eventId(visit),
    eventStart: stamp(startMs, startOffsetMin),
    eventEnd: stamp(endMs, endOffsetMin),
  };
}

/**
 * One visit, counted once: the verdict that counts.
 *
 * @param exact whether the asker may know exact places, and so what people wrote
 */
export function eventRecord(visit: TimedVisit, book: LabelBook, exact: boolean): Row<ObservationColumn> {
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
    ...classification(visit, book),
    observationTags: tags({
      session: run.session_id,
      track: run.track_id,
      trackImages: run.stored_crops,
      label: run.reviewed === 1 ? run.label : null,
      modelLabel: run.observed_label,
    }),
    observationComments: commentsOn(visit, exact),
  };
}

function classification({ run, review }: Visit, book: LabelBook): Row<ObservationColumn> {
  if (review)
    return {
      classificationMethod: 'human',
      classifiedBy: words(review.by_name),
      classificationTimestamp: stamp(review.at_ms),
      // Who is unsure has given no probability; the model's is not theirs.
      ...(run.unsure !== 1 &&
        run.probability !== null && { classificationProbability: share(run.probability) }),
    };
  if (run.label === null || run.model === null) return {};
  return {
    classificationMethod: 'machine',
    classifiedBy: book.of(run.model).classifiedBy,
    ...(run.observed_at !== null && { classificationTimestamp: stamp(run.observed_at) }),
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
  return sentences(
    run.clock_suspect === 1 &&
      `The trap's clock was wrong: it said ${run.start_sent ?? run.end_sent}. ${TRUE_TIME[run.time_from ?? 'trap']}`,
    run.state === 'open' && 'More of this visit may come.',
    run.end_status === 'aborted' && 'The trap broke off.',
    exact && words(review?.comment),
  );
}
