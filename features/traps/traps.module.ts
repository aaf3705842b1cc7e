import { Module } from '@nestjs/common';
import { ConnectController } from './connect.controller.js';
import { DeploymentsController } from './deployments.controller.js';
import { TelemetryController } from './telemetry.controller.js';
import { TrapVisitsController } from './trap-visits.controller.js';
import { TrapsController } from './traps.controller.js';

/** Traps: how they connect, where they stand, what they measure, and who was there. */
@Module({
  controllers: [
    TrapsController,
    ConnectController,
    DeploymentsController,
    TelemetryController,
    TrapVisitsController,
  ],
})
export class TrapsModule {}
