import { Controller, Get, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import { Scans } from '../accounts/index.js';
import { ApiDoc, described, json, notFound, trapIds, wholeNumber } from '../http/index.js';
import {
  EXAMPLE_TAXON,
  EXAMPLE_TAXON_IN_FULL,
  TAXA,
  TAXON_IN_FULL,
  taxonInFullView,
  taxonView,
} from './taxa.schema.js';
import { Taxa } from './taxa.service.js';

const MOST = 100;
const STANDARD = 20;

const TEXT_ERROR = 'must be 1 to 200 characters';
/** Whatever somebody types into a search box, and what labels and scientific names consist of. */
const text = () =>
  z
    .string({ error: ({ input }) => (Array.isArray(input) ? 'must be given once' : TEXT_ERROR) })
    .regex(/^[^\p{Cc}\p{Cs}]{1,200}$/u, { error: TEXT_ERROR })
    .meta({ wire: { type: 'string', minLength: 1, maxLength: 200, examples: ['hfly_episyr'] } });

const TRAP = described(trapIds(), 'Traps whose reviews count in `used`; default: all', 'meadow-1').optional();
const SEARCH = z.object({
  q: described(
    text(),
    'German, English or scientific name, or label, or the beginning of a word of it. Case and umlauts do not count',
    'hain',
  ).optional(),
  limit: described(wholeNumber(1, MOST), 'How many at most', STANDARD).default(STANDARD),
  trap: TRAP,
});
const ONE_QUERY = z.object({ trap: TRAP });
const TAXON_PARAMS = z.object({ label: described(text(), 'A label, or a scientific name', 'hfly_episyr') });

/** What a run can be relabelled to, and what is known of it. */
@Controller('api/v1/taxa')
export class TaxaController {
  constructor(private readonly taxa: Taxa) {}

  @ApiDoc({
    tag: 'Reading',
    summary: 'Search for taxa and labels, to name what a run shows',
    description: `Labels of all installed models, what people have named in reviews (after some seconds), and common European
taxa. Best first: what the active model or people know before anything else. Without \`q\`, what people have named most
often.`,
    answers: { 200: json(TAXA, { items: [EXAMPLE_TAXON] }) },
  })
  @Scans('question')
  @Get()
  async search(
    @Query({ schema: SEARCH }) { q, limit, trap }: z.output<typeof SEARCH>,
  ): Promise<z.output<typeof TAXA>> {
    const found = await this.taxa.search(q ?? '', limit, trap);
    const index = await this.taxa.read();
    return { items: found.map((entry) => taxonView(entry, index)) };
  }

  @ApiDoc({
    tag: 'Reading',
    summary: 'One taxon or label, with a sentence about it',
    answers: { 200: json(TAXON_IN_FULL, EXAMPLE_TAXON_IN_FULL) },
  })
  @Get(':label')
  async one(
    @Param({ schema: TAXON_PARAMS }) { label }: z.output<typeof TAXON_PARAMS>,
    @Query({ schema: ONE_QUERY }) { trap }: z.output<typeof ONE_QUERY>,
  ): Promise<z.output<typeof TAXON_IN_FULL>> {
    const entry = await this.taxa.find(label, trap);
    if (!entry) throw notFound(`No model and no review knows ${label}.`);
    return taxonInFullView(entry, await this.taxa.read());
  }
}
