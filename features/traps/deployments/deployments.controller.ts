import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Put, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { Logger } from 'pino';
import { z } from 'zod';
import { Catalog } from '../../../libs/database/index.js';
import type { DeploymentPeriod } from '../../../libs/domain/index.js';
import { CurrentUser, MinRole, type Principal, seesExactPlaces } from '../../accounts/index.js';
import { ApiDoc, empty, id, iso, isoOrNull, json, Links, notFound, Problem } from '../../http/index.js';
import { LOG } from '../../platform/index.js';
import { findTrap, lockTrap } from '../traps.repository.js';
import { findDeployment, followDeployment, knownSinceOf } from './deployments.repository.js';
import {
  DEPLOYMENT,
  DEPLOYMENT_BODY,
  type DeploymentBody,
  deploymentFrom,
  EXAMPLE_BODY,
  EXAMPLE_DEPLOYMENT,
} from './deployments.schema.js';
import { deploy, removeDeployment } from './place-trap.js';
import { deploymentView } from './present-deployment.js';

const PARAMS = z.object({ trapId: id(), deploymentId: id() });
type Params = z.output<typeof PARAMS>;

/** Where a trap stood, and when. */
@Controller('api/v1/traps/:trapId/deployments')
export class DeploymentsController {
  constructor(
    private readonly catalog: Catalog,
    private readonly links: Links,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  @ApiDoc({
    tag: 'Reading',
    summary: 'One deployment of a trap',
    answers: { 200: json(DEPLOYMENT, EXAMPLE_DEPLOYMENT) },
  })
  @Get(':deploymentId')
  async one(@Param({ schema: PARAMS }) params: Params, @CurrentUser() user: Principal) {
    return this.show(params, user);
  }

  @ApiDoc({
    tag: 'Traps',
    summary: 'Set a deployment',
    description:
      'Makes the deployment, or replaces it whole: what the body leaves out is not known then. An earlier deployment ' +
      'that is still open ends when this one begins. What the trap itself had said of its place gives way.',
    body: { example: EXAMPLE_BODY },
    answers: {
      200: json(DEPLOYMENT, EXAMPLE_DEPLOYMENT, { description: 'Replaced' }),
      201: json(DEPLOYMENT, EXAMPLE_DEPLOYMENT, { description: 'Made' }),
    },
    problems: [409],
  })
  @MinRole('editor')
  @Put(':deploymentId')
  async put(
    @Param({ schema: PARAMS }) params: Params,
    @Body({ schema: DEPLOYMENT_BODY }) body: DeploymentBody,
    @CurrentUser() user: Principal,
    @Res({ passthrough: true }) response: Response,
  ) {
    const { trapId, deploymentId } = params;
    const nowMs = Date.now();
    const isNew = await this.catalog.db.transaction().execute(async (tx) => {
      // A trap that nobody knows is a slip of the pen rather than a wish.
      if (!(await findTrap(tx, trapId))) throw noTrap(trapId);
      await lockTrap(tx, trapId, nowMs);
      const before = await findDeployment(tx, trapId, deploymentId);
      const conflict = await deploy(tx, deploymentFrom(trapId, deploymentId, body), nowMs);
      if (conflict) throw overlaps(trapId, conflict);
      return before === undefined;
    });
    this.log.info({ by: user.name, trapId, deploymentId }, 'a deployment was set');
    response.status(isNew ? 201 : 200);
    return this.show(params, user);
  }

  @ApiDoc({
    tag: 'Traps',
    summary: 'Delete a deployment',
    description: 'Runs of its time are then of no known place; no run is deleted.',
    answers: { 204: empty('Deleted') },
  })
  @MinRole('editor')
  @Delete(':deploymentId')
  @HttpCode(204)
  async delete(@Param({ schema: PARAMS }) params: Params, @CurrentUser() user: Principal): Promise<void> {
    const { trapId, deploymentId } = params;
    const nowMs = Date.now();
    await this.catalog.db.transaction().execute(async (tx) => {
      if (!(await removeDeployment(tx, trapId, deploymentId))) throw noDeployment(params);
      await lockTrap(tx, trapId, nowMs);
      await followDeployment(tx, trapId, nowMs);
    });
    this.log.info({ by: user.name, trapId, deploymentId }, 'a deployment was deleted');
  }

  private async show(params: Params, user: Principal) {
    const { trapId, deploymentId } = params;
    const { db } = this.catalog;
    const row = await findDeployment(db, trapId, deploymentId);
    const trap = await findTrap(db, trapId);
    if (!trap) throw noTrap(trapId);
    if (!row) throw noDeployment(params);
    const knownSinceMs = (await knownSinceOf(db, [trapId])).get(trapId) ?? trap.first_seen_at;
    return deploymentView(row, knownSinceMs, seesExactPlaces(user), this.links);
  }
}

const noTrap = (trapId: string): Problem =>
  notFound(`There is no trap ${trapId}. PUT /api/v1/traps/${trapId} makes one known before it speaks.`);

const noDeployment = ({ trapId, deploymentId }: Params): Problem =>
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
