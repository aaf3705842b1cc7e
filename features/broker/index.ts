export { BrokerModule } from './broker.module.js';
export { MESSAGE_SOURCE } from './message-source.js';
