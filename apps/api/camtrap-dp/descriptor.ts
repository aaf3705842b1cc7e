import type { Coverage } from '../exports/coverage.js';
import type { Dataset } from '../exports/dataset.js';
import { day, stamp } from '../exports/stamp.js';
import type { taxonOf } from '../exports/taxon.js';
import { SESSION_SCHEMA } from './session-table.js';
import { PROFILE, schemaOf } from './standard.js';

export interface DescribedPackage {
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
    created: stamp(createdMs),
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
}
