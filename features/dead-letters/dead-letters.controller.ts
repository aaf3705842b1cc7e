import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import { MinRole } from '../accounts/index.js';
import { ApiDoc, file, json, page } from '../http/index.js';
import {
  DEAD_LETTER,
  DEAD_LETTER_IN_FULL,
  EXAMPLE_DEAD_LETTER,
  LETTER_PARAMS,
  LETTERS_QUERY,
  type LetterParams,
  type LettersQuery,
} from './dead-letters.schema.js';
import { DeadLettersService } from './dead-letters.service.js';

/** Rejected messages. For editors: the bytes may contain the place of a trap, which editors may see. */
@MinRole('editor')
@Controller('api/v1/dead-letters')
export class DeadLettersController {
  constructor(private readonly letters: DeadLettersService) {}

  @ApiDoc({
    tag: 'Administration',
    summary: 'Messages that were refused for good, newest first',
    answers: { 200: json(page(DEAD_LETTER), { items: [EXAMPLE_DEAD_LETTER] }) },
  })
  @Get()
  list(@Query({ schema: LETTERS_QUERY }) query: LettersQuery) {
    return this.letters.list(query);
  }

  @ApiDoc({
    tag: 'Administration',
    summary: 'One refused message',
    answers: { 200: json(DEAD_LETTER_IN_FULL, { ...EXAMPLE_DEAD_LETTER, keptBytes: 24 }) },
  })
  @Get(':id')
  one(@Param({ schema: LETTER_PARAMS }) { id }: LetterParams) {
    return this.letters.one(id);
  }

  /** As an attachment without a type: the bytes may be anything, and no program should guess. */
  @ApiDoc({
    tag: 'Administration',
    summary: 'The bytes of a refused message',
    answers: { 200: file('application/octet-stream', 'As they came') },
  })
  @Get(':id/bytes')
  async bytes(
    @Param({ schema: LETTER_PARAMS }) { id }: LetterParams,
    @Res() response: Response,
  ): Promise<void> {
    const bytes = await this.letters.bytes(id);
    response
      .set({
        'Content-Type': 'application/octet-stream',
        'Content-Disposition': `attachment; filename="${id}.bin"`,
      })
      .send(bytes);
  }
}
