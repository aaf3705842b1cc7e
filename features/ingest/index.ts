export { metrics } from './ingest.metrics.js';
export { IngestModule } from './ingest.module.js';
export { Ingest } from './ingest.service.js';
