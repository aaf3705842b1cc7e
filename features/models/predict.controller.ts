import { Controller, HttpCode, Optional, Post, Query, Req } from '@nestjs/common';
import type { Request } from 'express';
import { z } from 'zod';
import {
  type CropResult,
  ModelError,
  type ModelPackage,
  type RankedLabel,
} from '../../libs/classifier/index.js';
import { isRejection } from '../../libs/protocol/index.js';
import { TrapLimit } from '../accounts/index.js';
import { ApiDoc, described, json, Problem, share, wholeNumber } from '../http/index.js';
import {
  announcedBytes,
  BodyLimiter,
  type BodyShare,
  type ReadBody,
  readBody,
  readForm,
  rejectionProblem,
  senderOf,
  unavailable,
} from '../sending/index.js';
import { Classifier, Models } from './models.js';
import { measured } from './predict-metrics.js';

const RANKED = z.strictObject({
  label: z.string(),
  probability: share(),
  taxon: z.string().optional(),
  rank: z.string().optional(),
  group: z.string().optional(),
  insect: z.boolean(),
});

const PREDICTION = z
  .strictObject({
    model: z.string(),
    ranked: z.array(RANKED).min(1).max(100).meta({ description: 'The most probable labels, best first' }),
  })
  .meta({ id: 'Prediction', description: "The model's answer for one picture" });

const EXAMPLE_PREDICTION: z.output<typeof PREDICTION> = {
  model: 'meadow-visitors-1.2',
  ranked: [
    {
      label: 'honeybee',
      probability: 0.94,
      taxon: 'Apis mellifera',
      rank: 'species',
      group: 'bees',
      insect: true,
    },
    { label: 'none_shadow', probability: 0.03, insect: false },
  ],
};

function predictionView(
  { key, card }: ModelPackage,
  ranked: readonly RankedLabel[],
): z.output<typeof PREDICTION> {
  const known = new Map(card.labels.map((label) => [label.id, label]));
  return {
    model: key,
    ranked: ranked.map(({ label, probability }) => {
      const { taxon, rank, group, kind } = known.get(label) ?? {};
      return { label, probability, taxon, rank, group, insect: kind !== 'non_insect' };
    }),
  };
}

const TOP = 5;
const MOST = 100;
const PREDICT_QUERY = z.object({
  top: described(wholeNumber(1, MOST), `How many labels, best first; ${TOP} by default`, 3).default(TOP),
});
const FORM = /^multipart\/form-data\b/i;
/** Beside the image, what a form needs for itself. */
const FRAME_BYTES = 16_384;

/** The model's answer for one image, of which nothing is kept. */
@TrapLimit('not-needed')
@Controller('api/v1/predict')
export class PredictController {
  constructor(
    private readonly models: Models,
    private readonly room: BodyLimiter,
    @Optional() private readonly classifier?: Classifier,
  ) {}

  @ApiDoc({
    tag: 'Reading',
    summary: 'Classify one picture',
    description:
      'Nothing is stored. The picture is the body, or the `file` of a form. Crops of traps go first: while there are many, the ' +
      'answer takes longer, and 503 says when to come again.',
    body: [
      { mediaType: 'image/jpeg', description: 'One JPEG, PNG or WebP, 8 MiB at most' },
      {
        mediaType: 'multipart/form-data',
        schema: {
          type: 'object',
          required: ['file'],
          properties: { file: { type: 'string', contentMediaType: 'image/jpeg' } },
        },
      },
    ],
    answers: { 200: json(PREDICTION, EXAMPLE_PREDICTION) },
    problems: [413, 415, 422, 501, 503],
  })
  @Post()
  @HttpCode(200)
  async predict(
    @Query({ schema: PREDICT_QUERY }) { top }: z.output<typeof PREDICT_QUERY>,
    @Req() request: Request,
  ) {
    return measured(() => this.answer(request, top));
  }

  private async answer(request: Request, top: number) {
    const { classifier } = this;
    const model = this.models.active;
    const state = classifier?.status.state;
    if (!classifier || (model && state === 'off'))
      throw new Problem(501, 'not-taken-here', 'This process does not classify: ask one that does.');
    if (!model) throw new Problem(503, 'no-model', 'No model is installed: there is nobody to ask.');
    if (state === 'failed')
      throw new Problem(
        503,
        'model-unusable',
        'The model cannot be used: there is nobody to ask until that is put right.',
      );
    const limit = classifier.maxBytes;
    const atMost = Math.min(announcedBytes(request) ?? limit, limit);
    const share = await this.room.enter(atMost, senderOf(request));
    try {
      const { bytes, tooLargeBytes } = await imageOf(request, limit, share);
      if (tooLargeBytes !== undefined)
        throw new Problem(413, 'too-large', `The picture may have ${limit} bytes.`);
      return predictionView(model, rankedOf(await classifier.classify(bytes, top).catch(refuse)));
    } finally {
      share.release();
    }
  }
}

async function imageOf(request: Request, limit: number, share: BodyShare): Promise<ReadBody> {
  if (!FORM.test(request.headers['content-type'] ?? '')) return readBody(request, limit, share);
  if ((announcedBytes(request) ?? 0) > limit + FRAME_BYTES)
    return { bytes: Buffer.alloc(0), tooLargeBytes: limit + 1 };
  let image: ReadBody | undefined;
  await readForm(
    request,
    { fileBytes: limit, files: 1, heldBytes: limit },
    {
      field: () => {},
      file: async ({ field, bytes, tooLargeBytes }) => {
        if (field === 'file') image = { bytes, ...(tooLargeBytes !== undefined && { tooLargeBytes }) };
      },
    },
    share,
  );
  if (!image) throw new Problem(422, 'empty', 'The form has no file: send the picture as `file`.');
  return image;
}

function refuse(error: unknown): never {
  if (isRejection(error)) throw rejectionProblem(error);
  if (error instanceof ModelError && error.code === 'busy')
    throw new Problem(503, 'busy', 'Too many pictures wait to be classified; try again.', {
      headers: { 'Retry-After': '5' },
    });
  if (error instanceof ModelError) throw unavailable('The classifier is not up yet; try again.');
  throw error;
}

function rankedOf(result: CropResult) {
  if (result.state === 'classified') return result.ranked;
  const why =
    result.code === 'undecodable' ? 'its bytes cannot be decoded' : 'the model gives no answer for it';
  throw new Problem(422, 'undecodable', `This picture cannot be classified: ${why}.`);
}
