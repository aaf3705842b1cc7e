import { Module } from '@nestjs/common';
import { DeploymentsController } from './deployments.controller.js';
import { TrapsController } from './traps.controller.js';

/** Traps and their deployments. */
@Module({ controllers: [TrapsController, DeploymentsController] })
export class TrapsModule {}
