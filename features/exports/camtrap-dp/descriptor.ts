import { day, isoSeconds } from '../cells.js';
import type { Coverage } from '../coverage.js';
import type { Dataset } from '../dataset.js';
import type { taxonOf } from '../taxon-record.js';
import { SESSION_SCHEMA } from './session-table.js';

interface DescribedPackage {
  readonly id: string;
  readonly dataset: Dataset;
  readonly version: string;
  readonly createdMs: number;
  readonly exact: boolean;
  readonly coverage: Coverage;
  readonly taxa: readonly ReturnType<typeof taxonOf>[];
  /** What was asked for, in words; undefined: everything. */
  readonly selection: string | undefined;
  /** Visits of unknown time. */
  readonly leftOut: number;
}

/** What `datapackage.json` says: what is in the package, whose it is, where, when and what. */
export function descriptor(about: DescribedPackage) {
  const { dataset, coverage, createdMs } = about;
  return {
    resources: [
      table('deployments', schemaOf('deployments')),
      table('media', schemaOf('media')),
      table('observations', schemaOf('observations')),
      table('sessions', SESSION_SCHEMA),
    ],
    profile: PROFILE,
    name: packageName(dataset.title),
    id: about.id,
    created: isoSeconds(createdMs),
    title: dataset.title,
    description: description(about),
    contributors: [{ title: dataset.contributor, role: 'rightsHolder' }],
    keywords: ['camera traps', 'insects'],
    sources: [{ title: 'Trapline', version: about.version }],
    ...licences(dataset),
    project: {
      title: dataset.title,
      samplingDesign: 'opportunistic',
      captureMethod: ['activityDetection'],
      individualAnimals: false,
      observationLevel: ['media', 'event'],
    },
    ...(!about.exact && { coordinatePrecision: 0.1 }),
    spatial: spatial(coverage),
    temporal: { start: day(coverage.startMs), end: day(coverage.endMs) },
    taxonomic: about.taxa,
  };
}

const table = (name: string, schema: unknown) => ({
  name,
  path: `${name}.csv`,
  profile: 'tabular-data-resource',
  format: 'csv',
  mediatype: 'text/csv',
  encoding: 'utf-8',
  schema,
});

/** Small letters, digits, `.`, `_` and `-`: nothing else is a name there. */
function packageName(title: string): string {
  const slug = title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return slug || 'insect-camera-traps';
}

function description({ selection, exact, leftOut }: DescribedPackage): string {
  return [
    'Visits of insects to camera traps. Each visit is one event-level observation and counts once, however many pictures it has;',
    'media-level observations are what the classifier said of single pictures.',
    selection === undefined ? 'All visits.' : `A selection: ${selection}.`,
    ...(leftOut === 0
      ? []
      : [
          `${leftOut} ${leftOut === 1 ? 'visit is' : 'visits are'} left out: the clock of the trap was wrong.`,
        ]),
    ...(exact ? [] : ['Coordinates are rounded to 0.1 degree.']),
  ].join(' ');
}

/** Either for both scopes, or for none: one alone is not valid. */
function licences({ licence, mediaLicence }: Dataset) {
  if (licence === undefined || mediaLicence === undefined) return {};
  const named = (text: string) => (/^https?:/.test(text) ? { path: text } : { name: text });
  return {
    licenses: [
      { ...named(licence), scope: 'data' },
      { ...named(mediaLicence), scope: 'media' },
    ],
  };
}

function spatial({ points, west, south, east, north }: Coverage) {
  const bbox = [west, south, east, north];
  if (points.length) return { type: 'MultiPoint', bbox, coordinates: points };
  const ring = [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ];
  return { type: 'Polygon', bbox, coordinates: [ring] };
} /** Of the standard that the packages follow: https://camtrap-dp.tdwg.org */
export const VERSION = '1.0.2';

const BASE = `https://raw.githubusercontent.com/tdwg/camtrap-dp/${VERSION}`;
const PROFILE = `${BASE}/camtrap-dp-profile.json`;
const schemaOf = (table: 'deployments' | 'media' | 'observations'): string =>
  `${BASE}/${table}-table-schema.json`;

/** Every column stands in the header, in this order, even where it is empty: a package without one is not valid. */
export const DEPLOYMENT_COLUMNS = [
  'deploymentID',
  'locationID',
  'locationName',
  'latitude',
  'longitude',
  'coordinateUncertainty',
  'deploymentStart',
  'deploymentEnd',
  'setupBy',
  'cameraID',
  'cameraModel',
  'cameraDelay',
  'cameraHeight',
  'cameraDepth',
  'cameraTilt',
  'cameraHeading',
  'detectionDistance',
  'timestampIssues',
  'baitUse',
  'featureType',
  'habitat',
  'deploymentGroups',
  'deploymentTags',
  'deploymentComments',
] as const;

export const MEDIA_COLUMNS = [
  'mediaID',
  'deploymentID',
  'captureMethod',
  'timestamp',
  'filePath',
  'filePublic',
  'fileName',
  'fileMediatype',
  'exifData',
  'favorite',
  'mediaComments',
] as const;

export const OBSERVATION_COLUMNS = [
  'observationID',
  'deploymentID',
  'mediaID',
  'eventID',
  'eventStart',
  'eventEnd',
  'observationLevel',
  'observationType',
  'cameraSetupType',
  'scientificName',
  'count',
  'lifeStage',
  'sex',
  'behavior',
  'individualID',
  'individualPositionRadius',
  'individualPositionAngle',
  'individualSpeed',
  'bboxX',
  'bboxY',
  'bboxWidth',
  'bboxHeight',
  'classificationMethod',
  'classifiedBy',
  'classificationTimestamp',
  'classificationProbability',
  'observationTags',
  'observationComments',
] as const;

export type DeploymentColumn = (typeof DEPLOYMENT_COLUMNS)[number];
export type MediaColumn = (typeof MEDIA_COLUMNS)[number];
export type ObservationColumn = (typeof OBSERVATION_COLUMNS)[number];
