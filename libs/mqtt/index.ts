export { EmbeddedBroker } from './embedded-broker.js';
export type { EmbeddedBrokerOptions, Principal } from './embedded-options.js';
export { ExternalBroker } from './external-broker.js';
export type { ExternalBrokerOptions } from './external-options.js';
export type { Ports } from './listeners.js';
export type { Message, MessageSource, PublishOptions, Settle, SourceStats } from './message.js';
export { mosquittoPassword } from './mosquitto-password.js';
export { probeBroker } from './probe-broker.js';
export { type Settling, settleWith } from './settling.js';
export { TopicError, type TopicErrorCode } from './topic-error.js';
export { TopicTree } from './topic-tree.js';
export {
  ErrorsAsThrown,
  type TransportStats,
  TrapTransport,
  type TrapTransportOptions,
} from './transport.js';
