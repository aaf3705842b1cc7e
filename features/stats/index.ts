export { StatsController } from './stats.controller.js';
export { countVisits, insectVisits, visitsOfUnknownTime } from './stats.repository.js';
