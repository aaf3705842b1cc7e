export {
  type Answer,
  ApiDoc,
  type AuthScheme,
  type Body,
  type Documentation,
  empty,
  file,
  json,
  rangeable,
  TAGS,
} from './api-doc.js';
export { type ByteRange, byteRangeOf, hasCopy } from './byte-range.js';
export { deviceIso, iso, isoOrNull } from './format.js';
export { safeHeaders } from './headers.js';
export { type JsonSchema, JsonSchemas } from './json-schema.js';
export { Links } from './links.js';
export { LEAST_RATE, OpenConnections } from './open-connections.js';
export { after, pageOf, placed } from './pages.js';
export {
  checked,
  described,
  excel,
  flag,
  id,
  label,
  limit,
  modelName,
  NO_PARAMETERS,
  oneOf,
  onlyThese,
  onlyTheseFields,
  probability,
  taxon,
  time,
  wholeNumber,
} from './parameters.js';
export { type ApiParts, type ClassifierStatus, type DatasetSettings, PARTS } from './parts.js';
export { ProblemFilter } from './problem.filter.js';
export {
  expectUtf8,
  type FieldError,
  invalidRequest,
  notFound,
  Problem,
  type ProblemCode,
  sayWhatIsWrong,
} from './problem.js';
export { publicAddress } from './public-address.js';
export type { DeadLetter, Reception, SentMessage } from './reception.js';
export { type Route, RouteList } from './route-list.js';
export { count, extraFields, instant, link, page, sha256, share } from './schema-fields.js';
export { sendJson } from './send-json.js';
