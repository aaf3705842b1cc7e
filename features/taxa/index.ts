export { addNames } from './add-names.js';
export { namedMessage } from './named-message.js';
export { bothNames, type GroupNames, groupNames, type Names } from './names.js';
export { TaxaModule } from './taxa.module.js';
export { GROUP_NAMES, NAMES } from './taxa.schema.js';
export { Taxa } from './taxa.service.js';
export { type KnownModel, TaxonIndex } from './taxon-index.js';
export { WithNames } from './with-names.js';
