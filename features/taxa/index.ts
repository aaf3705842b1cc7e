export type { GroupNames, Names } from './names.js';
export { GROUP_NAMES, groupNamesField, NAMES, namesField } from './taxa.schema.js';
export { Taxa } from './taxa.service.js';
export { type KnownModel, TaxonIndex } from './taxon-index.js';
