export { EmbeddedBroker } from './embedded/embedded-broker.js';
export type { Principal } from './embedded/embedded-options.js';
export { ExternalBroker } from './external/external-broker.js';
export { mosquittoPassword } from './external/mosquitto-password.js';
export type { Message, MessageSource, SourceStats } from './message.js';
export { ErrorsAsThrown, TrapTransport } from './nest/transport.js';
export { TopicError } from './topic-error.js';
