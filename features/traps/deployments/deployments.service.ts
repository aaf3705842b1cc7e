import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { Catalog } from '../../../libs/database/index.js';
import type { DeploymentPeriod } from '../../../libs/domain/index.js';
import { type Principal, seesExactPlaces } from '../../accounts/index.js';
import { iso, isoOrNull, Links, notFound, Problem } from '../../http/index.js';
import { LOG } from '../../platform/index.js';
import { findTrap, lockTrap } from '../traps.repository.js';
import { findDeployment, followDeployment, knownSinceOf } from './deployments.repository.js';
import { type DeploymentBody, type DeploymentParams, deploymentFrom } from './deployments.schema.js';
import { deploy, removeDeployment } from './place-trap.js';
import { presentDeployment } from './present-deployment.js';

@Injectable()
export class DeploymentsService {
  constructor(
    private readonly catalog: Catalog,
    private readonly links: Links,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  async one(params: DeploymentParams, user: Principal) {
    const { trapId, deploymentId } = params;
    const { db } = this.catalog;
    const deployment = await findDeployment(db, trapId, deploymentId);
    const trap = await findTrap(db, trapId);
    if (!trap) throw noTrap(trapId);
    if (!deployment) throw noDeployment(params);
    const knownSinceMs = (await knownSinceOf(db, [trapId])).get(trapId) ?? trap.firstSeenAtMs;
    return presentDeployment(deployment, knownSinceMs, seesExactPlaces(user), this.links);
  }

  /** @throws Problem 404 where there is no such trap; 409 where another deployment overlaps */
  async put(params: DeploymentParams, body: DeploymentBody, user: Principal) {
    const { trapId, deploymentId } = params;
    const nowMs = Date.now();
    const isNew = await this.catalog.db.transaction().execute(async (tx) => {
      // An unknown trap is more likely a typing error than a wish.
      if (!(await findTrap(tx, trapId))) throw noTrap(trapId);
      await lockTrap(tx, trapId, nowMs);
      const before = await findDeployment(tx, trapId, deploymentId);
      const conflict = await deploy(tx, deploymentFrom(trapId, deploymentId, body), nowMs);
      if (conflict) throw overlaps(trapId, conflict);
      return before === undefined;
    });
    this.log.info({ by: user.name, trapId, deploymentId }, 'deployment set');
    return { isNew, deployment: await this.one(params, user) };
  }

  async remove(params: DeploymentParams, user: Principal): Promise<void> {
    const { trapId, deploymentId } = params;
    const nowMs = Date.now();
    await this.catalog.db.transaction().execute(async (tx) => {
      if (!(await removeDeployment(tx, trapId, deploymentId))) throw noDeployment(params);
      await lockTrap(tx, trapId, nowMs);
      await followDeployment(tx, trapId, nowMs);
    });
    this.log.info({ by: user.name, trapId, deploymentId }, 'deployment deleted');
  }
}

const noTrap = (trapId: string): Problem =>
  notFound(`There is no trap ${trapId}. PUT /api/v1/traps/${trapId} makes one known before it speaks.`);

const noDeployment = ({ trapId, deploymentId }: DeploymentParams): Problem =>
  notFound(`There is no deployment ${deploymentId} of trap ${trapId}.`);

function overlaps(trapId: string, { deploymentId, startMs, endMs }: DeploymentPeriod): Problem {
  const from = startMs === null ? 'the beginning' : iso(startMs);
  const to = isoOrNull(endMs) ?? 'now on';
  return new Problem(
    409,
    'conflict',
    `Deployment ${deploymentId} of trap ${trapId} goes from ${from} to ${to}: two cannot overlap. Change its end or this start.`,
  );
}
