import { Controller, HttpCode, Inject, Post, Query, Req } from '@nestjs/common';
import type { Request } from 'express';
import type { z } from 'zod';
import { type CropResult, ModelError } from '../../libs/classifier/index.js';
import { isRefusal } from '../../libs/protocol/index.js';
import { Documented, json } from './openapi/documented.js';
import { described, onlyThese, wholeNumber } from './parameters.js';
import { type ApiParts, PARTS } from './parts.js';
import { measured } from './predict-metrics.js';
import { EXAMPLE_PREDICTION, PREDICTION, predictionView } from './prediction.js';
import { Problem } from './problem.js';
import { BodyRoom, type BodyShare } from './sending/body-room.js';
import { announcedBytes, type ReadBody, readBody, senderOf } from './sending/read-body.js';
import { readForm } from './sending/read-form.js';
import { refusalProblem } from './sending/refusal-problem.js';
import { unavailable } from './sending/sent-messages.js';

const TOP = 5;
const MOST = 100;
const PREDICT_QUERY = onlyThese({
  top: described(wholeNumber(1, MOST), `How many labels, best first; ${TOP} by default`, 3).default(TOP),
});
const FORM = /^multipart\/form-data\b/i;
/** Beside the image, what a form needs for itself. */
const FRAME_BYTES = 16_384;

/** The model's answer for one image, of which nothing is kept. */
@Controller('api/v1/predict')
export class PredictController {
  constructor(
    @Inject(PARTS) private readonly parts: ApiParts,
    @Inject(BodyRoom) private readonly room: BodyRoom,
  ) {}

  @Documented({
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
    const { model, prediction } = this.parts;
    const state = this.parts.classifier?.().state;
    if (!prediction || (model && state === 'off'))
      throw new Problem(501, 'not-taken-here', 'This process does not classify: ask one that does.');
    if (!model) throw new Problem(503, 'no-model', 'No model is installed: there is nobody to ask.');
    if (state === 'failed')
      throw new Problem(
        503,
        'model-unusable',
        'The model cannot be used: there is nobody to ask until that is put right.',
      );
    const limit = prediction.maxBytes;
    const atMost = Math.min(announcedBytes(request) ?? limit, limit);
    const share = await this.room.enter(atMost, senderOf(request));
    try {
      const { bytes, tooLargeBytes } = await imageOf(request, limit, share);
      if (tooLargeBytes !== undefined)
        throw new Problem(413, 'too-large', `The picture may have ${limit} bytes.`);
      return predictionView(model, rankedOf(await prediction.classify(bytes, top).catch(refuse)));
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
  if (isRefusal(error)) throw refusalProblem(error);
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
