export {
  type BrokerAddress,
  brokerAddress,
  localHost,
  login,
  overHttp,
  overMqtt,
  pagesAddress,
} from './connect/how-to-connect.js';
export {
  deploymentsOf,
  EARLIEST_RUN,
  knownSince,
  trapEdits,
} from './deployments/deployments.repository.js';
export { fieldsFor, placeFor, uncertaintyFor } from './place.js';
export { clearInfo, takeInfo } from './trap-edit.js';
export { presenceOf } from './trap-presence.js';
export { type KnownZones, zonesOf } from './trap-zones.js';
export { TrapsModule } from './traps.module.js';
export {
  findTrap,
  listTraps,
  onlineTraps,
  pageOfTraps,
  ping,
  putTelemetry,
  touchTraps,
  updateTrap,
} from './traps.repository.js';
