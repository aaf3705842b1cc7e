import { Body, Controller, Delete, Get, HttpCode, Param, Put, Res } from '@nestjs/common';
import type { Response } from 'express';
import { CurrentUser, MinRole, type Principal } from '../../accounts/index.js';
import { ApiDoc, empty, json } from '../../http/index.js';
import {
  DEPLOYMENT,
  DEPLOYMENT_BODY,
  DEPLOYMENT_PARAMS,
  type DeploymentBody,
  type DeploymentParams,
  EXAMPLE_BODY,
  EXAMPLE_DEPLOYMENT,
} from './deployments.schema.js';
import { DeploymentsService } from './deployments.service.js';

/** Where a trap stood, and when. */
@Controller('api/v1/traps/:trapId/deployments')
export class DeploymentsController {
  constructor(private readonly deployments: DeploymentsService) {}

  @ApiDoc({
    tag: 'Reading',
    summary: 'One deployment of a trap',
    answers: { 200: json(DEPLOYMENT, EXAMPLE_DEPLOYMENT) },
  })
  @Get(':deploymentId')
  one(@Param({ schema: DEPLOYMENT_PARAMS }) params: DeploymentParams, @CurrentUser() user: Principal) {
    return this.deployments.one(params, user);
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
    @Param({ schema: DEPLOYMENT_PARAMS }) params: DeploymentParams,
    @Body({ schema: DEPLOYMENT_BODY }) body: DeploymentBody,
    @CurrentUser() user: Principal,
    @Res({ passthrough: true }) response: Response,
  ) {
    const { isNew, deployment } = await this.deployments.put(params, body, user);
    response.status(isNew ? 201 : 200);
    return deployment;
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
  delete(
    @Param({ schema: DEPLOYMENT_PARAMS }) params: DeploymentParams,
    @CurrentUser() user: Principal,
  ): Promise<void> {
    return this.deployments.remove(params, user);
  }
}
