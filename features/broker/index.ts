export { AccountWatch } from './accounts.js';
export { BrokerModule } from './broker.module.js';
export { ServiceBroker } from './service-broker.js';
export { trapBroker } from './trap-broker.js';
