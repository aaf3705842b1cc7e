export { SeriesModule } from './series.module.js';
export { countFinalObservations, lastPointsError } from './series.repository.js';
export { Series } from './series.service.js';
