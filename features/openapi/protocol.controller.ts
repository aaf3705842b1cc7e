import { Controller, Get, Header, Inject, Param } from '@nestjs/common';
import { z } from 'zod';
import type { Config } from '../../libs/config/index.js';
import {
  asyncApiDocument,
  CONTRACT_VERSION,
  type JsonObject,
  payloadSchemas,
} from '../../libs/protocol/index.js';
import { Public } from '../accounts/index.js';
import { AllowUnknownParameters, ApiDoc, json, notFound } from '../http/index.js';
import { CONFIG } from '../platform/index.js';

const DOCUMENT = z.looseObject({});
const FIVE_MINUTES = 'public, max-age=300';

/** The MQTT contract, made from the schemas that the service itself reads with. */
@Public(true)
@AllowUnknownParameters(true)
@Controller('api/v1/protocol')
export class ProtocolController {
  private readonly document: JsonObject;
  private readonly schemas = new Map<string, JsonObject>(Object.entries(payloadSchemas()));

  constructor(@Inject(CONFIG) { publicUrl, host, mqtt }: Pick<Config, 'publicUrl' | 'host' | 'mqtt'>) {
    const brokerHost = publicUrl ? new URL(publicUrl).hostname : host;
    this.document = asyncApiDocument({ version: CONTRACT_VERSION, host: `${brokerHost}:${mqtt.port}` });
  }

  @ApiDoc({
    tag: 'Contract',
    summary: 'The MQTT contract as AsyncAPI 3',
    answers: { 200: json(DOCUMENT, { asyncapi: '3.0.0' }) },
  })
  @Get('asyncapi.json')
  @Header('Cache-Control', FIVE_MINUTES)
  asyncApi(): JsonObject {
    return this.document;
  }

  @ApiDoc({
    tag: 'Contract',
    summary: 'The JSON Schema of one MQTT payload',
    answers: { 200: json(DOCUMENT, { title: 'meta', type: 'object' }) },
  })
  @Get('schemas/:name.json')
  @Header('Cache-Control', FIVE_MINUTES)
  schema(@Param('name') name: string): JsonObject {
    const schema = this.schemas.get(name);
    if (!schema)
      throw notFound(`There is no schema of that name. There are: ${[...this.schemas.keys()].join(', ')}.`);
    return schema;
  }
}
