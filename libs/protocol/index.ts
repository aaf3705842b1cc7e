export { isOfTrap, mayPublishAsViewer, mayRead, mayReadAsViewer, publishFault } from './access.js';
export { asyncApiDocument } from './asyncapi.js';
export {
  buildAlert,
  buildLast,
  buildMessage,
  buildPayload,
  buildProblem,
  buildReceipt,
  buildResult,
  cropMessage,
  type OutgoingMessage,
  type PayloadFields,
} from './build.js';
export { endMessages, type ManifestLine } from './end-messages.js';
export { CONTRACT_VERSION } from './generated-files.js';
export { mosquittoAcl } from './mosquitto-acl.js';
export {
  isClearing,
  type MessageFaults,
  type MessageOf,
  parseMessageOf,
  type TrapMessage,
  takeMessage,
  trapMessageKind,
} from './parse.js';
export type {
  CommandAnswerPayload,
  EndPayload,
  InfoPayload,
  MetaPayload,
  ReceiptPayload,
  SessionPayload,
  StatusPayload,
  TelemetryPayload,
} from './payloads/payload-types.js';
export { type JsonObject, payloadSchemas } from './payloads/schemas.js';
export { isRejection, Rejection, type RejectionCode } from './rejection.js';
export { type SalvagedEnd, salvageEnd } from './salvage-end.js';
export {
  FILTER,
  parseTopic,
  readTopic,
  type Topic,
  TRAP_FILTERS,
  topicOf,
  topicWith,
} from './topic-names.js';
export { KINDS, TOPICS, type TrapMessageKind, topicEntry } from './topics.js';
