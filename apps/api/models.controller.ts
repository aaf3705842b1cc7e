import { Controller, Get, Inject, Query } from '@nestjs/common';
import type { ModelPackage } from '../../libs/classifier/index.js';
import { NO_PARAMETERS } from './parameters.js';
import { type ApiParts, PARTS } from './parts.js';

const INSTALL = 'npm run trapline -- model install <name, folder, file or URL>';

/** What the service can tell apart, and by which model. */
@Controller('api/v1')
export class ModelsController {
  constructor(@Inject(PARTS) private readonly parts: ApiParts) {}

  @Get('models')
  models(@Query({ schema: NO_PARAMETERS }) _none: unknown) {
    const { model } = this.parts;
    if (model) return { active: true, items: [modelView(model)] };
    const advice = `No model is installed: crops are stored and wait for one. Install it with: ${INSTALL}`;
    return { active: false, items: [], advice };
  }

  /** The labels of the active model, in the order of its output. */
  @Get('labels')
  labels(@Query({ schema: NO_PARAMETERS }) _none: unknown) {
    const { model } = this.parts;
    const items = model?.card.labels.map(({ index: _index, id, kind, ...rest }) => ({
      label: id,
      kind,
      insect: kind !== 'non_insect',
      ...rest,
    }));
    return { model: model?.key ?? null, items: items ?? [] };
  }
}

function modelView({ key, card }: ModelPackage) {
  const { id, version, description, file, input, labels, licence, citation, source, metrics, decision } =
    card;
  return {
    key,
    name: id,
    version,
    active: true,
    description,
    sha256: file.sha256 ?? null,
    bytes: file.bytes,
    licence,
    citation,
    source,
    labels: labels.length,
    input,
    decision,
    metrics,
  };
}
