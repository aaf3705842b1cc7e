import type { Insertable, Selectable, Updateable } from 'kysely';
import type { Deployment } from '../domain/index.js';
import type { Db, DeploymentsTable } from './schema.js';
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
