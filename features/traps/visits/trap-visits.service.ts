import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import type { z } from 'zod';
import type { Principal } from '../../accounts/index.js';
import { iso, notFound } from '../../http/index.js';
import { LOG } from '../../platform/index.js';
import { TrapsRepository } from '../traps.repository.js';
import { type TrapVisit, TrapVisitsRepository } from './trap-visits.repository.js';
import type { TRAP_VISIT, TRAP_VISIT_BODY } from './trap-visits.schema.js';

@Injectable()
export class TrapVisitsService {
  constructor(
    private readonly repository: TrapVisitsRepository,
    private readonly traps: TrapsRepository,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  async list(trapId: string, limit: number) {
    await this.expectTrap(trapId);
    return { items: (await this.repository.list(trapId, limit)).map(presentVisit) };
  }

  async add(trapId: string, { at, what, text }: z.output<typeof TRAP_VISIT_BODY>, user: Principal) {
    await this.expectTrap(trapId);
    const visit: TrapVisit = {
      trapId,
      visitId: randomUUID(),
      atMs: at ?? Date.now(),
      what: [...new Set(what)],
      text: text?.trim() || null,
      byName: user.name,
    };
    await this.repository.add(visit);
    this.log.info({ by: user.name, trapId, what }, 'visit to a trap noted');
    return presentVisit(visit);
  }

  async remove(trapId: string, visitId: string, user: Principal): Promise<void> {
    if (!(await this.repository.remove(trapId, visitId)))
      throw notFound(`There is no visit ${visitId} to the trap ${trapId}.`);
    this.log.info({ by: user.name, trapId, visitId }, 'note of a visit deleted');
  }

  private async expectTrap(trapId: string): Promise<void> {
    if (!(await this.traps.find(trapId))) throw notFound(`There is no trap ${trapId}.`);
  }
}

const presentVisit = ({ visitId, atMs, what, text, byName }: TrapVisit): z.output<typeof TRAP_VISIT> => ({
  id: visitId,
  at: iso(atMs),
  what: [...what],
  text,
  by: byName,
});
