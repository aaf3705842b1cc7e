import {
  MULTIMEDIA_COLUMNS,
  MULTIMEDIA_ROWS,
  MULTIMEDIA_TERMS,
  OCCURRENCE_COLUMNS,
  OCCURRENCE_ROWS,
  OCCURRENCE_TERMS,
} from './terms.js';
import { type Element, xmlDocument } from './xml.js';

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

const files = (name: string): Element => ['files', {}, ['location', {}, name]];
