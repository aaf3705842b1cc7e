export { type ByteRange, byteRangeOf, hasCopy } from './byte-range.js';
export { safeHeaders } from './headers.js';
export { HttpModule } from './http.module.js';
export { FileLinks, Links } from './links.js';
export { LEAST_RATE, OpenConnections } from './open-connections.js';
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
export { type DeadLetter, Reception, type SentMessage } from './reception.js';
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
} from './schema/api-doc.js';
export { deviceIso, iso, isoOrNull } from './schema/format.js';
export { type JsonSchema, JsonSchemas } from './schema/json-schema.js';
export { after, pageOf, placed } from './schema/pages.js';
export {
  checked,
  date,
  described,
  episodeId,
  excel,
  flag,
  id,
  label,
  limit,
  modelName,
  NarrowedTraps,
  oneOf,
  onlyTheseFields,
  probability,
  taxon,
  time,
  trapIds,
  wholeNumber,
} from './schema/parameters.js';
export { type Route, RouteList, schemasOf } from './schema/route-list.js';
export { count, extraFields, instant, link, page, sha256, share } from './schema/schema-fields.js';
export { sendJson } from './send-json.js';
export { AllowUnknownParameters } from './unknown-parameters.guard.js';
