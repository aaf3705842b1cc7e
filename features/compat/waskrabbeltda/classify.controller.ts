import { Controller, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import type { Request } from 'express';
import { z } from 'zod';
import type { Config } from '../../../libs/config/index.js';
import { isId } from '../../../libs/domain/index.js';
import { isRejection } from '../../../libs/protocol/index.js';
import { AllowLegacyToken, CurrentUser, hasRole, MinRole, type Principal } from '../../accounts/index.js';
import { ApiDoc, json, Problem } from '../../http/index.js';
import { CONFIG } from '../../platform/index.js';
import {
  BodyLimiter,
  expectOwnTrap,
  readForm,
  rejectionProblem,
  SentMessages,
  senderOf,
} from '../../sending/index.js';
import { Upload } from './upload.js';

/** More than a day with one crop a second. */
const FILES = 100_000;
const HELD_BYTES = 4 * 1024 * 1024;

const TRACK = { error: 'must be a whole number: the id of the track' };
const PARAMS = z.object({
  tracking_id: z
    .string()
    .regex(/^\d{1,9}$/, TRACK)
    .transform(Number)
    .meta({
      wire: { type: 'integer', minimum: 0, description: 'The track, as the tracker counts', examples: [7] },
    }),
});
const field = (description: string, example: string) =>
  z
    .string({ error: 'must be given once' })
    .optional()
    .meta({ wire: { type: 'string', description, examples: [example] } });
const QUERY = z.object({
  start_date: field('Where the form does not have it', '2026-06-01T12:00:00.123456'),
  end_date: field('Where the form does not have it', '2026-06-01T12:00:07.654321'),
  duration_s: field('Where the form does not have it', '7'),
});
const SUCCESS = z.strictObject({ success: z.literal(true) }).meta({ id: 'ClassifySuccess' });

/** Takes the uploads of waskrabbeltda's trap client, unchanged. */
@MinRole('device')
@AllowLegacyToken(true)
@Controller('classify')
export class ClassifyController {
  constructor(
    private readonly sent: SentMessages,
    private readonly room: BodyLimiter,
    @Inject(CONFIG) private readonly config: Pick<Config, 'legacyTrap'>,
  ) {}

  @ApiDoc({
    tag: 'Compatibility',
    summary: 'Upload a tracking run',
    description:
      'Answered when all of it is durable; it is classified then. The same upload again is the same run. A picture that is none is ' +
      'kept as a dead letter, and the others are stored. The trap is the one whose key comes with the request.',
    body: {
      mediaType: 'multipart/form-data',
      schema: {
        type: 'object',
        required: ['files', 'start_date', 'end_date'],
        properties: {
          start_date: { type: 'string', examples: ['2026-06-01 12:00:00.123456'] },
          end_date: { type: 'string', examples: ['2026-06-01 12:00:07.654321'] },
          duration_s: { type: 'string', examples: ['7'] },
          files: { type: 'array', items: { type: 'string', contentMediaType: 'image/jpeg' } },
        },
      },
    },
    answers: { 200: json(SUCCESS, { success: true }) },
    problems: [413, 415, 422, 501, 503, 507],
  })
  @Post(':tracking_id')
  @HttpCode(200)
  async classify(
    @Param({ schema: PARAMS }) { tracking_id: trackId }: z.output<typeof PARAMS>,
    @Query({ schema: QUERY }) query: z.output<typeof QUERY>,
    @CurrentUser() user: Principal,
    @Req() request: Request,
  ) {
    const trapId = this.trapOf(user);
    expectOwnTrap(user, trapId);
    const fileBytes = this.sent.open().maxBytes('crop');
    const heldBytes = Math.max(HELD_BYTES, fileBytes);
    const upload = new Upload(
      { trapId, trackId, client: user.name, handOver: (message) => this.sent.handOver(message) },
      query,
    );
    // Two crops may come in while as many as may be held are worked on.
    const share = await this.room.enter(heldBytes + 2 * fileBytes, senderOf(request));
    try {
      await readForm(request, { fileBytes, files: FILES, heldBytes }, upload, share);
      await upload.finish();
    } catch (error) {
      throw isRejection(error) ? rejectionProblem(error) : error;
    } finally {
      share.release();
    }
    return { success: true };
  }

  private trapOf(user: Principal): string {
    const { legacyTrap } = this.config;
    if (!hasRole(user, 'viewer') && isId(user.name)) return user.name;
    if (legacyTrap !== undefined) return legacyTrap;
    throw new Problem(
      422,
      'bad-payload',
      "Nobody knows which trap this is: send the key of a trap, or set TRAPLINE_LEGACY_TRAP to the trap that an administrator's key sends for.",
    );
  }
}
