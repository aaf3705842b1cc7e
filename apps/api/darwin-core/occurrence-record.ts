import type { sessionsOfRuns } from '../../../libs/catalog/index.js';
import { plural, splitName, splitQualifier } from '../../../libs/domain/index.js';
import { decimal, type Row, sentences, words } from '../exports/cells.js';
import { uuidOf } from '../exports/dataset.js';
import type { ExportJob } from '../exports/export-job.js';
import type { LabelBook } from '../exports/label-book.js';
import { stamp } from '../exports/stamp.js';
import { taxonOf } from '../exports/taxon.js';
import { eventId, seenAt } from '../exports/visit-names.js';
import type { Visit } from '../exports/visits.js';
import { placeFor, uncertaintyFor } from '../place.js';
import { sessionMinutes } from '../session-view.js';
import { licenceUrl } from './licence.js';
import type { OccurrenceColumn } from './terms.js';

type SessionRow = Awaited<ReturnType<typeof sessionsOfRuns>>[number];

/** What can be said of an insect without a name: that much is certain. */
const UNNAMED: OccurrenceName = { scientificName: 'Animalia', rank: 'kingdom' };

interface OccurrenceName {
  /** Without authorship, and as far as it is certain. */
  readonly scientificName: string;
  readonly rank: string | undefined;
  readonly qualifier?: string | undefined;
}

/** Only what is known to be an insect: nothing unsure, no background, no bird, nothing that is not classified. */
export const isOccurrence = (visit: Visit): boolean =>
  visit.run.insect === 1 && seenAt(visit).type === 'animal';

/** Stays the same for the same visit, whenever and by whomever it is exported. */
export const occurrenceId = ({ run }: Visit, { datasetId }: ExportJob): string =>
  `urn:uuid:${uuidOf(datasetId, `${run.trap_id}/${run.run_id}`)}`;

export function nameOf(visit: Visit): OccurrenceName {
  const { scientificName, rank } = seenAt(visit);
  if (scientificName === undefined) return UNNAMED;
  const { certain, qualifier } = splitQualifier(scientificName);
  // Of what is left, the rank that was given is not the rank.
  if (qualifier !== undefined) return { scientificName: certain, qualifier, rank: rankOfCertain(certain) };
  return { scientificName, rank };
}

/** `Bombus` of `Bombus cf. terrestris` is a genus; with an epithet it is a species. */
const rankOfCertain = (certain: string): string => (/ \p{Ll}/u.test(certain) ? 'species' : 'genus');

/** As the person gave it whose verdict stands, else as a model card does. */
function authorshipOf({ review }: Visit, name: string, book: LabelBook): string | undefined {
  const said = review?.taxon == null ? undefined : splitName(review.taxon);
  if (said?.name === name && said.authorship !== undefined) return words(said.authorship);
  return words(book.labelsOf(name).find(({ authorship }) => authorship !== undefined)?.authorship);
}

/** One visit of an insect. */
export function occurrenceRecord(
  visit: Visit,
  session: SessionRow | undefined,
  job: ExportJob,
): Row<OccurrenceColumn> {
  const { dataset } = job;
  return {
    occurrenceID: occurrenceId(visit, job),
    // The evidence is the camera's, whoever names what it shows: a review stands in identifiedBy and its status.
    basisOfRecord: 'MachineObservation',
    occurrenceStatus: 'present',
    individualCount: 1,
    ...event(visit, session),
    ...identification(visit, job),
    ...location(visit, job),
    datasetID: `urn:uuid:${job.datasetId}`,
    datasetName: dataset.title,
    license: dataset.licence && licenceUrl(dataset.licence),
    rightsHolder: dataset.contributor,
  };
}

function event(visit: Visit, session: SessionRow | undefined): Row<OccurrenceColumn> {
  const { run, times, deployment } = visit;
  const [start, end] = times ? [stamp(times.startMs), stamp(times.endMs)] : [];
  const minutes = session && sessionMinutes(session);
  const hasEffort = minutes !== null && minutes !== undefined;
  return {
    eventID: eventId(visit),
    parentEventID: deployment.id,
    eventDate: start === end ? start : `${start}/${end}`,
    verbatimEventDate: words(run.start_sent ?? run.end_sent),
    samplingProtocol: 'camera trap',
    sampleSizeValue: hasEffort ? decimal(minutes) : undefined,
    sampleSizeUnit: hasEffort ? 'minute' : undefined,
    samplingEffort: hasEffort
      ? `${decimal(minutes)} ${minutes === 1 ? 'minute' : 'minutes'} of recording (session ${run.session_id})`
      : undefined,
    eventRemarks: times
      ? undefined
      : "The trap's clock was wrong, and nobody knows when it was: verbatimEventDate is what the clock showed.",
    habitat: words(deployment.row?.habitat),
  };
}

function identification(visit: Visit, { book, exact }: ExportJob): Row<OccurrenceColumn> {
  const { run, review } = visit;
  const { scientificName, rank, qualifier } = nameOf(visit);
  const { taxonRank, vernacularNames: _names, ...taxon } = taxonOf(scientificName, rank, book);
  const share = run.probability === null ? '' : ` with ${Math.round(run.probability * 100)} % certainty`;
  const pictures =
    run.top1_crops === null ? '' : ` (${run.top1_crops} of ${plural(run.voting_crops ?? 0, 'picture')})`;
  return {
    kingdom: 'Animalia',
    ...taxon,
    taxonRank: taxonRank ?? rank,
    scientificNameAuthorship: qualifier === undefined ? authorshipOf(visit, scientificName, book) : undefined,
    identificationQualifier: qualifier,
    verbatimIdentification: words(review?.taxon ?? run.label),
    identifiedBy: review ? words(review.by_name) : run.model && book.of(run.model).classifiedBy,
    dateIdentified: review ? stamp(review.at_ms) : run.observed_at && stamp(run.observed_at),
    identificationVerificationStatus: review ? 'verified using recorded media' : 'unverified',
    identificationRemarks: review
      ? sentences('Classified by a person.', exact && words(review.comment))
      : `Classified by a machine${share}${pictures}.`,
  };
}

function location({ deployment: { id, row, trap } }: Visit, { exact }: ExportJob): Row<OccurrenceColumn> {
  const place = placeFor(exact, row?.latitude ?? null, row?.longitude ?? null);
  return {
    locationID: row?.location_id ?? id,
    locality: words(row?.name ?? trap.name),
    ...(place && {
      decimalLatitude: decimal(place.latitude),
      decimalLongitude: decimal(place.longitude),
      geodeticDatum: 'EPSG:4326',
      coordinateUncertaintyInMeters: uncertaintyFor(exact, row?.uncertainty_m ?? null),
      ...(!exact && {
        coordinatePrecision: 0.1,
        dataGeneralizations: 'coordinates rounded to 0.1 degree',
      }),
    }),
  };
}
