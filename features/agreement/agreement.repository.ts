import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Catalog, number } from '../../libs/database/index.js';
import type { ReviewVerdict } from '../../libs/domain/index.js';
import { decides, inFilter, type RunFilter } from '../runs/index.js';

/** How often a model said the one and people the other. */
export interface ReviewConfusion {
  readonly modelLabel: string;
  readonly modelInsect: boolean;
  readonly verdict: ReviewVerdict;
  /** Null where people are unsure. */
  readonly peoplesLabel: string | null;
  readonly runs: number;
}

@Injectable()
export class AgreementRepository {
  constructor(private readonly catalog: Catalog) {}

  /**
   * What a model and people decided on the same runs: of each run the review that decides, and nothing where there is
   * none. It reads all of them.
   *
   * @param model key of a model; otherwise of each run the one that counts
   */
  async confusions(filter: RunFilter, model?: string): Promise<ReviewConfusion[]> {
    const rows = await this.catalog.scanner
      .selectFrom('reviews')
      .innerJoin('runs', (join) =>
        join.onRef('runs.trap_id', '=', 'reviews.trap_id').onRef('runs.run_id', '=', 'reviews.run_id'),
      )
      .innerJoin('observations', (join) =>
        join
          .onRef('observations.trap_id', '=', 'reviews.trap_id')
          .onRef('observations.run_id', '=', 'reviews.run_id')
          .on('observations.model', '=', model === undefined ? sql.ref('runs.model') : sql.val(model)),
      )
      .select([
        'observations.label as model_label',
        'observations.insect as model_insect',
        'reviews.verdict',
        'reviews.label',
        sql<number>`count(*)`.as('runs'),
      ])
      .where(decides())
      .where(inFilter(filter))
      .groupBy(['observations.label', 'observations.insect', 'reviews.verdict', 'reviews.label'])
      .execute();
    return rows.map((row) => ({
      modelLabel: row.model_label,
      modelInsect: row.model_insect === 1,
      verdict: row.verdict,
      peoplesLabel: row.label,
      runs: number(row.runs),
    }));
  }
}
