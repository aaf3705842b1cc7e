export { HealthController } from './health.controller.js';
export { MetricsController } from './metrics.controller.js';
