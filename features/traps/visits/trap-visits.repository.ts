import { Injectable } from '@nestjs/common';
import type { Selectable } from 'kysely';
import { Catalog, type TrapVisitsTable } from '../../../libs/database/index.js';
import type { TrapWork } from './trap-visits.schema.js';

/** A note of somebody who was at a trap. */
export interface TrapVisit {
  readonly trapId: string;
  readonly visitId: string;
  readonly atMs: number;
  readonly what: readonly TrapWork[];
  readonly text: string | null;
  /** The key or person that noted it. */
  readonly byName: string;
}

@Injectable()
export class TrapVisitsRepository {
  constructor(private readonly catalog: Catalog) {}

  /** Newest first. */
  async list(trapId: string, limit: number): Promise<TrapVisit[]> {
    const rows = await this.catalog.reader
      .selectFrom('trap_visits')
      .selectAll()
      .where('trap_id', '=', trapId)
      .orderBy('at_ms', 'desc')
      .orderBy('visit_id')
      .limit(limit)
      .execute();
    return rows.map(toVisit);
  }

  async add(visit: TrapVisit): Promise<void> {
    await this.catalog.db
      .insertInto('trap_visits')
      .values({
        trap_id: visit.trapId,
        visit_id: visit.visitId,
        at_ms: visit.atMs,
        what: JSON.stringify(visit.what),
        text: visit.text,
        by_name: visit.byName,
      })
      .execute();
  }

  /** @returns false where there is none */
  async remove(trapId: string, visitId: string): Promise<boolean> {
    const { numDeletedRows } = await this.catalog.db
      .deleteFrom('trap_visits')
      .where('trap_id', '=', trapId)
      .where('visit_id', '=', visitId)
      .executeTakeFirst();
    return numDeletedRows > 0n;
  }
}

const toVisit = (row: Selectable<TrapVisitsTable>): TrapVisit => ({
  trapId: row.trap_id,
  visitId: row.visit_id,
  atMs: Number(row.at_ms),
  what: JSON.parse(row.what) as TrapWork[],
  text: row.text,
  byName: row.by_name,
});
