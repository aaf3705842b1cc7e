import { sql } from 'kysely';
import { cachedOne, type Db } from '../../libs/database/index.js';
import { relevantZones, type TrapZones } from '../../libs/domain/index.js';

/** The zones of a trap, and how often others have held before. */
export interface KnownZones extends TrapZones {
  /** 0 while nobody has said any. */
  readonly revision: number;
}

/** The zones in which a trap's clock stood, as far as anybody has said. */
export async function zonesOf(db: Db, trapId: string): Promise<KnownZones> {
  const { rows } = await selectZones(db, { trapId });
  const deployments = rows
    .flatMap(({ deployment_id: id, start_ms: startMs, end_ms: endMs, time_zone: timeZone }) =>
      id === null ? [] : [{ startMs, endMs, timeZone }],
    )
    .sort((a, b) => (a.startMs ?? -Infinity) - (b.startMs ?? -Infinity));
  return { revision: rows[0]?.zone_revision ?? 0, own: rows[0]?.own_zone ?? undefined, deployments };
}

const selectZones = cachedOne((db, { trapId }: { readonly trapId: string }) =>
  db
    .selectFrom('traps')
    .leftJoin('deployments', 'deployments.trap_id', 'traps.trap_id')
    .select([
      'traps.zone_revision',
      'traps.own_zone',
      'deployments.deployment_id',
      'deployments.start_ms',
      'deployments.end_ms',
      'deployments.time_zone',
    ])
    .where('traps.trap_id', '=', trapId),
);

/**
 * Does something after which other zones may hold for a trap. Where they do, what it sent without a zone is due to be
 * read again. The caller holds the trap.
 *
 * @param options `always`: also where the zones are the same: an editor who says them again wants them to hold
 */
export async function changeZones<T>(
  tx: Db,
  trapId: string,
  change: () => Promise<T>,
  { always = false }: { readonly always?: boolean } = {},
): Promise<T> {
  const before = await zonesOf(tx, trapId);
  const changed = await change();
  if (always || !saysTheSame(before, await zonesOf(tx, trapId)))
    await tx
      .updateTable('traps')
      .set({ zone_revision: sql`zone_revision + 1` })
      .where('trap_id', '=', trapId)
      .execute();
  return changed;
}

const saysTheSame = (a: TrapZones, b: TrapZones): boolean =>
  JSON.stringify(relevantZones(a)) === JSON.stringify(relevantZones(b));
