import { Controller, Delete, HttpCode, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import { Catalog } from '../../libs/database/index.js';
import { isRejection } from '../../libs/protocol/index.js';
import { MinRole } from '../accounts/index.js';
import { ApiDoc, empty, json, notFound, Problem } from '../http/index.js';
import { rejectionProblem, SentMessages } from '../sending/index.js';
import { LETTER_PARAMS } from './dead-letters.controller.js';
import { changeDeadLetter, findDeadLetter, removeDeadLetter } from './dead-letters.repository.js';

type LetterParams = z.output<typeof LETTER_PARAMS>;

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

/** What an administrator does with refused messages. */
@MinRole('admin')
@Controller('api/v1/dead-letters')
export class DeadLetterActionsController {
  constructor(
    private readonly catalog: Catalog,
    private readonly sent: SentMessages,
  ) {}

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
  async retry(@Param({ schema: LETTER_PARAMS }) { id }: LetterParams) {
    const { db } = this.catalog;
    const letter = await findDeadLetter(db, id);
    if (!letter) throw notFound(`There is no dead letter ${id}.`);
    const bytes = Buffer.from(letter.bytes ?? []);
    if (bytes.length < letter.size)
      throw new Problem(409, 'bytes-not-kept', `Of its ${letter.size} bytes ${bytes.length} were kept.`);
    const { topic, code } = letter;
    try {
      const outcome = await this.sent.again({ topic, bytes, code, client: letter.client ?? undefined });
      await removeDeadLetter(db, id);
      return { id, topic, outcome };
    } catch (error) {
      if (!isRejection(error)) throw error;
      await changeDeadLetter(db, id, error);
      throw rejectionProblem(error);
    }
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
  async remove(@Param({ schema: LETTER_PARAMS }) { id }: LetterParams): Promise<void> {
    const found = await removeDeadLetter(this.catalog.db, id);
    if (!found) throw notFound(`There is no dead letter ${id}.`);
  }
}
