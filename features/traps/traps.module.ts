import { Module } from '@nestjs/common';
import { ConnectController } from './connect/connect.controller.js';
import { ConnectService } from './connect/connect.service.js';
import { DeploymentsController } from './deployments/deployments.controller.js';
import { DeploymentsService } from './deployments/deployments.service.js';
import { TelemetryController } from './telemetry.controller.js';
import { TrapCounts } from './trap-counts.js';
import { TrapsController } from './traps.controller.js';
import { TrapsRepository } from './traps.repository.js';
import { TrapsService } from './traps.service.js';
import { TrapVisitsController } from './visits/trap-visits.controller.js';
import { TrapVisitsRepository } from './visits/trap-visits.repository.js';
import { TrapVisitsService } from './visits/trap-visits.service.js';

/** Traps: how they connect, where they stand, what they measure, and who was there. */
@Module({
  controllers: [
    TrapsController,
    ConnectController,
    DeploymentsController,
    TelemetryController,
    TrapVisitsController,
  ],
  providers: [
    TrapsService,
    TrapsRepository,
    TrapCounts,
    ConnectService,
    DeploymentsService,
    TrapVisitsService,
    TrapVisitsRepository,
  ],
})
export class TrapsModule {}
