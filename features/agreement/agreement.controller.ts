import { Controller, Get, Header, Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import { z } from 'zod';
import { VERSION } from '../../libs/config/index.js';
import { Scans } from '../accounts/index.js';
import { csvFormat, factsOf, fileName, filterText } from '../downloads/index.js';
import { ApiDoc, described, excel, file, json, label, oneOf } from '../http/index.js';
import { RUN_FILTER, runFilter } from '../runs/index.js';
import { AGREEMENT, EXAMPLE_AGREEMENT } from './agreement.schema.js';
import { AgreementService } from './agreement.service.js';
import { confusionsTable, labelsTable } from './agreement-table.js';

const MODEL = described(
  label(),
  'Key of a model that has observed the runs; otherwise of each the one that counts',
);
const SHAPE = { ...RUN_FILTER, model: MODEL.optional() };
const AGREEMENT_QUERY = z.object(SHAPE);
const TABLE_QUERY = z.object({
  ...SHAPE,
  excel: excel(),
  table: oneOf('labels', 'confusions').default('labels'),
});
type Asked = z.output<typeof AGREEMENT_QUERY>;

const ABOUT =
  "Of each reviewed run the review that decides counts. Cohen's κ (Cohen 1960, Educ. Psychol. Meas. 20: 37–46), over all labels and of each against the rest. The filters are those of the list of runs: `label` is that of the verdict that counts.";
const EXAMPLE = 'label,byModel,byPeople,agreed,precision,recall,kappa\n(all),50,50,35,0.7,0.7,0.4\n';

/** How far model and people agree. */
@Controller('api/v1/stats')
export class AgreementController {
  constructor(private readonly agreements: AgreementService) {}

  @ApiDoc({
    tag: 'Statistics',
    summary: 'Agreement of model and people',
    description: ABOUT,
    answers: { 200: json(AGREEMENT, EXAMPLE_AGREEMENT) },
  })
  @Scans('question')
  @Get('agreement')
  agreement(@Query({ schema: AGREEMENT_QUERY }) query: Asked): Promise<z.output<typeof AGREEMENT>> {
    const { model, ...runs } = query;
    return this.agreements.agreement(runFilter(runs), model);
  }

  @ApiDoc({
    tag: 'Statistics',
    summary: 'The same as CSV',
    description: `${ABOUT} \`table\`: one row per label, or per pair of labels that were confused.`,
    answers: { 200: file('text/csv', 'One row per label or pair', { example: EXAMPLE }) },
  })
  @Scans('question')
  @Get('agreement.csv')
  @Header('Content-Type', 'text/csv; charset=utf-8; header=present')
  async table(
    @Query({ schema: TABLE_QUERY }) { table, excel, ...query }: z.output<typeof TABLE_QUERY>,
    @Res({ passthrough: true }) response: Response,
  ): Promise<string> {
    const { model, ...runs } = query;
    const agreement = await this.agreements.agreement(runFilter(runs), model);
    const what = ['agreement', model, table].filter(Boolean).join('_');
    response.set({
      'Content-Disposition': `attachment; filename="${fileName(what, runs, 'csv')}"`,
      ...factsOf(filterText(query), VERSION),
    });
    const format = csvFormat(excel);
    return table === 'labels' ? labelsTable(agreement, format) : confusionsTable(agreement, format);
  }
}
