import { Module } from '@nestjs/common';
import { HealthController } from './health.controller.js';
import { MetricsController } from './metrics.controller.js';
import { ReadinessService } from './readiness.js';
import { ServiceMetrics } from './service-metrics.js';

/** For those who run the service. */
@Module({
  controllers: [HealthController, MetricsController],
  providers: [ReadinessService, ServiceMetrics],
})
export class HealthModule {}
