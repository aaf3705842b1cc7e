import { type Insertable, sql } from 'kysely';
import type { Db, DeploymentsTable } from '../../libs/database/index.js';
import {
  type Coordinates,
  type Deployment,
  freePeriodFor,
  nextDeploymentId,
  openedAt,
  placeSaid,
} from '../../libs/domain/index.js';
import {
  changeDeployment,
  type DeploymentRow,
  followDeployment,
  knownDeployments,
  putDeployment,
  underWay,
} from './deployments.repository.js';
import { changeZones } from './trap-zones.js';

/**
 * Sets a deployment of a trap that the caller holds, and makes room for it.
 *
 * @returns the deployment that it cannot be reconciled with; nothing is written then
 */
export async function deploy(
  tx: Db,
  row: Insertable<DeploymentsTable> & Pick<DeploymentRow, 'start_ms' | 'end_ms'>,
  nowMs: number,
): Promise<Deployment | undefined> {
  return changeZones(tx, row.trap_id, () => makeRoomAndDeploy(tx, row, nowMs));
}

async function makeRoomAndDeploy(
  tx: Db,
  row: Parameters<typeof deploy>[1],
  nowMs: number,
): Promise<Deployment | undefined> {
  const trapId = row.trap_id;
  const times = { deploymentId: row.deployment_id, startMs: row.start_ms, endMs: row.end_ms };
  const before = await knownDeployments(tx, trapId);
  const room = freePeriodFor(times, before, nowMs);
  if (room.conflict) return room.conflict;
  for (const { deploymentId, startMs, endMs } of room.changed)
    await changeDeployment(tx, trapId, deploymentId, { start_ms: startMs, end_ms: endMs });
  if (room.removed.length)
    await tx
      .deleteFrom('deployments')
      .where('trap_id', '=', trapId)
      .where('deployment_id', 'in', room.removed)
      .execute();
  await putDeployment(tx, row);
  for (const { deploymentId, startMs, endMs } of room.resumed) {
    const interrupted = before.find((each) => each.deploymentId === deploymentId)?.row as DeploymentRow;
    const id = nextDeploymentId(await knownDeployments(tx, trapId));
    await putDeployment(tx, { ...interrupted, deployment_id: id, start_ms: startMs, end_ms: endMs });
  }
  await followDeployment(tx, trapId, nowMs);
  return undefined;
}

/**
 * Takes a trap's word on where it is, as far as no editor has spoken. The caller holds the trap.
 *
 * @returns true where it stands elsewhere from now on
 */
export async function takePlace(tx: Db, trapId: string, place: Coordinates, nowMs: number): Promise<boolean> {
  const deployments = await knownDeployments(tx, trapId);
  const news = placeSaid(place, deployments, nowMs);
  if (news.is === 'overruled') return false;
  if (news.is === 'moved') {
    const { startMs, endMs } = news;
    const times = { start_ms: startMs, end_ms: endMs, said_by: 'trap' as const };
    await deploy(
      tx,
      { trap_id: trapId, deployment_id: nextDeploymentId(deployments), ...times, ...place },
      nowMs,
    );
    return true;
  }
  const { deploymentId } = news;
  await changeDeployment(tx, trapId, deploymentId, {
    ...place,
    ...(news.is === 'resumed' && { end_ms: news.endMs }),
  });
  await followDeployment(tx, trapId, nowMs);
  return false;
}

/** Ends the place that a trap has said of itself, as far as no editor has spoken. The caller holds the trap. */
export async function endPlace(tx: Db, trapId: string, nowMs: number): Promise<void> {
  const current = underWay(await knownDeployments(tx, trapId), nowMs);
  if (!current || current.saidBy === 'editor' || current.place === null) return;
  await changeDeployment(tx, trapId, current.deploymentId, { end_ms: nowMs });
  await tx
    .updateTable('traps')
    .set({ latitude: null, longitude: null, time_zone: sql`coalesce(own_zone, time_zone)` })
    .where('trap_id', '=', trapId)
    .execute();
}

/**
 * Takes an editor's word on where a trap stands now: a correction of the deployment that is under way, or a new one
 * where none is. The caller holds the trap.
 */
export async function setPlace(
  tx: Db,
  trapId: string,
  place: Coordinates & { readonly uncertaintyM?: number | undefined },
  nowMs: number,
): Promise<void> {
  const deployments = await knownDeployments(tx, trapId);
  const { latitude, longitude, uncertaintyM } = place;
  const said = { latitude, longitude, uncertainty_m: uncertaintyM ?? null, said_by: 'editor' as const };
  const current = underWay(deployments, nowMs);
  if (current) {
    await changeDeployment(tx, trapId, current.deploymentId, said);
    await followDeployment(tx, trapId, nowMs);
    return;
  }
  const { startMs, endMs } = openedAt(deployments, nowMs);
  const times = { start_ms: startMs, end_ms: endMs };
  await deploy(
    tx,
    { trap_id: trapId, deployment_id: nextDeploymentId(deployments), ...times, ...said },
    nowMs,
  );
}

/** Leaves the place of the deployment that is under way to the trap again. The caller holds the trap. */
export async function leavePlaceToTrap(
  tx: Db,
  trapId: string,
  said: Coordinates | undefined,
  nowMs: number,
): Promise<void> {
  const current = underWay(await knownDeployments(tx, trapId), nowMs);
  if (!current) return;
  const { latitude = null, longitude = null } = said ?? {};
  await changeDeployment(tx, trapId, current.deploymentId, {
    latitude,
    longitude,
    uncertainty_m: null,
    said_by: 'trap',
  });
  await followDeployment(tx, trapId, nowMs);
}
