import { Module } from '@nestjs/common';
import { FindingsController } from './findings.controller.js';
import { FindingsService } from './findings.service.js';
import { HealthController } from './health.controller.js';
import { MetricsController } from './metrics.controller.js';
import { ReadinessService } from './readiness.js';
import { ServiceMetrics } from './service-metrics.js';

/** For those who run the service. */
@Module({
  controllers: [HealthController, FindingsController, MetricsController],
  providers: [ReadinessService, FindingsService, ServiceMetrics],
})
export class HealthModule {}
