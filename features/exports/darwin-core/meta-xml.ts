export const OCCURRENCE_FILE = 'occurrence.csv';
export const MULTIMEDIA_FILE = 'multimedia.csv';
export const EML_FILE = 'eml.xml';

/** How the tables are written; backslashes as the standard spells them. */
const WRITTEN = {
  encoding: 'UTF-8',
  fieldsTerminatedBy: ',',
  linesTerminatedBy: '\\n',
  fieldsEnclosedBy: '"',
  ignoreHeaderLines: 1,
};

/** The archive's table of contents: https://dwc.tdwg.org/text/ */
export function metaXml(): string {
  const core: Element[] = OCCURRENCE_COLUMNS.map((name, index) => [
    'field',
    { index, term: OCCURRENCE_TERMS[name] },
  ]);
  const media = Object.values(MULTIMEDIA_TERMS).map((term, i): Element => ['field', { index: i + 1, term }]);
  return xmlDocument([
    'archive',
    { xmlns: 'http://rs.tdwg.org/dwc/text/', metadata: EML_FILE },
    [
      'core',
      { ...WRITTEN, rowType: OCCURRENCE_ROWS },
      files(OCCURRENCE_FILE),
      ['id', { index: OCCURRENCE_COLUMNS.indexOf('occurrenceID') }],
      ...core,
    ],
    [
      'extension',
      { ...WRITTEN, rowType: MULTIMEDIA_ROWS },
      files(MULTIMEDIA_FILE),
      ['coreid', { index: MULTIMEDIA_COLUMNS.indexOf('coreID') }],
      ...media,
    ],
  ]);
}

const files = (name: string): Element => [
  'files',
  {},
  ['location', {}, name],
]; /** An element: its name, its attributes, what is in it. */
export type Element = readonly [name: string, attributes: Attributes, ...content: Content[]];
type Attributes = Readonly<Record<string, string | number>>;
type Content = Element | string | undefined;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};
/** What no XML document may hold, not even escaped (XML 1.0, 2.2). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/gu;

/** A document as text, each element in a line of its own. */
export const xmlDocument = (root: Element): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${written(root, '')}\n`;

function written([name, attributes, ...content]: Element, indent: string): string {
  const tag = [
    name,
    ...Object.entries(attributes).map(([key, value]) => `${key}="${escaped(String(value))}"`),
  ];
  const there = content.filter((part) => part !== undefined);
  if (!there.length) return `${indent}<${tag.join(' ')}/>`;
  if (there.every((part) => typeof part === 'string'))
    return `${indent}<${tag.join(' ')}>${there.map(escaped).join('')}</${name}>`;
  const lines = there.map((part) =>
    typeof part === 'string' ? `${indent}  ${escaped(part)}` : written(part, `${indent}  `),
  );
  return [`${indent}<${tag.join(' ')}>`, ...lines, `${indent}</${name}>`].join('\n');
}

const escaped = (text: string): string =>
  text.replace(FORBIDDEN, '').replace(/[&<>"]/g, (character) => ENTITIES[character] as string);
const DWC = 'http://rs.tdwg.org/dwc/terms/';
const DC = 'http://purl.org/dc/terms/';

const OCCURRENCE_ROWS = `${DWC}Occurrence`;
const MULTIMEDIA_ROWS = 'http://rs.gbif.org/terms/1.0/Multimedia';

/** Columns of the core, each with the term it is. The first one is the id. */
const OCCURRENCE_TERMS = {
  occurrenceID: `${DWC}occurrenceID`,
  basisOfRecord: `${DWC}basisOfRecord`,
  occurrenceStatus: `${DWC}occurrenceStatus`,
  individualCount: `${DWC}individualCount`,
  eventID: `${DWC}eventID`,
  parentEventID: `${DWC}parentEventID`,
  eventDate: `${DWC}eventDate`,
  verbatimEventDate: `${DWC}verbatimEventDate`,
  samplingProtocol: `${DWC}samplingProtocol`,
  sampleSizeValue: `${DWC}sampleSizeValue`,
  sampleSizeUnit: `${DWC}sampleSizeUnit`,
  samplingEffort: `${DWC}samplingEffort`,
  eventRemarks: `${DWC}eventRemarks`,
  habitat: `${DWC}habitat`,
  scientificName: `${DWC}scientificName`,
  scientificNameAuthorship: `${DWC}scientificNameAuthorship`,
  identificationQualifier: `${DWC}identificationQualifier`,
  taxonRank: `${DWC}taxonRank`,
  vernacularName: `${DWC}vernacularName`,
  kingdom: `${DWC}kingdom`,
  phylum: `${DWC}phylum`,
  class: `${DWC}class`,
  order: `${DWC}order`,
  family: `${DWC}family`,
  genus: `${DWC}genus`,
  verbatimIdentification: `${DWC}verbatimIdentification`,
  identifiedBy: `${DWC}identifiedBy`,
  dateIdentified: `${DWC}dateIdentified`,
  identificationVerificationStatus: `${DWC}identificationVerificationStatus`,
  identificationRemarks: `${DWC}identificationRemarks`,
  locationID: `${DWC}locationID`,
  locality: `${DWC}locality`,
  decimalLatitude: `${DWC}decimalLatitude`,
  decimalLongitude: `${DWC}decimalLongitude`,
  geodeticDatum: `${DWC}geodeticDatum`,
  coordinateUncertaintyInMeters: `${DWC}coordinateUncertaintyInMeters`,
  coordinatePrecision: `${DWC}coordinatePrecision`,
  dataGeneralizations: `${DWC}dataGeneralizations`,
  datasetID: `${DWC}datasetID`,
  datasetName: `${DWC}datasetName`,
  license: `${DC}license`,
  rightsHolder: `${DC}rightsHolder`,
} as const;

/** Columns of the extension; before them stands the id of the occurrence. */
const MULTIMEDIA_TERMS = {
  type: `${DC}type`,
  format: `${DC}format`,
  identifier: `${DC}identifier`,
  title: `${DC}title`,
  created: `${DC}created`,
  creator: `${DC}creator`,
  license: `${DC}license`,
  rightsHolder: `${DC}rightsHolder`,
} as const;

export type OccurrenceColumn = keyof typeof OCCURRENCE_TERMS;
export type MultimediaColumn = 'coreID' | keyof typeof MULTIMEDIA_TERMS;

export const OCCURRENCE_COLUMNS = Object.keys(OCCURRENCE_TERMS) as OccurrenceColumn[];
export const MULTIMEDIA_COLUMNS: readonly MultimediaColumn[] = [
  'coreID',
  ...(Object.keys(MULTIMEDIA_TERMS) as (keyof typeof MULTIMEDIA_TERMS)[]),
];
