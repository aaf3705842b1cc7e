import { Controller, Get, Header, Inject, Query } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { z } from 'zod';
import { Public } from '../accounts/index.js';
import { ApiDoc, type ApiParts, json, NO_PARAMETERS, PARTS, RouteList } from '../http/index.js';
import { openApiDocument } from './document.js';

const FIVE_MINUTES = 'public, max-age=300';

/** What this service can be asked, made of what it validates with. Open to everyone, as all its code is. */
@Public(true)
@Controller('api')
export class OpenApiController {
  private document?: object;

  constructor(
    @Inject(PARTS) private readonly parts: ApiParts,
    @Inject(RouteList) private readonly routes: RouteList,
    @Inject(Reflector) private readonly reflector: Reflector,
  ) {}

  @ApiDoc({
    tag: 'Contract',
    summary: 'This document',
    answers: { 200: json(z.looseObject({ openapi: z.string() }), { openapi: '3.1.0' }) },
  })
  @Get('openapi.json')
  @Header('Cache-Control', FIVE_MINUTES)
  openApi(@Query({ schema: NO_PARAMETERS }) _none: unknown): object {
    const { version, publicUrl } = this.parts;
    this.document ??= openApiDocument(this.routes.all, this.reflector, { version, url: publicUrl });
    return this.document;
  }
}
