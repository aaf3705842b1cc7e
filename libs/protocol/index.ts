export {
  checkPublish,
  DISCOVERY_PREFIX,
  mayPublish,
  mayPublishAsViewer,
  mayRead,
  mayReadAsViewer,
  mayReceiveAsViewer,
} from './access.js';
export { type AsyncApiOptions, asyncApiDocument } from './asyncapi.js';
export {
  buildMessage,
  buildPayload,
  cropMessage,
  type OutgoingMessage,
  type PayloadFields,
} from './build.js';
export { endMessages, type ManifestLine } from './end-messages.js';
export { CONTRACT_VERSION } from './generated-files.js';
export { mosquittoAcl } from './mosquitto-acl.js';
export {
  type AlertMessage,
  isClearing,
  type Message,
  type MessageFaults,
  type MessageLimits,
  type MessageOf,
  parseMessage,
  parseMessageOf,
  type TakenMessage,
  takeMessageOf,
} from './parse.js';
export type {
  AlertPayload,
  CommandAnswerPayload,
  CommandPayload,
  ConfigAppliedPayload,
  ConfigPayload,
  EndPayload,
  InfoPayload,
  MetaPayload,
  ProblemPayload,
  ReceiptPayload,
  ResultPayload,
  SessionPayload,
  StatusPayload,
  TelemetryPayload,
  TodayPayload,
} from './payload-types.js';
export { isRefusal, printable, REFUSAL_CODES, Refusal, type RefusalCode } from './refusal.js';
export { type SalvagedEnd, salvageEnd } from './salvage-end.js';
export { type JsonObject, payloadSchemas } from './schemas.js';
export {
  buildAlert,
  buildLast,
  buildProblem,
  buildReceipt,
  buildResult,
  type Problem,
} from './service-answers.js';
export {
  buildTopic,
  FILTER,
  namesIn,
  type ParsedTopic,
  parseTopic,
  TRAP_FILTERS,
  topicOf,
} from './topic-names.js';
export {
  type Direction,
  KINDS,
  type Kind,
  type Payload,
  TOPICS,
  type TopicIds,
  type TrapMessageKind,
  topicEntry,
} from './topics.js';
