import { Controller, Get, Param } from '@nestjs/common';
import { z } from 'zod';
import { listModels, type ModelCard, modelKey } from '../../libs/classifier/index.js';
import { TrapLimit } from '../accounts/index.js';
import { ApiDoc, json, Links, modelName, notFound } from '../http/index.js';
import { Models } from './models.js';
import {
  EXAMPLE_LABELS,
  EXAMPLE_MODEL,
  EXAMPLE_MODEL_IN_FULL,
  LABELS,
  labelViews,
  MODEL_IN_FULL,
  MODELS,
  modelView,
} from './models.schema.js';

const INSTALL = 'npm run trapline -- model install <name, folder, file or URL>';
const DEMO_ADVICE = `This is the demo model: it knows the drawn insects of the simulator, and no real one. Install a model with: ${INSTALL}`;
const MODEL_PARAMS = z.object({ name: modelName() });

/** What the service can tell apart, and by which model. */
@TrapLimit('not-needed')
@Controller('api/v1')
export class ModelsController {
  constructor(
    private readonly known: Models,
    private readonly links: Links,
  ) {}

  @ApiDoc({
    tag: 'Reading',
    summary: 'The models that are installed',
    answers: { 200: json(MODELS, { active: true, items: [EXAMPLE_MODEL] }) },
  })
  @Get('models')
  async models(): Promise<z.output<typeof MODELS>> {
    const active = this.known.active?.key;
    const items = (await this.cards()).map((card) => modelView(card, active, this.links));
    if (active) return { active: true, items, ...(this.known.active?.card.demo && { advice: DEMO_ADVICE }) };
    const advice = items.length
      ? 'No model is active: crops are stored and wait for one. Name one of these in TRAPLINE_MODEL.'
      : `No model is installed: crops are stored and wait for one. Install it with: ${INSTALL}`;
    return { active: false, items, advice };
  }

  @ApiDoc({
    tag: 'Reading',
    summary: 'One model with its whole card',
    description: 'By its key, as observations name it, or by its name where only one version is installed.',
    answers: { 200: json(MODEL_IN_FULL, EXAMPLE_MODEL_IN_FULL) },
  })
  @Get('models/:name')
  async model(
    @Param({ schema: MODEL_PARAMS }) { name }: z.output<typeof MODEL_PARAMS>,
  ): Promise<z.output<typeof MODEL_IN_FULL>> {
    const cards = await this.cards();
    const card =
      cards.find((each) => modelKey(each) === name) ?? only(cards.filter((each) => each.id === name));
    if (!card) throw notFound(`There is no model ${name}.`);
    return { ...modelView(card, this.known.active?.key, this.links), card };
  }

  @ApiDoc({
    tag: 'Reading',
    summary: 'The labels of the active model',
    description: "In the order of the model's output. `insect: false` is left out of counts of insects.",
    answers: { 200: json(LABELS, EXAMPLE_LABELS) },
  })
  @Get('labels')
  labels(): z.output<typeof LABELS> {
    const model = this.known.active;
    return { model: model?.key ?? null, items: model ? labelViews(model.card) : [] };
  }

  /** The card of the active model first, and those of all that could be. */
  private async cards(): Promise<ModelCard[]> {
    const { active: model, folders } = this.known;
    const installed = (await listModels(folders)).filter((each) => each.installed);
    const others = installed.flatMap(({ card }) => (card && modelKey(card) !== model?.key ? [card] : []));
    return model ? [model.card, ...others] : others;
  }
}

const only = <T>(found: readonly T[]): T | undefined => (found.length === 1 ? found[0] : undefined);
