import { Body, Controller, HttpCode, Inject, Optional, Post } from '@nestjs/common';
import { z } from 'zod';
import { findModel, ModelError, type ModelPackage, openModel } from '../../libs/classifier/index.js';
import type { Config } from '../../libs/config/index.js';
import { Catalog } from '../../libs/database/index.js';
import { MinRole, Scans } from '../accounts/index.js';
import { ApiDoc, count, invalidRequest, json, onlyTheseFields, Problem } from '../http/index.js';
import { type ModelPreview, previewModel } from '../observations/index.js';
import { CONFIG } from '../platform/index.js';
import { MODEL_CHILD } from './model-install.service.js';
import { Models } from './models.js';

const MOST_RUNS = 1000;
const RUNS = 100;

const instantText = () => z.iso.datetime({ offset: true, error: 'must be a time with zone' });
const PREVIEW_REQUEST = onlyTheseFields({
  model: z
    .string({ error: 'must be the name of an installed model' })
    .regex(/^[A-Za-z0-9][\w.-]{0,63}$/, 'must be the name of an installed model'),
  trap: z.string({ error: 'must be the id of a trap' }).optional(),
  from: instantText().optional(),
  to: instantText().optional(),
  runs: z.int().min(1).max(MOST_RUNS, `must be at most ${MOST_RUNS}`).optional(),
});

const nullable = () => z.string().nullable();
const VERDICT = z.strictObject({
  label: z.string(),
  taxon: nullable(),
  rank: nullable(),
  group: nullable(),
  insect: z.boolean(),
  unsure: z.boolean(),
});
const CHANGE = z.strictObject({ name: z.string(), before: count(), after: count() });
const PREVIEW = z
  .strictObject({
    model: z.string(),
    runs: count().meta({ description: 'Complete runs with pictures that were looked at, newest first' }),
    reviewed: count().meta({
      description: 'Of these, runs whose verdict is a person\u2019s: no model changes it',
    }),
    withoutAnswer: count().meta({ description: 'Runs of which no picture can be read any more' }),
    changed: count(),
    examples: z.array(
      z.strictObject({ trapId: z.string(), runId: z.string(), before: VERDICT.nullable(), after: VERDICT }),
    ),
    visits: z.strictObject({ insects: CHANGE, unsure: CHANGE, nothing: CHANGE }),
    taxa: z
      .array(CHANGE)
      .meta({ description: 'What differs, largest difference first; uncertain visits are in none' }),
    groups: z.array(CHANGE),
    episodes: z.array(
      z.strictObject({
        id: z.string(),
        trapId: z.string(),
        group: z.string(),
        leaving: count(),
        coming: count(),
      }),
    ),
  })
  .meta({
    id: 'ModelPreview',
    description: 'What would change if another model decided about runs of the past',
  });
const bee = {
  label: 'Apis_mellifera',
  taxon: 'Apis mellifera',
  rank: 'species',
  group: 'bees',
  insect: true,
  unsure: false,
};
const EXAMPLE: z.output<typeof PREVIEW> = {
  model: 'inat-insects-2.0',
  runs: 100,
  reviewed: 4,
  withoutAnswer: 0,
  changed: 1,
  examples: [
    {
      trapId: 'trap-1',
      runId: '20260601-1',
      before: { ...bee, label: 'drawn_bee', taxon: null, rank: null },
      after: { ...bee, taxon: 'Apidae', rank: 'family' },
    },
  ],
  visits: {
    insects: { name: 'insects', before: 96, after: 96 },
    unsure: { name: 'unsure', before: 12, after: 9 },
    nothing: { name: 'nothing', before: 0, after: 0 },
  },
  taxa: [
    { name: 'Apidae', before: 0, after: 1 },
    { name: 'drawn_bee', before: 1, after: 0 },
  ],
  groups: [],
  episodes: [],
};

/** Shows what another model would change before it is used. */
@MinRole('admin')
@Controller('api/v1/reclassify/preview')
export class ModelPreviewController {
  private isUnderWay = false;

  constructor(
    private readonly catalog: Catalog,
    @Inject(CONFIG) private readonly config: Pick<Config, 'dataDir'>,
    private readonly known: Models,
    @Optional() @Inject(MODEL_CHILD) private readonly modelChild?: URL,
  ) {}

  @ApiDoc({
    tag: 'Administration',
    summary: 'What another model would change',
    description: `The newest runs (${RUNS} by default, ${MOST_RUNS} at most) are classified by an installed model, beside the service, and compared with their verdicts. Nothing is stored or changed. One preview at a time: 503 (\`busy\`) while another one is under way.`,
    body: { example: { model: 'inat-insects', from: '2026-06-01T00:00:00Z' } },
    answers: { 200: json(PREVIEW, EXAMPLE) },
    problems: [503],
  })
  @Scans('question')
  @Post()
  @HttpCode(200)
  async preview(
    @Body({ schema: PREVIEW_REQUEST }) {
      model: name,
      trap,
      from,
      to,
      runs = RUNS,
    }: z.output<typeof PREVIEW_REQUEST>,
  ): Promise<ModelPreview> {
    if (this.isUnderWay)
      throw new Problem(503, 'busy', 'Another preview is under way: try again when it is done.', {
        headers: { 'Retry-After': '30' },
      });
    this.isUnderWay = true;
    try {
      const filter = {
        ...(trap !== undefined && { trapId: trap }),
        ...(from !== undefined && { fromMs: Date.parse(from) }),
        ...(to !== undefined && { toMs: Date.parse(to) }),
      };
      return await previewModel(this.catalog, await this.open(name), filter, {
        dataDir: this.config.dataDir,
        limit: runs,
        processes: 1,
        childFile: this.modelChild,
      });
    } finally {
      this.isUnderWay = false;
    }
  }

  private async open(name: string): Promise<ModelPackage> {
    const { active, folders } = this.known;
    if (active && (active.key === name || active.card.id === name)) return active;
    try {
      return await openModel(await findModel(name, folders));
    } catch (error) {
      if (error instanceof ModelError) throw invalidRequest([{ field: 'model', message: error.message }]);
      throw error;
    }
  }
}
