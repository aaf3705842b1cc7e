import { Module } from '@nestjs/common';
import { AgreementController } from './agreement.controller.js';
import { AgreementRepository } from './agreement.repository.js';
import { AgreementService } from './agreement.service.js';

/** How far model and people agree. */
@Module({ controllers: [AgreementController], providers: [AgreementService, AgreementRepository] })
export class AgreementModule {}
