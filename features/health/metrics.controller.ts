import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Registry, register } from 'prom-client';
import { ApiDoc, type ApiParts, file, PARTS } from '../http/index.js';
import { serviceMetrics } from './service-metrics.js';

/** For Prometheus, with a key of a viewer: the figures name the traps. */
@Controller('metrics')
export class MetricsController {
  private readonly service: Registry;

  constructor(@Inject(PARTS) parts: ApiParts) {
    this.service = serviceMetrics(parts);
  }

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
    const text = await Registry.merge([register, this.service]).metrics();
    response.set({ 'Content-Type': register.contentType, 'Cache-Control': 'no-store' }).send(text);
  }
}
