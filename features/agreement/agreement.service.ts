import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { RunFilter } from '../runs/index.js';
import { AgreementRepository } from './agreement.repository.js';
import { type AGREEMENT, presentAgreement } from './agreement.schema.js';

/** How far model and people agree. */
@Injectable()
export class AgreementService {
  constructor(private readonly repository: AgreementRepository) {}

  /** @param model key of a model; otherwise of each run the one that counts */
  async agreement(filter: RunFilter, model: string | undefined): Promise<z.output<typeof AGREEMENT>> {
    return presentAgreement(await this.repository.confusions(filter, model), model);
  }
}
