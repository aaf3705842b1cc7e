import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Config } from '../../libs/config/index.js';
import { Catalog } from '../../libs/database/index.js';
import type { Trap } from '../../libs/domain/index.js';
import { type Principal, seesExactPlaces } from '../accounts/index.js';
import { Links, notFound, pageOf } from '../http/index.js';
import { CONFIG, LOG } from '../platform/index.js';
import { deploymentsOf, knownSinceOf } from './deployments/deployments.repository.js';
import { presentTelemetry, presentTrap } from './present-trap.js';
import { TrapCounts } from './trap-counts.js';
import { setTrap, type TrapEdit } from './trap-edit.js';
import { presenceOf } from './trap-presence.js';
import { TrapsRepository } from './traps.repository.js';
import type { TelemetryQuery, TrapsQuery } from './traps.schema.js';

@Injectable()
export class TrapsService {
  constructor(
    private readonly repository: TrapsRepository,
    private readonly counts: TrapCounts,
    private readonly catalog: Catalog,
    private readonly links: Links,
    @Inject(CONFIG) private readonly config: Pick<Config, 'timeZone'>,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  /** @param exact whether exact places are shown */
  async list({ trap, limit, after }: TrapsQuery, exact: boolean) {
    const traps = await this.repository.page(limit + 1, after?.[0], trap);
    const present = await this.presenter(traps.slice(0, limit), exact);
    return pageOf(traps, limit, ({ trapId }) => [trapId], present);
  }

  async one(trapId: string, exact: boolean) {
    const trap = await this.find(trapId);
    return (await this.presenter([trap], exact))(trap);
  }

  async edit(trapId: string, edit: TrapEdit, user: Principal) {
    await this.catalog.db.transaction().execute((tx) => setTrap(tx, trapId, edit, Date.now()));
    this.log.info({ by: user.name, trapId, fields: Object.keys(edit) }, 'trap edited');
    return this.one(trapId, seesExactPlaces(user));
  }

  async telemetry(trapId: string, { from, to, limit, after }: TelemetryQuery, exact: boolean) {
    await this.find(trapId);
    const filter = { fromMs: from, toMs: to, beforeMs: after?.[0] };
    const found = await this.repository.telemetryOf(trapId, filter, limit + 1);
    return pageOf(
      found,
      limit,
      ({ atMs }) => [atMs],
      (telemetry) => presentTelemetry(telemetry, exact),
    );
  }

  private async find(trapId: string): Promise<Trap> {
    const trap = await this.repository.find(trapId);
    if (!trap) throw notFound(`There is no trap ${trapId}.`);
    return trap;
  }

  /** Reads for all of these traps at once what belongs to them. */
  private async presenter(traps: readonly Trap[], exact: boolean) {
    const trapIds = traps.map(({ trapId }) => trapId);
    const latest = await this.repository.latestTelemetryOf(trapIds);
    const telemetry = new Map(latest.map((each) => [each.trapId, each]));
    const countOf = await this.counts.of(trapIds);
    const deployments = await deploymentsOf(this.catalog.reader, trapIds);
    const knownSince = await knownSinceOf(this.catalog.reader, trapIds);
    return (trap: Trap) =>
      presentTrap(
        trap,
        {
          telemetry: telemetry.get(trap.trapId),
          counts: countOf(trap.trapId),
          presence: presenceOf(trap, this.config.timeZone ?? 'UTC'),
          knownSinceMs: knownSince.get(trap.trapId) ?? trap.firstSeenAtMs,
          deployments: deployments.filter(({ trapId }) => trapId === trap.trapId),
          exact,
        },
        this.links,
      );
  }
}
