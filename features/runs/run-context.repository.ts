import type { Db } from '../../libs/database/index.js';
import { runIn } from '../../libs/database/index.js';
import type { RunId } from '../../libs/domain/index.js';

/** What other tables say about a run. */
export interface RunContext {
  readonly trapName: string | null;
  /** Null: that of the station. */
  readonly timeZone: string | null;
  /** The most notable one that stands. */
  readonly firstSighting: 'ever' | 'season' | 'return' | null;
}

const MOST_NOTABLE_FIRST = ['ever', 'season', 'return'] as const;

/** Looks it up for some runs at once. */
export async function contextOfRuns(db: Db, runs: readonly RunId[]): Promise<(run: RunId) => RunContext> {
  if (!runs.length) return () => ({ trapName: null, timeZone: null, firstSighting: null });
  const traps = await db
    .selectFrom('traps')
    .select(['trap_id', 'name', 'time_zone'])
    .where('trap_id', 'in', [...new Set(runs.map(({ trapId }) => trapId))])
    .execute();
  const sightings = await db
    .selectFrom('first_sightings')
    .select(['trap_id', 'run_id', 'kind'])
    .where(runIn(runs))
    .where('state', '=', 'standing')
    .execute();
  return ({ trapId, runId }) => {
    const trap = traps.find(({ trap_id }) => trap_id === trapId);
    const kinds = sightings
      .filter((row) => row.trap_id === trapId && row.run_id === runId)
      .map(({ kind }) => kind);
    return {
      trapName: trap?.name ?? null,
      timeZone: trap?.time_zone ?? null,
      firstSighting: MOST_NOTABLE_FIRST.find((kind) => kinds.includes(kind)) ?? null,
    };
  };
}
