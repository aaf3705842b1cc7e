import { Module } from '@nestjs/common';
import { DocsController } from './docs.controller.js';
import { OpenApiController } from './openapi.controller.js';
import { ProtocolController } from './protocol.controller.js';

/** The contracts of this service, made from what it validates with. */
@Module({ controllers: [ProtocolController, OpenApiController, DocsController] })
export class OpenApiModule {}
