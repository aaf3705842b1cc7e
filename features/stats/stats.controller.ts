import { Controller, Get, Header, Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { z } from 'zod';
import { VERSION } from '../../libs/config/index.js';
import { Scans } from '../accounts/index.js';
import {
  type Column,
  csvFormat,
  csvHeader,
  csvRows,
  factsOf,
  fileName,
  filterText,
} from '../downloads/index.js';
import { ApiDoc, file, json, sendJson } from '../http/index.js';
import { runFilter } from '../runs/index.js';
import { addNames, Taxa } from '../taxa/index.js';
import {
  COUNT_QUERY,
  COUNT_TABLE_QUERY,
  type CountQuery,
  type CountTableQuery,
  hasEffort,
} from './count-query.js';
import { countView, effortView } from './present-counts.js';
import { type COUNT, COUNTS, EXAMPLE_COUNTS } from './stats.schema.js';
import { StatsService } from './stats.service.js';

const EXAMPLE_TABLE = 'trap,day,visits,crops,unsure,effortMinutes,visitsPerHour\nmeadow-1,2026-06-01,';

/** Counts, by one definition: a run is one visit. */
@Controller('api/v1/stats')
export class StatsController {
  constructor(
    private readonly stats: StatsService,
    private readonly taxa: Taxa,
  ) {}

  @ApiDoc({
    tag: 'Statistics',
    summary: 'Visits and crops by label, time or trap',
    description: `A run is one visit and counts once, however many crops it has; the parameters choose the same runs as in
the list of runs. Insects only, unless \`insectsOnly=false\`; what is no insect and what is not classified yet is told
apart in \`totals\` in any case. Unsure visits count, and are told apart in \`unsure\`.

Hours and days are those of the trap's clock: by the offset that the run was sent with, else by the trap's time zone.
Visits of unknown time (a clock that cannot be right) count in totals. In rows by time they stand apart, with null for
the time; they are in no rate, and in no span of time that \`from\` or \`to\` names.

Effort (minutes of recording, from the sessions) and visits per hour stand in each row where \`by\` is made of trap and
time only; hours without a visit are then there, too. They are null where the effort is not known.`,
    answers: { 200: json(COUNTS, EXAMPLE_COUNTS) },
  })
  @Scans('question')
  @Get('counts')
  async counts(@Query({ schema: COUNT_QUERY }) query: CountQuery, @Res() response: Response): Promise<void> {
    const { by, insectsOnly } = query;
    const counted = await this.stats.count(runFilter(query), by, Date.now());
    const [all] = counted.all.sorted();
    const { visits = 0, crops = 0, unsure = 0, untimed = 0, untimedCrops = 0 } = all ?? {};
    const totals = {
      visits,
      crops,
      unsure,
      notInsects: apart(counted.others),
      unclassified: apart(counted.unclassified),
      timeUnknown: { visits: untimed, crops: untimedCrops },
      ...(all ? effortView(all) : { effortMinutes: null, visitsPerHour: null }),
    };
    const items = counted.cells.sorted().map((cell) => countView(cell, hasEffort(by)));
    await sendJson(response, { by, insectsOnly, totals }, addNames(items, await this.taxa.read()));
  }

  @ApiDoc({
    tag: 'Statistics',
    summary: 'The same rows as CSV',
    description: 'One row per combination of what is counted by; the totals of the JSON are not among them.',
    answers: { 200: file('text/csv', 'One row per combination', { example: EXAMPLE_TABLE }) },
  })
  @Scans('question')
  @Get('counts.csv')
  @Header('Content-Type', 'text/csv; charset=utf-8; header=present')
  async table(
    @Query({ schema: COUNT_TABLE_QUERY }) { excel, by, ...query }: CountTableQuery,
    @Res({ passthrough: true }) response: Response,
  ): Promise<string> {
    const counted = await this.stats.count(runFilter(query), by, Date.now());
    const format = csvFormat(excel);
    const names = [...by, 'visits', 'crops', 'unsure', ...(hasEffort(by) ? EFFORT : [])] as const;
    const columns = [
      ...names.map((name): Column<Row> => ({ name, of: (row) => row[name] })),
      ...(by.includes('label') || by.includes('taxon') ? NAME_COLUMNS : []),
    ];
    const counts = counted.cells.sorted().map((cell): Row => countView(cell, hasEffort(by)));
    const rows = addNames(counts, await this.taxa.read());
    response.set({
      'Content-Disposition': `attachment; filename="${fileName(`counts_by-${by.join('-')}`, query, 'csv')}"`,
      ...factsOf(filterText(query), VERSION),
    });
    return csvHeader(columns, format) + csvRows(columns, rows, format);
  }
}

type Row = Partial<z.output<typeof COUNT>>;
const NAME_COLUMNS: readonly Column<Row>[] = [
  { name: 'nameEn', of: ({ names }) => names?.en },
  { name: 'nameDe', of: ({ names }) => names?.de },
];
const EFFORT = ['effortMinutes', 'visitsPerHour'] as const;

const apart = ({ visits, crops }: { visits: number; crops: number }) => ({ visits, crops });
