import { day } from '../cells.js';
import type { Coverage } from '../coverage.js';
import type { Dataset } from '../dataset.js';
import { type Element, xmlDocument } from './meta-xml.js';

interface DescribedArchive {
  readonly id: string;
  readonly dataset: Dataset;
  readonly createdMs: number;
  readonly exact: boolean;
  readonly coverage: Coverage;
  /** Scientific names, each once, with their ranks. */
  readonly names: ReadonlyMap<string, string | undefined>;
  /** What was asked for; undefined: everything. */
  readonly selection: string | undefined;
}

const NAMESPACES = {
  'xmlns:eml': 'https://eml.ecoinformatics.org/eml-2.2.0',
  'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
  'xsi:schemaLocation':
    'https://eml.ecoinformatics.org/eml-2.2.0 https://rs.gbif.org/schema/eml-gbif-profile/1.3/eml.xsd',
};

/** The archive's metadata in the Ecological Metadata Language, in the order that its schema wants. */
export function emlXml(about: DescribedArchive): string {
  const { dataset, createdMs } = about;
  const party: Element = ['organizationName', {}, dataset.contributor];
  return xmlDocument([
    'eml:eml',
    { ...NAMESPACES, packageId: about.id, system: 'https://gbif.org', scope: 'system', 'xml:lang': 'eng' },
    [
      'dataset',
      {},
      ['alternateIdentifier', {}, about.id],
      ['title', { 'xml:lang': 'eng' }, dataset.title],
      ['creator', {}, party],
      ['metadataProvider', {}, party],
      ['pubDate', {}, day(createdMs)],
      ['language', {}, 'eng'],
      ['abstract', {}, ...abstract(about).map((text): Element => ['para', {}, text])],
      [
        'keywordSet',
        {},
        ['keyword', {}, 'Occurrence'],
        ['keywordThesaurus', {}, 'GBIF Dataset Type Vocabulary'],
      ],
      [
        'keywordSet',
        {},
        ['keyword', {}, 'insects'],
        ['keyword', {}, 'camera trap'],
        ['keywordThesaurus', {}, 'n/a'],
      ],
      rights(dataset.licence),
      licensed(dataset.licence),
      coverage(about),
      ['contact', {}, party],
      ['methods', {}, ...methods()],
    ],
  ]);
}

function abstract({ exact, selection }: DescribedArchive): string[] {
  return [
    'Visits of insects to camera traps. Each visit is one occurrence, however many pictures it has. Left out are what is no insect, what could not be told with enough certainty, and what is not classified yet.',
    ...(selection === undefined ? [] : [`A selection: ${selection}.`]),
    ...(exact ? [] : ['Coordinates are rounded to 0.1 degree.']),
  ];
}

function rights(licence: string | undefined): Element {
  if (licence === undefined)
    return ['intellectualRights', {}, ['para', {}, 'No licence has been chosen: ask the rights holder.']];
  const title: Element = ['citetitle', {}, licenceTitle(licence)];
  const link: Element = ['ulink', { url: licenceUrl(licence) }, title];
  return ['intellectualRights', {}, ['para', {}, 'This work is licensed under a', link]];
}

/** For programs; only licences that are known by an identifier. */
function licensed(licence: string | undefined): Element | undefined {
  if (licence === undefined || !isKnown(licence)) return undefined;
  return [
    'licensed',
    {},
    ['licenseName', {}, licenceTitle(licence)],
    ['url', {}, `https://spdx.org/licenses/${licence}.html`],
    ['identifier', {}, licence],
  ];
}

function coverage({ coverage: where, names }: DescribedArchive): Element {
  const { west, east, north, south, startMs, endMs, points } = where;
  const bounds = {
    westBoundingCoordinate: west,
    eastBoundingCoordinate: east,
    northBoundingCoordinate: north,
  };
  const date = (name: string, atMs: number): Element => [name, {}, ['calendarDate', {}, day(atMs)]];
  return [
    'coverage',
    {},
    [
      'geographicCoverage',
      {},
      ['geographicDescription', {}, points.length ? 'Where the camera traps stood' : 'Not known'],
      [
        'boundingCoordinates',
        {},
        ...Object.entries({ ...bounds, southBoundingCoordinate: south }).map(
          ([name, degrees]): Element => [name, {}, String(degrees)],
        ),
      ],
    ],
    ['temporalCoverage', {}, ['rangeOfDates', {}, date('beginDate', startMs), date('endDate', endMs)]],
    names.size
      ? ['taxonomicCoverage', {}, ...[...names].sort(([a], [b]) => (a < b ? -1 : 1)).map(classification)]
      : undefined,
  ];
}

function classification([name, rank]: readonly [string, string | undefined]): Element {
  const named: Element = ['taxonRankValue', {}, name];
  return ['taxonomicClassification', {}, rank === undefined ? undefined : ['taxonRankName', {}, rank], named];
}

function methods(): Element[] {
  const para = (text: string): Element => ['para', {}, text];
  return [
    [
      'methodStep',
      {},
      [
        'description',
        {},
        para(
          'A camera trap follows each insect and takes pictures of it. A classifier names each picture; the name with the largest weight of all pictures of the visit is its identification. People may overrule it.',
        ),
      ],
    ],
    [
      'sampling',
      {},
      ['studyExtent', {}, ['description', {}, para('The recording periods of the camera traps.')]],
      ['samplingDescription', {}, para('Continuous recording by camera traps in recording periods.')],
    ],
  ];
} /** Licences that GBIF knows, by the identifiers of SPDX. */
const KNOWN: Readonly<Record<string, { readonly url: string; readonly title: string }>> = {
  'CC0-1.0': {
    url: 'http://creativecommons.org/publicdomain/zero/1.0/legalcode',
    title: 'Public Domain (CC0 1.0)',
  },
  'CC-BY-4.0': {
    url: 'http://creativecommons.org/licenses/by/4.0/legalcode',
    title: 'Creative Commons Attribution (CC-BY) 4.0 License',
  },
  'CC-BY-NC-4.0': {
    url: 'http://creativecommons.org/licenses/by-nc/4.0/legalcode',
    title: 'Creative Commons Attribution Non Commercial (CC-BY-NC) 4.0 License',
  },
};

const isKnown = (licence: string): boolean => licence in KNOWN;

/** The address of a licence's text, or the licence as it was given. */
export const licenceUrl = (licence: string): string => KNOWN[licence]?.url ?? licence;

const licenceTitle = (licence: string): string => KNOWN[licence]?.title ?? licence;
