import { Controller, Get, Header, Inject } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { z } from 'zod';
import type { Config } from '../../libs/config/index.js';
import { VERSION } from '../../libs/config/index.js';
import { Public } from '../accounts/index.js';
import { ApiDoc, json, RouteList } from '../http/index.js';
import { CONFIG } from '../platform/index.js';
import { openApiDocument } from './document.js';

const FIVE_MINUTES = 'public, max-age=300';

/** What this service can be asked, made of what it validates with. Open to everyone, as all its code is. */
@Public(true)
@Controller('api')
export class OpenApiController {
  private document?: object;

  constructor(
    private readonly routes: RouteList,
    private readonly reflector: Reflector,
    @Inject(CONFIG) private readonly config: Pick<Config, 'publicUrl'>,
  ) {}

  @ApiDoc({
    tag: 'Contract',
    summary: 'This document',
    answers: { 200: json(z.looseObject({ openapi: z.string() }), { openapi: '3.1.0' }) },
  })
  @Get('openapi.json')
  @Header('Cache-Control', FIVE_MINUTES)
  openApi(): object {
    const about = { version: VERSION, url: this.config.publicUrl };
    this.document ??= openApiDocument(this.routes.all, this.reflector, about);
    return this.document;
  }
}
