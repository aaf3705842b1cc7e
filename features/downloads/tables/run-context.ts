import type { Db } from '../../../libs/database/index.js';
import {
  type Deployment,
  knownTimeMs,
  type ObservedRun,
  type Session,
  whereAt,
} from '../../../libs/domain/index.js';
import { sessionsOfRuns } from '../../sessions/index.js';
import { deploymentsOf } from '../../traps/index.js';

/** What tables say of a run beside its own row. */
export interface RunAround {
  readonly run: ObservedRun;
  readonly trap: Awaited<ReturnType<typeof trapsOf>>[number] | undefined;
  /** Where the trap stood then; undefined where nobody has said so. */
  readonly deployment: Deployment | undefined;
  /** The recording period that the run belongs to, as far as the trap has told of it. */
  readonly session: Session | undefined;
}

/** Looks up for a page of runs at once what their rows do not say. */
export async function aroundRuns(db: Db, runs: readonly ObservedRun[]): Promise<RunAround[]> {
  if (!runs.length) return [];
  const trapIds = [...new Set(runs.map((run) => run.trapId))];
  const traps = new Map((await trapsOf(db, trapIds)).map((trap) => [trap.trap_id, trap]));
  const deployments = new Map<string, Deployment[]>(trapIds.map((trapId) => [trapId, []]));
  for (const deployment of await deploymentsOf(db, trapIds))
    deployments.get(deployment.trapId)?.push(deployment);
  const sessions = new Map(
    (await sessionsOfRuns(db, runs)).map((session) => [`${session.trapId}/${session.sessionId}`, session]),
  );
  return runs.map((run) => {
    const known = deployments.get(run.trapId) ?? [];
    const atMs = knownTimeMs(run.placeMs);
    // Of a trap that never moved it is known where, if not when.
    const [only, ...others] = known;
    const where = atMs === undefined ? (others.length ? undefined : only) : whereAt(known, atMs);
    return {
      run,
      trap: traps.get(run.trapId),
      deployment: where && 'deploymentId' in where ? where : undefined,
      session: sessions.get(`${run.trapId}/${run.sessionId}`),
    };
  });
}

/** These traps, in no order. */
export async function trapsOf(db: Db, trapIds: readonly string[]) {
  if (!trapIds.length) return [];
  return db.selectFrom('traps').selectAll().where('trap_id', 'in', trapIds).execute();
}
