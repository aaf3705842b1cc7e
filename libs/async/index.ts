export { BackgroundLoop } from './background-loop.js';
export { FairSemaphore, Member } from './fair-semaphore.js';
export { GroupCommit } from './group-commit.js';
export { LeastRate, type RateLimits } from './least-rate.js';
export { networkOf } from './network-of.js';
export { Overuse, type Overuser } from './overuse.js';
export { PendingConnections } from './pending-connections.js';
export { BACKOFF, type Backoff, backoffMs, isWorthLogging, retry } from './retry.js';
export { throttledPages } from './throttled-pages.js';
