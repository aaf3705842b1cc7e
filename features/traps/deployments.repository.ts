import { type Insertable, type Selectable, sql, type Updateable } from 'kysely';
import { type Db, type DeploymentsTable, number } from '../../libs/database/index.js';
import { type Deployment, isUnderWay } from '../../libs/domain/index.js';
import { changeZones } from './trap-zones.js';

export type DeploymentRow = Selectable<DeploymentsTable>;

/** A row with what the rules need of it. */
export type KnownDeployment = Deployment & { readonly row: DeploymentRow };

/** All deployments of these traps, in the order of their starts. */
export async function deploymentsOf(db: Db, trapIds: readonly string[]): Promise<DeploymentRow[]> {
  if (!trapIds.length) return [];
  const rows = await db
    .selectFrom('deployments')
    .selectAll()
    .where('trap_id', 'in', trapIds)
    .orderBy('trap_id')
    .orderBy('deployment_id')
    .execute();
  return rows.sort((a, b) =>
    a.trap_id === b.trap_id ? (a.start_ms ?? -Infinity) - (b.start_ms ?? -Infinity) : 0,
  );
}

export function findDeployment(
  db: Db,
  trapId: string,
  deploymentId: string,
): Promise<DeploymentRow | undefined> {
  return db
    .selectFrom('deployments')
    .selectAll()
    .where('trap_id', '=', trapId)
    .where('deployment_id', '=', deploymentId)
    .executeTakeFirst();
}

/** Sets a deployment, whole: what it was before is replaced. */
export async function putDeployment(tx: Db, row: Insertable<DeploymentsTable>): Promise<void> {
  const { trap_id: _trap, deployment_id: _deployment, ...rest } = row;
  await tx
    .insertInto('deployments')
    .values(row)
    .onConflict((conflict) => conflict.columns(['trap_id', 'deployment_id']).doUpdateSet(rest))
    .execute();
}

export async function changeDeployment(
  tx: Db,
  trapId: string,
  deploymentId: string,
  columns: Updateable<DeploymentsTable>,
): Promise<void> {
  await tx
    .updateTable('deployments')
    .set(columns)
    .where('trap_id', '=', trapId)
    .where('deployment_id', '=', deploymentId)
    .execute();
}

/** @returns false where there was none */
export async function removeDeployment(tx: Db, trapId: string, deploymentId: string): Promise<boolean> {
  return changeZones(tx, trapId, async () => {
    const { numDeletedRows } = await tx
      .deleteFrom('deployments')
      .where('trap_id', '=', trapId)
      .where('deployment_id', '=', deploymentId)
      .executeTakeFirst();
    return numDeletedRows > 0n;
  });
}

/** A deployment as the rules have it. */
export const deploymentIn = (row: DeploymentRow): KnownDeployment => ({
  deploymentId: row.deployment_id,
  startMs: row.start_ms,
  endMs: row.end_ms,
  saidBy: row.said_by,
  place: placeIn(row),
  row,
});

const placeIn = ({ latitude, longitude }: DeploymentRow) =>
  latitude === null || longitude === null ? null : { latitude, longitude };

/** The deployment of a trap that is under way, or undefined. */
export async function currentDeployment(
  db: Db,
  trapId: string,
  nowMs: number,
): Promise<DeploymentRow | undefined> {
  return underWay(await knownDeployments(db, trapId), nowMs)?.row;
}

/** Gives the trap's row the place, and the time zone, of the deployment that is under way; without one, the trap's own. */
export async function followDeployment(tx: Db, trapId: string, nowMs: number): Promise<void> {
  const current = await currentDeployment(tx, trapId, nowMs);
  if (!current) return;
  const { latitude, longitude, time_zone: timeZone } = current;
  await tx
    .updateTable('traps')
    .set({ latitude, longitude, time_zone: timeZone ?? sql`coalesce(own_zone, time_zone)` })
    .where('trap_id', '=', trapId)
    .execute();
}

export const underWay = (
  deployments: readonly KnownDeployment[],
  nowMs: number,
): KnownDeployment | undefined => deployments.find((deployment) => isUnderWay(deployment, nowMs));

export const knownDeployments = async (db: Db, trapId: string): Promise<KnownDeployment[]> =>
  (await deploymentsOf(db, [trapId])).map(deploymentIn);

/** For a question on `traps`: when the first visit took place, which an index tells. */
export const EARLIEST_RUN = sql<
  number | null
>`(select min(at_ms) from runs where runs.trap_id = traps.trap_id and at_ms >= 0)`;

/** Since when anything is known of a trap: its first message, or a visit before that. */
export const knownSince = (firstSeenMs: number, earliestRunMs: number | null): number =>
  earliestRunMs === null ? firstSeenMs : Math.min(firstSeenMs, number(earliestRunMs));

/** {@link knownSince} of these traps, in ms since 1970; one that is not there is left out. */
export async function knownSinceOf(db: Db, trapIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (!trapIds.length) return new Map();
  const rows = await db
    .selectFrom('traps')
    .select(['trap_id', 'first_seen_at', EARLIEST_RUN.as('earliest_run')])
    .where('trap_id', 'in', trapIds)
    .execute();
  return new Map(rows.map((row) => [row.trap_id, knownSince(row.first_seen_at, row.earliest_run)]));
}
