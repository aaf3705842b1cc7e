import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Public } from './access.js';
import { type ApiParts, PARTS } from './parts.js';
import { type Readiness, readiness } from './readiness.js';

/** For those who start and watch the service. Without a key, hence without figures, names and paths. */
@Public(true)
@Controller('health')
export class HealthController {
  constructor(@Inject(PARTS) private readonly parts: ApiParts) {}

  @Get('live')
  live() {
    return { status: 'ok' };
  }

  @Get('ready')
  async ready(@Res({ passthrough: true }) response: Response): Promise<Readiness> {
    const found = await readiness(this.parts);
    response.set('Cache-Control', 'no-store').status(found.status === 'down' ? 503 : 200);
    return found;
  }
}
