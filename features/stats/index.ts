export { localClock } from './local-clock.js';
export { StatsModule } from './stats.module.js';
export { countVisits, insectVisits, visitsOfUnknownTime } from './stats.repository.js';
