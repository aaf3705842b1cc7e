import { Controller, Get, Res } from '@nestjs/common';
import type { Response } from 'express';
import { z } from 'zod';
import { Public, Unlimited } from '../accounts/index.js';
import { AllowUnknownParameters, ApiDoc, json } from '../http/index.js';
import { READINESS, type Readiness, ReadinessService } from './readiness.js';

const READY: Readiness = { status: 'ok', checks: { catalog: { status: 'ok' }, disk: { status: 'ok' } } };
const NOT_READY: Readiness = {
  status: 'down',
  checks: { catalog: { status: 'down', reason: 'no answer within 3000 ms' } },
};

/**
 * For those who start and watch the service. Without a key, hence without figures and paths, and without names but
 * those of who takes more than its share; never limited.
 */
@Unlimited(true)
@Public(true)
@AllowUnknownParameters(true)
@Controller('health')
export class HealthController {
  constructor(private readonly readiness: ReadinessService) {}

  @ApiDoc({
    tag: 'Operation',
    summary: 'Whether the process runs',
    answers: { 200: json(z.strictObject({ status: z.literal('ok') }), { status: 'ok' }) },
  })
  @Get('live')
  live() {
    return { status: 'ok' };
  }

  @ApiDoc({
    tag: 'Operation',
    summary: 'Whether messages can be taken, and whether they are classified and shown',
    answers: {
      200: json(READINESS, READY, { description: '`ok`, or `degraded`: messages are taken and stored' }),
      503: json(READINESS, NOT_READY, { description: '`down`: no message can be taken' }),
    },
  })
  @Get('ready')
  async ready(@Res({ passthrough: true }) response: Response): Promise<Readiness> {
    const found = await this.readiness.check();
    response.set('Cache-Control', 'no-store').status(found.status === 'down' ? 503 : 200);
    return found;
  }
}
