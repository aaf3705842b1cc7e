import { sql } from 'kysely';
import { type Catalog, number } from '../../libs/database/index.js';

/** The counts that Home Assistant shows. */
export class HomeAssistantRepository {
  constructor(private readonly catalog: Catalog) {}

  /**
   * Runs of a trap that show an insect, by when they began.
   *
   * @param fromMs inclusive
   * @param toMs exclusive
   */
  async insectVisits(trapId: string, fromMs: number, toMs: number): Promise<number> {
    const row = await this.catalog.reader
      .selectFrom('runs')
      .select(sql<number>`count(*)`.as('visits'))
      .where('trap_id', '=', trapId)
      .where('insect', '=', 1)
      .where('at_ms', '>=', fromMs)
      .where('at_ms', '<', toMs)
      .executeTakeFirstOrThrow();
    return number(row.visits);
  }
}
