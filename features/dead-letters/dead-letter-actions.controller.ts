import { Controller, Delete, HttpCode, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import { MinRole } from '../accounts/index.js';
import { ApiDoc, empty, json } from '../http/index.js';
import { LETTER_PARAMS, type LetterParams } from './dead-letters.schema.js';
import { DeadLettersService } from './dead-letters.service.js';

const RETRIED = z
  .strictObject({
    id: z.string(),
    topic: z.string(),
    outcome: z.enum(['stored', 'same']).meta({ description: '`same`: a crop that was there before' }),
  })
  .meta({ id: 'RetriedDeadLetter' });
const EXAMPLE = {
  id: 'Zk3vJ0cQm1T8yRZb5xw2Vg',
  topic: 'traps/v1/meadow-1/runs/r-1/crops/0001',
  outcome: 'stored',
};

/** What an administrator does with dead letters. */
@MinRole('admin')
@Controller('api/v1/dead-letters')
export class DeadLetterActionsController {
  constructor(private readonly letters: DeadLettersService) {}

  @ApiDoc({
    tag: 'Administration',
    summary: 'Put a refused message through again',
    description:
      'The very way of a message that a trap sends, with the bytes that were kept. Where it is taken, the dead letter is gone. ' +
      'Where it is refused again, it stays, and the problem has the code that it bears now.',
    answers: { 200: json(RETRIED, EXAMPLE, { description: 'It is taken, and durable' }) },
    problems: [404, 409, 413, 415, 422, 501, 503, 507],
  })
  @Post(':id/retry')
  @HttpCode(200)
  retry(@Param({ schema: LETTER_PARAMS }) { id }: LetterParams) {
    return this.letters.retry(id);
  }

  @ApiDoc({
    tag: 'Administration',
    summary: 'Delete a dead letter',
    description: 'With its bytes, for good. A crop that it was counts as missing from then on.',
    answers: { 204: empty('Deleted') },
    problems: [404],
  })
  @Delete(':id')
  @HttpCode(204)
  remove(@Param({ schema: LETTER_PARAMS }) { id }: LetterParams): Promise<void> {
    return this.letters.remove(id);
  }
}
