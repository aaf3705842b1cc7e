export { ClockModule } from './clock.module.js';
export { followClocks } from './follow-clocks.js';
export { rereadTimes } from './reread-times.js';
export { correctAgain, followSessionMessage, readPasses } from './time-corrections.js';
