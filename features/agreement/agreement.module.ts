import { Module } from '@nestjs/common';
import { AgreementController } from './agreement.controller.js';

/** How far model and people agree. */
@Module({ controllers: [AgreementController] })
export class AgreementModule {}
