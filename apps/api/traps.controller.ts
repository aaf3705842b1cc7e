import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import { type Account, findTrap, latestTelemetryOf, pageOfTraps } from '../../libs/catalog/index.js';
import { Asker, seesExactPlaces } from './access.js';
import { Links } from './links.js';
import { after, pageOf, placed } from './pages.js';
import { id, limit, NO_PARAMETERS, onlyThese } from './parameters.js';
import { type ApiParts, PARTS } from './parts.js';
import { notFound } from './problem.js';
import { TrapCounts } from './trap-counts.js';
import { trapView } from './trap-view.js';

const TRAPS_QUERY = onlyThese({ limit: limit(), after: after(z.tuple([placed.id])) });
const TRAP_PARAMS = onlyThese({ trapId: id() });

/** Traps, in the order of their ids: the one list that has no newest. */
@Controller('api/v1/traps')
export class TrapsController {
  private readonly links: Links;
  private readonly counts: TrapCounts;

  constructor(@Inject(PARTS) private readonly parts: ApiParts) {
    this.links = new Links(parts.publicUrl);
    this.counts = new TrapCounts(parts.catalog.reader);
  }

  @Get()
  async list(@Query({ schema: TRAPS_QUERY }) query: z.output<typeof TRAPS_QUERY>, @Asker() asker: Account) {
    const rows = await pageOfTraps(this.parts.catalog.reader, query.limit + 1, query.after?.[0]);
    const show = await this.view(rows.slice(0, query.limit), asker);
    return pageOf(rows, query.limit, (row) => [row.trap_id], show);
  }

  @Get(':trapId')
  async one(
    @Param({ schema: TRAP_PARAMS }) { trapId }: z.output<typeof TRAP_PARAMS>,
    @Query({ schema: NO_PARAMETERS }) _none: unknown,
    @Asker() asker: Account,
  ) {
    const row = await findTrap(this.parts.catalog.reader, trapId);
    if (!row) throw notFound(`There is no trap ${trapId}.`);
    return (await this.view([row], asker))(row);
  }

  /** Looks up for all of these at once what their rows do not say. */
  private async view(rows: readonly TrapRow[], asker: Account) {
    const trapIds = rows.map((row) => row.trap_id);
    const latest = await latestTelemetryOf(this.parts.catalog.reader, trapIds);
    const telemetry = new Map(latest.map((reading) => [reading.trap_id, reading]));
    const countOf = await this.counts.of(trapIds);
    const exact = seesExactPlaces(asker);
    return (row: TrapRow) =>
      trapView(
        row,
        { telemetry: telemetry.get(row.trap_id), counts: countOf(row.trap_id), exact },
        this.links,
      );
  }
}

type TrapRow = Awaited<ReturnType<typeof pageOfTraps>>[number];
