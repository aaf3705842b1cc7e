import { sql } from 'kysely';
import { isUnderWay } from '../domain/index.js';
import { type DeploymentRow, deploymentIn, deploymentsOf, type KnownDeployment } from './deployments.js';
import type { Db } from './schema.js';

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
