import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Catalog, number } from '../../libs/database/index.js';
import { inFilter, type RunFilter } from '../runs/index.js';

@Injectable()
export class RunSummaryRepository {
  constructor(private readonly catalog: Catalog) {}

  /** Pictures of runs that retention has not touched are those that were stored; of the others, what is left is counted. */
  async sum(filter: RunFilter) {
    const { rows } = await sql<Record<string, unknown>>`
      select count(*) as runs, sum(stored_crops) as crops, sum(stored_bytes) as bytes,
        sum(case when removed_at is not null then stored_crops else 0 end) as touched_crops,
        sum(case when removed_at is not null then stored_bytes else 0 end) as touched_bytes,
        sum(case when insect = 1 then 1 else 0 end) as insects,
        count(distinct case when insect = 1 and unsure = 0 then coalesce(taxon, label) end) as kinds
      from runs where ${inFilter(filter)}`.execute(this.catalog.scanner);
    const row = rows[0] ?? {};
    const touched = number(row['touched_crops']);
    const left = touched ? await this.picturesLeft(filter) : { pictures: 0, bytes: 0 };
    return {
      runs: number(row['runs']),
      crops: number(row['crops']),
      pictures: number(row['crops']) - touched + left.pictures,
      bytes: number(row['bytes']) - number(row['touched_bytes']) + left.bytes,
      insects: number(row['insects']),
      kinds: number(row['kinds']),
    };
  }

  private async picturesLeft(filter: RunFilter) {
    const { rows } = await sql<Record<string, unknown>>`
      select count(*) as pictures, sum(crops.bytes) as bytes from crops
      join runs on runs.trap_id = crops.trap_id and runs.run_id = crops.run_id
      where runs.removed_at is not null and crops.removed_at is null and ${inFilter(filter)}`.execute(
      this.catalog.scanner,
    );
    return { pictures: number(rows[0]?.['pictures']), bytes: number(rows[0]?.['bytes']) };
  }
}
