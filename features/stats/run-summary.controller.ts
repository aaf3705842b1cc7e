import { Controller, Get, Inject, Query } from '@nestjs/common';
import { sql } from 'kysely';
import { z } from 'zod';
import type { Config } from '../../libs/config/index.js';
import { Catalog, type Db, number } from '../../libs/database/index.js';
import { Scans } from '../accounts/index.js';
import { ApiDoc, count, json } from '../http/index.js';
import { CONFIG } from '../platform/index.js';
import { FILTER_QUERY, inFilter, type RunFilter, type RunFilterQuery, runFilter } from '../runs/index.js';
import { effortView } from './present-counts.js';
import { countRuns } from './stats.service.js';

const SUMMARY = z
  .strictObject({
    runs: count(),
    crops: count(),
    pictures: count().meta({ description: 'Crops whose picture is still there' }),
    bytes: count().meta({ description: 'Of these pictures' }),
    insects: count().meta({ description: 'Runs that show an insect' }),
    kinds: count().meta({ description: 'Taxa of certain verdicts; labels where they stand for none' }),
    effortMinutes: z.number().nullable(),
    visitsPerHour: z.number().nullable(),
  })
  .meta({ id: 'RunSummary', description: 'What a filter of runs finds, before it is downloaded' });

const EXAMPLE_SUMMARY: z.output<typeof SUMMARY> = {
  runs: 1234,
  crops: 15_000,
  pictures: 14_880,
  bytes: 312_000_000,
  insects: 1100,
  kinds: 23,
  effortMinutes: 5400,
  visitsPerHour: 12.22,
};

/** What a filter of runs would give. */
@Controller('api/v1/runs/summary')
export class RunSummaryController {
  constructor(
    private readonly catalog: Catalog,
    @Inject(CONFIG) private readonly config: Pick<Config, 'timeZone'>,
  ) {}

  @ApiDoc({
    tag: 'Statistics',
    summary: 'How much a filter of runs finds',
    answers: { 200: json(SUMMARY, EXAMPLE_SUMMARY) },
  })
  @Scans('question')
  @Get()
  async summary(@Query({ schema: FILTER_QUERY }) query: RunFilterQuery) {
    const filter = runFilter(query);
    const sums = await sumRuns(this.catalog.scanner, filter);
    const { all } = await countRuns(
      this.catalog,
      this.config.timeZone,
      { ...filter, insectsOnly: true },
      [],
      Date.now(),
    );
    const [cell] = all.sorted();
    const effort = cell ? effortView(cell) : { effortMinutes: null, visitsPerHour: null };
    return { ...sums, ...effort };
  }
}

/** Pictures of runs that retention has not touched are those that were stored; of the others, what is left is counted. */
async function sumRuns(db: Db, filter: RunFilter) {
  const { rows } = await sql<Record<string, unknown>>`
    select count(*) as runs, sum(stored_crops) as crops, sum(stored_bytes) as bytes,
      sum(case when removed_at is not null then stored_crops else 0 end) as touched_crops,
      sum(case when removed_at is not null then stored_bytes else 0 end) as touched_bytes,
      sum(case when insect = 1 then 1 else 0 end) as insects,
      count(distinct case when insect = 1 and unsure = 0 then coalesce(taxon, label) end) as kinds
    from runs where ${inFilter(filter)}`.execute(db);
  const row = rows[0] ?? {};
  const touched = number(row['touched_crops']);
  const left = touched ? await picturesLeft(db, filter) : { pictures: 0, bytes: 0 };
  return {
    runs: number(row['runs']),
    crops: number(row['crops']),
    pictures: number(row['crops']) - touched + left.pictures,
    bytes: number(row['bytes']) - number(row['touched_bytes']) + left.bytes,
    insects: number(row['insects']),
    kinds: number(row['kinds']),
  };
}

async function picturesLeft(db: Db, filter: RunFilter) {
  const { rows } = await sql<Record<string, unknown>>`
    select count(*) as pictures, sum(crops.bytes) as bytes from crops
    join runs on runs.trap_id = crops.trap_id and runs.run_id = crops.run_id
    where runs.removed_at is not null and crops.removed_at is null and ${inFilter(filter)}`.execute(db);
  return { pictures: number(rows[0]?.['pictures']), bytes: number(rows[0]?.['bytes']) };
}
