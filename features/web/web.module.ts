import { Module, type NestModule } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { ExpressAdapter } from '@nestjs/platform-express';
import { WebPages } from './web-pages.js';

/** The web pages at `/`, before the routes of the API. */
@Module({ providers: [WebPages] })
export class WebModule implements NestModule {
  constructor(
    private readonly host: HttpAdapterHost<ExpressAdapter>,
    private readonly pages: WebPages,
  ) {}

  configure(): void {
    this.host.httpAdapter.use(this.pages.handle.bind(this.pages));
  }
}
