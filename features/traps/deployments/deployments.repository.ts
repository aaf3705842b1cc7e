import { type Selectable, sql, type Updateable } from 'kysely';
import { type Db, type DeploymentsTable, number } from '../../../libs/database/index.js';
import { type Deployment, isUnderWay } from '../../../libs/domain/index.js';

/** All deployments of these traps, in the order of their starts. */
export async function deploymentsOf(db: Db, trapIds: readonly string[]): Promise<Deployment[]> {
  if (!trapIds.length) return [];
  const rows = await db
    .selectFrom('deployments')
    .selectAll()
    .where('trap_id', 'in', trapIds)
    .orderBy('trap_id')
    .orderBy('deployment_id')
    .execute();
  return rows
    .map(toDeployment)
    .sort((a, b) => (a.trapId === b.trapId ? (a.startMs ?? -Infinity) - (b.startMs ?? -Infinity) : 0));
}

export async function findDeployment(
  db: Db,
  trapId: string,
  deploymentId: string,
): Promise<Deployment | undefined> {
  const row = await db
    .selectFrom('deployments')
    .selectAll()
    .where('trap_id', '=', trapId)
    .where('deployment_id', '=', deploymentId)
    .executeTakeFirst();
  return row && toDeployment(row);
}

/** Sets a deployment as a whole: what it was before is replaced. */
export async function putDeployment(tx: Db, deployment: Deployment): Promise<void> {
  const { trapId, deploymentId, ...rest } = deployment;
  const columns = toColumns(rest);
  await tx
    .insertInto('deployments')
    .values({ trap_id: trapId, deployment_id: deploymentId, source: deployment.source, ...columns })
    .onConflict((conflict) => conflict.columns(['trap_id', 'deployment_id']).doUpdateSet(columns))
    .execute();
}

export async function changeDeployment(
  tx: Db,
  trapId: string,
  deploymentId: string,
  changes: Partial<Omit<Deployment, 'trapId' | 'deploymentId'>>,
): Promise<void> {
  await tx
    .updateTable('deployments')
    .set(toColumns(changes))
    .where('trap_id', '=', trapId)
    .where('deployment_id', '=', deploymentId)
    .execute();
}

/** @returns how many there were */
export async function deleteDeployments(
  tx: Db,
  trapId: string,
  deploymentIds: readonly string[],
): Promise<number> {
  if (!deploymentIds.length) return 0;
  const { numDeletedRows } = await tx
    .deleteFrom('deployments')
    .where('trap_id', '=', trapId)
    .where('deployment_id', 'in', deploymentIds)
    .executeTakeFirst();
  return Number(numDeletedRows);
}

/** Deployments that have ended and have no zone of their own keep the one that the trap had then. */
export async function keepZoneOfPast(tx: Db, trapId: string, timeZone: string, nowMs: number): Promise<void> {
  await tx
    .updateTable('deployments')
    .set({ time_zone: timeZone })
    .where('trap_id', '=', trapId)
    .where('time_zone', 'is', null)
    .where('end_ms', '<=', nowMs)
    .execute();
}

/** The deployment of a trap that is under way, or undefined. */
export const currentDeployment = async (
  db: Db,
  trapId: string,
  nowMs: number,
): Promise<Deployment | undefined> => underWay(await deploymentsOf(db, [trapId]), nowMs);

export const underWay = (deployments: readonly Deployment[], nowMs: number): Deployment | undefined =>
  deployments.find((deployment) => isUnderWay(deployment, nowMs));

/** Gives the trap's row the place, and the time zone, of the deployment that is under way; without one, the trap's own. */
export async function followDeployment(tx: Db, trapId: string, nowMs: number): Promise<void> {
  const current = await currentDeployment(tx, trapId, nowMs);
  if (!current) return;
  await tx
    .updateTable('traps')
    .set({
      latitude: current.place?.latitude ?? null,
      longitude: current.place?.longitude ?? null,
      time_zone: current.timeZone ?? sql`coalesce(own_zone, time_zone)`,
    })
    .where('trap_id', '=', trapId)
    .execute();
}

/** A trap is at no known place, in its own zone. */
export async function clearPlace(tx: Db, trapId: string): Promise<void> {
  await tx
    .updateTable('traps')
    .set({ latitude: null, longitude: null, time_zone: sql`coalesce(own_zone, time_zone)` })
    .where('trap_id', '=', trapId)
    .execute();
}

/** Everything that editors have set about traps and deployments: differs exactly when they have set something else. */
export async function trapEdits(db: Db): Promise<readonly unknown[]> {
  const deployments = await db
    .selectFrom('deployments')
    .selectAll()
    .where('source', '=', 'editor')
    .orderBy('trap_id')
    .orderBy('deployment_id')
    .execute();
  const traps = await db
    .selectFrom('traps')
    .select(['trap_id', 'name', 'time_zone', 'set_by_editor'])
    .where('set_by_editor', 'is not', null)
    .orderBy('trap_id')
    .execute();
  return [deployments, traps];
}

const toDeployment = (row: Selectable<DeploymentsTable>): Deployment => ({
  trapId: row.trap_id,
  deploymentId: row.deployment_id,
  startMs: row.start_ms,
  endMs: row.end_ms,
  source: row.source,
  name: row.name,
  locationId: row.location_id,
  place:
    row.latitude === null || row.longitude === null
      ? null
      : { latitude: row.latitude, longitude: row.longitude },
  uncertaintyM: row.uncertainty_m,
  timeZone: row.time_zone,
  setUpBy: row.set_up_by,
  cameraHeightM: row.camera_height_m,
  cameraTiltDeg: row.camera_tilt_deg,
  cameraHeadingDeg: row.camera_heading_deg,
  habitat: row.habitat,
  bait: row.bait === null ? null : row.bait === 1,
  notes: row.notes,
});

function toColumns(changes: Partial<Deployment>): Updateable<DeploymentsTable> {
  const { place, bait } = changes;
  const columns: Updateable<DeploymentsTable> = {
    start_ms: changes.startMs,
    end_ms: changes.endMs,
    source: changes.source,
    name: changes.name,
    location_id: changes.locationId,
    latitude: place === undefined ? undefined : (place?.latitude ?? null),
    longitude: place === undefined ? undefined : (place?.longitude ?? null),
    uncertainty_m: changes.uncertaintyM,
    time_zone: changes.timeZone,
    set_up_by: changes.setUpBy,
    camera_height_m: changes.cameraHeightM,
    camera_tilt_deg: changes.cameraTiltDeg,
    camera_heading_deg: changes.cameraHeadingDeg,
    habitat: changes.habitat,
    bait: bait === undefined || bait === null ? bait : bait ? 1 : 0,
    notes: changes.notes,
  };
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined));
}

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
