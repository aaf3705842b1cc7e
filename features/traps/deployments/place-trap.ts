import type { Db } from '../../../libs/database/index.js';
import {
  type Coordinates,
  type Deployment,
  type DeploymentPeriod,
  deploymentOf,
  freePeriodFor,
  nextDeploymentId,
  openedAt,
  placeSaid,
} from '../../../libs/domain/index.js';
import { changeZones } from '../trap-zones.js';
import {
  changeDeployment,
  clearPlace,
  deleteDeployments,
  deploymentsOf,
  followDeployment,
  putDeployment,
  underWay,
} from './deployments.repository.js';

/**
 * Sets a deployment of a trap that the caller holds, and makes room for it.
 *
 * @returns the deployment that it cannot be reconciled with; nothing is written then
 */
export async function deploy(
  tx: Db,
  deployment: Deployment,
  nowMs: number,
): Promise<DeploymentPeriod | undefined> {
  return changeZones(tx, deployment.trapId, () => makeRoomAndDeploy(tx, deployment, nowMs));
}

/** Deletes a deployment. @returns false if there was none */
export const removeDeployment = (tx: Db, trapId: string, deploymentId: string): Promise<boolean> =>
  changeZones(tx, trapId, async () => (await deleteDeployments(tx, trapId, [deploymentId])) > 0);

async function makeRoomAndDeploy(
  tx: Db,
  deployment: Deployment,
  nowMs: number,
): Promise<DeploymentPeriod | undefined> {
  const { trapId } = deployment;
  const before = await deploymentsOf(tx, [trapId]);
  const room = freePeriodFor(deployment, before, nowMs);
  if (room.conflict) return room.conflict;
  for (const { deploymentId, startMs, endMs } of room.changed)
    await changeDeployment(tx, trapId, deploymentId, { startMs, endMs });
  await deleteDeployments(tx, trapId, room.removed);
  await putDeployment(tx, deployment);
  for (const { deploymentId, startMs, endMs } of room.resumed) {
    const interrupted = before.find((each) => each.deploymentId === deploymentId) as Deployment;
    const id = nextDeploymentId(await deploymentsOf(tx, [trapId]));
    await putDeployment(tx, { ...interrupted, deploymentId: id, startMs, endMs });
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
  const deployments = await deploymentsOf(tx, [trapId]);
  const news = placeSaid(place, deployments, nowMs);
  if (news.is === 'overruled') return false;
  if (news.is === 'moved') {
    const { startMs, endMs } = news;
    const deploymentId = nextDeploymentId(deployments);
    await deploy(tx, deploymentOf({ trapId, deploymentId, startMs, endMs, source: 'trap', place }), nowMs);
    return true;
  }
  const { deploymentId } = news;
  await changeDeployment(tx, trapId, deploymentId, {
    place,
    ...(news.is === 'resumed' && { endMs: news.endMs }),
  });
  await followDeployment(tx, trapId, nowMs);
  return false;
}

/** Ends the place that a trap has said of itself, as far as no editor has spoken. The caller holds the trap. */
export async function endPlace(tx: Db, trapId: string, nowMs: number): Promise<void> {
  const current = underWay(await deploymentsOf(tx, [trapId]), nowMs);
  if (!current || current.source === 'editor' || current.place === null) return;
  await changeDeployment(tx, trapId, current.deploymentId, { endMs: nowMs });
  await clearPlace(tx, trapId);
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
  const deployments = await deploymentsOf(tx, [trapId]);
  const { latitude, longitude, uncertaintyM = null } = place;
  const set = { place: { latitude, longitude }, uncertaintyM, source: 'editor' as const };
  const current = underWay(deployments, nowMs);
  if (current) {
    await changeDeployment(tx, trapId, current.deploymentId, set);
    await followDeployment(tx, trapId, nowMs);
    return;
  }
  const { startMs, endMs } = openedAt(deployments, nowMs);
  const deploymentId = nextDeploymentId(deployments);
  const deployment = deploymentOf({ trapId, deploymentId, startMs, endMs, ...set });
  await deploy(tx, { ...deployment, uncertaintyM }, nowMs);
}

/** Leaves the place of the deployment that is under way to the trap again. The caller holds the trap. */
export async function leavePlaceToTrap(
  tx: Db,
  trapId: string,
  said: Coordinates | undefined,
  nowMs: number,
): Promise<void> {
  const current = underWay(await deploymentsOf(tx, [trapId]), nowMs);
  if (!current) return;
  await changeDeployment(tx, trapId, current.deploymentId, {
    place: said ?? null,
    uncertaintyM: null,
    source: 'trap',
  });
  await followDeployment(tx, trapId, nowMs);
}
