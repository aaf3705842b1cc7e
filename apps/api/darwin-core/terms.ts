const DWC = 'http://rs.tdwg.org/dwc/terms/';
const DC = 'http://purl.org/dc/terms/';

export const OCCURRENCE_ROWS = `${DWC}Occurrence`;
export const MULTIMEDIA_ROWS = 'http://rs.gbif.org/terms/1.0/Multimedia';

/** Columns of the core, each with the term it is. The first one is the id. */
export const OCCURRENCE_TERMS = {
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
export const MULTIMEDIA_TERMS = {
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
