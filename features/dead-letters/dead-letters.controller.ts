import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import { z } from 'zod';
import { Catalog } from '../../libs/database/index.js';
import { MinRole } from '../accounts/index.js';
import { ApiDoc, after, file, json, Links, limit, notFound, page, pageOf, placed } from '../http/index.js';
import { findDeadLetter, listDeadLetters } from './dead-letters.repository.js';
import {
  DEAD_LETTER,
  DEAD_LETTER_IN_FULL,
  deadLetterView,
  EXAMPLE_DEAD_LETTER,
} from './dead-letters.schema.js';

const LETTER_ID = z
  .string()
  .regex(/^[\w-]{1,64}$/, { error: 'must be the id of a dead letter' })
  .meta({ wire: { type: 'string', pattern: '^[\\w-]{1,64}$', examples: ['Zm9vYmFy'] } });
const LETTERS_QUERY = z.object({ limit: limit(), after: after(z.tuple([placed.atMs, LETTER_ID])) });
export const LETTER_PARAMS = z.object({ id: LETTER_ID });
type LetterParams = z.output<typeof LETTER_PARAMS>;

/** What was refused for good. For editors: its bytes may tell the place of a trap, and editors may know that. */
@MinRole('editor')
@Controller('api/v1/dead-letters')
export class DeadLettersController {
  constructor(
    private readonly catalog: Catalog,
    private readonly links: Links,
  ) {}

  @ApiDoc({
    tag: 'Administration',
    summary: 'Messages that were refused for good, newest first',
    answers: { 200: json(page(DEAD_LETTER), { items: [EXAMPLE_DEAD_LETTER] }) },
  })
  @Get()
  async list(@Query({ schema: LETTERS_QUERY }) query: z.output<typeof LETTERS_QUERY>) {
    const before = query.after && { lastAtMs: query.after[0], id: query.after[1] };
    const rows = await listDeadLetters(this.catalog.reader, { limit: query.limit + 1, before });
    return pageOf(
      rows,
      query.limit,
      (row) => [row.last_at, row.id],
      (row) => deadLetterView(row, this.links),
    );
  }

  @ApiDoc({
    tag: 'Administration',
    summary: 'One refused message',
    answers: { 200: json(DEAD_LETTER_IN_FULL, { ...EXAMPLE_DEAD_LETTER, keptBytes: 24 }) },
  })
  @Get(':id')
  async one(@Param({ schema: LETTER_PARAMS }) { id }: LetterParams) {
    const row = await this.find(id);
    return { ...deadLetterView(row, this.links), keptBytes: row.bytes?.length ?? 0 };
  }

  /** As an attachment of no type: nobody knows what these bytes are, so no program may guess. */
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
    const { bytes } = await this.find(id);
    if (!bytes) throw notFound(`The bytes of dead letter ${id} were not kept.`);
    response
      .set({
        'Content-Type': 'application/octet-stream',
        'Content-Disposition': `attachment; filename="${id}.bin"`,
      })
      .send(Buffer.from(bytes));
  }

  private async find(id: string) {
    const row = await findDeadLetter(this.catalog.reader, id);
    if (!row) throw notFound(`There is no dead letter ${id}.`);
    return row;
  }
}
