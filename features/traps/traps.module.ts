import { Module } from '@nestjs/common';
import { ConnectController } from './connect/connect.controller.js';
import { DeploymentsController } from './deployments/deployments.controller.js';
import { TelemetryController } from './telemetry.controller.js';
import { TrapsController } from './traps.controller.js';
import { TrapVisitsController } from './visits/trap-visits.controller.js';

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
