import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { VERSION } from '../../../libs/config/index.js';
import { Catalog } from '../../../libs/database/index.js';
import { CurrentUser, type Principal, Scans, seesExactPlaces } from '../../accounts/index.js';
import { ApiDoc, type Documentation, described, excel, FileLinks, file, flag } from '../../http/index.js';
import {
  EXAMPLE_RUN,
  FILTER_QUERY,
  RUN_FILTER,
  type RunFilterQuery,
  RunsService,
  runFilter,
} from '../../runs/index.js';
import { Taxa } from '../../taxa/index.js';
import { DOWNLOAD_HEADERS as headers } from '../download-headers.js';
import { factsOf, fileName, filterText } from '../file-name.js';
import { CROP_COLUMNS, SUMMARY_COLUMNS } from './crops-table.js';
import { csvFormat, csvHeader } from './csv.js';
import { runColumns } from './runs-table.js';
import { sendTable } from './send-table.js';
import { cropLines, runLines, runObjects, runsOf, summaryLines } from './table-pages.js';

const STREAMS =
  'It grows while it is read: its length is not known beforehand, and a broken one is begun anew.';

const RUNS_CSV: Documentation = {
  tag: 'Downloads',
  summary: 'Runs as CSV',
  description: `One row per run, newest first, with the verdict that counts, place and effort. ${STREAMS}`,
  answers: {
    200: file('text/csv', 'One row per run', {
      headers,
      example: 'trapId,trapName,runId,…\nmeadow-1,Meadow,20260601_100000-17,…\n',
    }),
  },
};

const RUNS_NDJSON: Documentation = {
  tag: 'Downloads',
  summary: 'Runs as lines of JSON',
  description: `Each line is a run as the list of runs has it. ${STREAMS}`,
  answers: {
    200: file('application/x-ndjson', 'One run per line', {
      headers,
      example: `${JSON.stringify(EXAMPLE_RUN)}\n`,
    }),
  },
};

const CROPS_CSV: Documentation = {
  tag: 'Downloads',
  summary: "Crops as CSV, in insect-detect's columns",
  description: `The metadata of insect-detect with its classification: its post-processing reads it. Times are those of the trap's clock. ${STREAMS}`,
  answers: {
    200: file('text/csv', 'One row per classified crop', {
      headers,
      example:
        'device_id,session_id,timestamp,label,confidence,track_id,…\nmeadow-1,20260601T080000-12,2026-06-01T10:00:00.000000,insect,0.87,17,…\n',
    }),
  },
};

const TOP1_FINAL_CSV: Documentation = {
  tag: 'Downloads',
  summary: "Runs as CSV, as insect-detect's post-processing makes them",
  description: `What \`process_metadata.py\` makes of \`crops.csv\`: by the model alone, whatever people have said. ${STREAMS}`,
  answers: {
    200: file('text/csv', 'One row per classified run', {
      headers,
      example: 'cam_ID,rec_ID,date,track_ID,…\nmeadow-1,20260601T080000-12,2026-06-01,17,…\n',
    }),
  },
};

const TABLE_QUERY = z.object({ ...RUN_FILTER, excel: excel() });
type TableQuery = z.output<typeof TABLE_QUERY>;
const CROPS_QUERY = z.object({
  ...RUN_FILTER,
  excel: excel(),
  unclassified: described(flag(), 'Crops without a label too').optional(),
});
const CSV = 'text/csv; charset=utf-8; header=present';

/** Runs and crops as tables, as many as there are. */
@Controller('api/v1/downloads')
export class TablesController {
  constructor(
    private readonly catalog: Catalog,
    private readonly runsService: RunsService,
    private readonly links: FileLinks,
    private readonly taxa: Taxa,
  ) {}

  @ApiDoc(RUNS_CSV)
  @Scans('download')
  @Get('runs.csv')
  async runs(
    @Query({ schema: TABLE_QUERY }) { excel, ...query }: TableQuery,
    @CurrentUser() user: Principal,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const columns = runColumns(seesExactPlaces(user), this.links, await this.taxa.read());
    await sendTable(request, response, {
      mediaType: CSV,
      fileName: fileName('runs', query, 'csv'),
      headers: this.facts(query),
      header: csvHeader(columns, csvFormat(excel)),
      pages: runLines(this.catalog, runFilter(query), columns, csvFormat(excel)),
    });
  }

  @ApiDoc(RUNS_NDJSON)
  @Scans('download')
  @Get('runs.ndjson')
  async objects(
    @Query({ schema: FILTER_QUERY }) query: RunFilterQuery,
    @CurrentUser() user: Principal,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await sendTable(request, response, {
      mediaType: 'application/x-ndjson',
      fileName: fileName('runs', query, 'ndjson'),
      headers: this.facts(query),
      header: '',
      pages: runObjects(
        this.runsService,
        runsOf(this.catalog, runFilter(query)),
        this.links,
        await this.taxa.read(),
        user,
      ),
    });
  }

  @ApiDoc(CROPS_CSV)
  @Scans('download')
  @Get('crops.csv')
  async crops(
    @Query({ schema: CROPS_QUERY }) { unclassified, excel, ...query }: z.output<typeof CROPS_QUERY>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await sendTable(request, response, {
      mediaType: CSV,
      fileName: fileName('crops', query, 'csv'),
      headers: this.facts(query),
      header: csvHeader(CROP_COLUMNS, csvFormat(excel)),
      pages: cropLines(this.catalog, runFilter(query), unclassified === true, csvFormat(excel)),
    });
  }

  @ApiDoc(TOP1_FINAL_CSV)
  @Scans('download')
  @Get('top1-final.csv')
  async summary(
    @Query({ schema: TABLE_QUERY }) { excel, ...query }: TableQuery,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await sendTable(request, response, {
      mediaType: CSV,
      fileName: fileName('top1-final', query, 'csv'),
      headers: this.facts(query),
      header: csvHeader(SUMMARY_COLUMNS, csvFormat(excel)),
      pages: summaryLines(this.catalog, runFilter(query), csvFormat(excel)),
    });
  }

  private facts(query: RunFilterQuery): Record<string, string> {
    return factsOf(filterText(query), VERSION);
  }
}
