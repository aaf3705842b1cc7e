/** Of the standard that the packages follow: https://camtrap-dp.tdwg.org */
export const VERSION = '1.0.2';

const BASE = `https://raw.githubusercontent.com/tdwg/camtrap-dp/${VERSION}`;
export const PROFILE = `${BASE}/camtrap-dp-profile.json`;
export const schemaOf = (table: 'deployments' | 'media' | 'observations'): string =>
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
