import { Controller, Get, Query } from '@nestjs/common';
import { z } from 'zod';
import { Scans } from '../accounts/index.js';
import { ApiDoc, count, json } from '../http/index.js';
import { FILTER_QUERY, type RunFilterQuery, runFilter } from '../runs/index.js';
import { StatsService } from './stats.service.js';

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
  constructor(private readonly stats: StatsService) {}

  @ApiDoc({
    tag: 'Statistics',
    summary: 'How much a filter of runs finds',
    answers: { 200: json(SUMMARY, EXAMPLE_SUMMARY) },
  })
  @Scans('question')
  @Get()
  summary(@Query({ schema: FILTER_QUERY }) query: RunFilterQuery) {
    return this.stats.summary(runFilter(query), Date.now());
  }
}
