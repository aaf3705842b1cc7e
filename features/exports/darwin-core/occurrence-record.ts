import { type Session, sessionMinutes, splitName, splitQualifier } from '../../../libs/domain/index.js';
import { plural } from '../../../libs/text/index.js';
import type { TaxonIndex } from '../../taxa/index.js';
import { placeFor, uncertaintyFor } from '../../traps/index.js';
import { decimal, isoSeconds, joinSentences, oneLine, type Row } from '../cells.js';
import { uuidOf } from '../dataset.js';
import type { ExportJob } from '../export-jobs.js';
import type { CropForStandards } from '../exports.repository.js';
import { taxonOf } from '../taxon-record.js';
import { cropTime, eventId, isTimed, mediaId, seenAt, type Visit } from '../visits.js';
import { licenceUrl } from './eml.js';
import type { MultimediaColumn, OccurrenceColumn } from './meta-xml.js';

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
  visit.run.insect === true && seenAt(visit).type === 'animal';

/** Stays the same for the same visit, whenever and by whomever it is exported. */
const occurrenceId = ({ run }: Visit, { datasetId }: ExportJob): string =>
  `urn:uuid:${uuidOf(datasetId, `${run.trapId}/${run.runId}`)}`;

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
function authorshipOf({ review }: Visit, name: string, taxa: TaxonIndex): string | undefined {
  const said = review?.named?.taxon === undefined ? undefined : splitName(review.named.taxon);
  if (said?.name === name && said.authorship !== undefined) return oneLine(said.authorship);
  return oneLine(taxa.labelsOf(name).find(({ authorship }) => authorship !== undefined)?.authorship);
}

/** One visit of an insect. */
export function occurrenceRecord(
  visit: Visit,
  session: Session | undefined,
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

function event(visit: Visit, session: Session | undefined): Row<OccurrenceColumn> {
  const { run, times, deployment } = visit;
  const [start, end] = times ? [isoSeconds(times.startMs), isoSeconds(times.endMs)] : [];
  const minutes = session && sessionMinutes(session);
  const hasEffort = minutes !== null && minutes !== undefined;
  return {
    eventID: eventId(visit),
    parentEventID: deployment.id,
    eventDate: start === end ? start : `${start}/${end}`,
    verbatimEventDate: oneLine(run.startSent ?? run.endSent),
    samplingProtocol: 'camera trap',
    sampleSizeValue: hasEffort ? decimal(minutes) : undefined,
    sampleSizeUnit: hasEffort ? 'minute' : undefined,
    samplingEffort: hasEffort
      ? `${decimal(minutes)} ${minutes === 1 ? 'minute' : 'minutes'} of recording (session ${run.sessionId})`
      : undefined,
    eventRemarks: times
      ? undefined
      : "The trap's clock was wrong, and nobody knows when it was: verbatimEventDate is what the clock showed.",
    habitat: oneLine(deployment.stored?.habitat),
  };
}

function identification(visit: Visit, { taxa, exact }: ExportJob): Row<OccurrenceColumn> {
  const { run, review } = visit;
  const { scientificName, rank, qualifier } = nameOf(visit);
  const { taxonRank, vernacularNames, ...taxon } = taxonOf(scientificName, rank, taxa);
  const share = run.probability === null ? '' : ` with ${Math.round(run.probability * 100)} % certainty`;
  const { observation } = run;
  const pictures = observation
    ? ` (${observation.top1Crops} of ${plural(observation.crops, 'picture')})`
    : '';
  return {
    kingdom: 'Animalia',
    ...taxon,
    taxonRank: taxonRank ?? rank,
    // The term takes one name.
    vernacularName: vernacularNames?.eng ?? vernacularNames?.deu,
    scientificNameAuthorship: qualifier === undefined ? authorshipOf(visit, scientificName, taxa) : undefined,
    identificationQualifier: qualifier,
    verbatimIdentification: oneLine(review?.named?.taxon ?? run.label),
    identifiedBy: review ? oneLine(review.byName) : run.model && taxa.model(run.model).classifiedBy,
    dateIdentified: review ? isoSeconds(review.atMs) : observation && isoSeconds(observation.observedAtMs),
    identificationVerificationStatus: review ? 'verified using recorded media' : 'unverified',
    identificationRemarks: review
      ? joinSentences('Classified by a person.', exact && oneLine(review.comment))
      : `Classified by a machine${share}${pictures}.`,
  };
}

function location({ deployment: { id, stored, trap } }: Visit, { exact }: ExportJob): Row<OccurrenceColumn> {
  const place = placeFor(exact, stored?.place);
  return {
    locationID: stored?.locationId ?? id,
    locality: oneLine(stored?.name ?? trap.name),
    ...(place && {
      decimalLatitude: decimal(place.latitude),
      decimalLongitude: decimal(place.longitude),
      geodeticDatum: 'EPSG:4326',
      coordinateUncertaintyInMeters: uncertaintyFor(exact, stored?.uncertaintyM ?? null),
      ...(!exact && {
        coordinatePrecision: 0.1,
        dataGeneralizations: 'coordinates rounded to 0.1 degree',
      }),
    }),
  };
}

/** Of thumbnails. */
const OPEN_PICTURE_TYPE = 'image/jpeg';

/**
 * One picture of a visit, at an address that opens for everybody.
 *
 * @returns undefined where there is none: an identifier that asks for a key is a dead link to whoever harvests it
 */
export function multimediaRecord(
  crop: CropForStandards,
  visit: Visit,
  job: ExportJob,
): Row<MultimediaColumn> | undefined {
  const { contributor, mediaLicence } = job.dataset;
  const identifier = job.openPictureUrl(crop);
  if (identifier === undefined || crop.removed_at !== null) return undefined;
  return {
    coreID: occurrenceId(visit, job),
    type: 'StillImage',
    format: OPEN_PICTURE_TYPE,
    identifier,
    title: mediaId(crop),
    created: isTimed(visit) ? isoSeconds(cropTime(crop, visit).atMs) : undefined,
    creator: visit.run.trapId,
    license: mediaLicence && licenceUrl(mediaLicence),
    rightsHolder: contributor,
  };
}
