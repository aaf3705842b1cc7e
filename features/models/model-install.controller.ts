import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import type { z } from 'zod';
import { CurrentUser, MinRole, type Principal } from '../accounts/index.js';
import { ApiDoc, json } from '../http/index.js';
import { EXAMPLE_JOB, JOB } from '../jobs/index.js';
import { EXAMPLE_REGISTERED, INSTALL, RECLASSIFY, REGISTRY } from './model-install.schema.js';
import { ModelInstallService } from './model-install.service.js';

/** Installs public models, and has earlier runs classified again; both take long and are followed as jobs. */
@MinRole('admin')
@Controller('api/v1')
export class ModelInstallController {
  constructor(private readonly service: ModelInstallService) {}

  @ApiDoc({
    tag: 'Administration',
    summary: 'Public models that can be installed',
    answers: { 200: json(REGISTRY, { items: [EXAMPLE_REGISTERED] }) },
  })
  @Get('models/registry')
  registry(): Promise<z.output<typeof REGISTRY>> {
    return this.service.registry();
  }

  @ApiDoc({
    tag: 'Administration',
    summary: 'Install a public model',
    description:
      'It is fetched, checked by its hash, run once and put in its place; the answer is the job. The service uses it from its next start on.',
    body: { example: { name: 'efficientnet-b0-insect-detect' } },
    answers: { 202: json(JOB, EXAMPLE_JOB) },
  })
  @Post('models/install')
  @HttpCode(202)
  install(@Body({ schema: INSTALL }) body: z.output<typeof INSTALL>, @CurrentUser() user: Principal) {
    return this.service.install(body, user);
  }

  @ApiDoc({
    tag: 'Administration',
    summary: 'Classify earlier runs with the active model',
    description:
      'Crops that the model has not seen are classified beside new ones, which go first. The answer is the job; canceled, it queues no more, and what is queued is still classified.',
    body: { example: { from: '2026-06-01T00:00:00Z' } },
    answers: {
      202: json(JOB, { ...EXAMPLE_JOB, kind: 'reclassify', title: 'meadow-visitors-1.2', unit: 'crops' }),
    },
    problems: [503],
  })
  @Post('reclassify')
  @HttpCode(202)
  reclassify(
    @Body({ schema: RECLASSIFY }) body: z.output<typeof RECLASSIFY>,
    @CurrentUser() user: Principal,
  ) {
    return this.service.reclassify(body, user);
  }
}
