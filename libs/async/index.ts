export { type Blocked, FairSemaphore, type Member, type ShareLimits } from './fair-semaphore.js';
export { LeastRate, type RateLimits } from './least-rate.js';
export { networkOf } from './network-of.js';
export { Overuse, type Overuser } from './overuse.js';
export { PendingConnections } from './pending-connections.js';
