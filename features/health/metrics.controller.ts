import { Controller, Get, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Registry, register } from 'prom-client';
import { AllowUnknownParameters, ApiDoc, file } from '../http/index.js';
import { ServiceMetrics } from './service-metrics.js';

/** For Prometheus, with a key of a viewer: the figures name the traps. */
@AllowUnknownParameters(true)
@Controller('metrics')
export class MetricsController {
  constructor(private readonly figures: ServiceMetrics) {}

  @ApiDoc({
    tag: 'Operation',
    summary: 'Figures for Prometheus',
    answers: {
      200: file('text/plain', 'The text format of Prometheus', {
        example: '# HELP trapline_mqtt_connected 1 while messages can arrive\ntrapline_mqtt_connected 1\n',
      }),
    },
  })
  @Get()
  async metrics(@Res() response: Response): Promise<void> {
    // What the other modules of this process count stands in the registry that all share.
    const text = await Registry.merge([register, this.figures.registry]).metrics();
    response.set({ 'Content-Type': register.contentType, 'Cache-Control': 'no-store' }).send(text);
  }
}
