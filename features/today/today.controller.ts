import { Controller, Get, Query } from '@nestjs/common';
import { z } from 'zod';
import { DAY_MS } from '../../libs/domain/index.js';
import { CurrentUser, type Principal, Scans } from '../accounts/index.js';
import { ApiDoc, date, described, json, trapIds } from '../http/index.js';
import { WithNames } from '../taxa/index.js';
import { EXAMPLE_TODAY, TODAY } from './today.schema.js';
import { TodayService } from './today.service.js';

const TODAY_QUERY = z.object({
  date: described(
    date(),
    "A local day, in the zone of the trap or the station's; default: the present one",
  ).optional(),
  trap: trapIds().optional(),
});

/** What a page shows first: the day so far, against what is usual. */
@WithNames(true)
@Controller('api/v1/today')
export class TodayController {
  constructor(private readonly days: TodayService) {}

  @ApiDoc({
    tag: 'Statistics',
    summary: 'One local day against what is usual',
    description:
      'Visits and taxa up to now, compared with the 21 days before, what waits for a person, what is worth a look, and how the traps are.',
    answers: { 200: json(TODAY, EXAMPLE_TODAY) },
  })
  @Scans('question')
  @Get()
  today(
    @Query({ schema: TODAY_QUERY }) { date: given, trap }: z.output<typeof TODAY_QUERY>,
    @CurrentUser() user: Principal,
  ) {
    const day = given === undefined ? undefined : given / DAY_MS;
    return this.days.describe({ trapIds: trap, day }, user, Date.now());
  }
}
