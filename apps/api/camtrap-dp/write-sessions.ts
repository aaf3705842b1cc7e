import { setImmediate as others } from 'node:timers/promises';
import { listSessions, type SessionCursor } from '../../../libs/catalog/index.js';
import { knownTimeMs } from '../../../libs/domain/index.js';
import type { DeploymentBook } from '../exports/deployment-book.js';
import type { ExportJob } from '../exports/export-job.js';
import { noteVisit } from '../exports/exported-deployment.js';
import type { WrittenTable } from '../exports/written-table.js';
import { type SessionColumn, sessionRecord } from './session-table.js';

const SESSIONS_AT_ONCE = 500;

/** The sessions of the trap and time that are asked for: effort, whatever else the filter says. */
export async function writeSessions(
  { db, filter: { trapId, fromMs, toMs } }: ExportJob,
  deployments: DeploymentBook,
  table: WrittenTable<SessionColumn>,
  stopped: AbortSignal,
): Promise<void> {
  let after: SessionCursor | undefined;
  do {
    stopped.throwIfAborted();
    const rows = await listSessions(
      db,
      {
        ...(trapId !== undefined && { trapId }),
        ...(fromMs !== undefined && { fromMs }),
        ...(toMs !== undefined && { toMs }),
      },
      SESSIONS_AT_ONCE,
      after,
    );
    await table.add(
      rows.map((row) => {
        const atMs = knownTimeMs(row.at_ms);
        const deployment = deployments.of(row.trap_id, atMs);
        deployment.isUsed = true;
        if (atMs !== undefined) noteVisit(deployment, { startMs: atMs, endMs: atMs });
        return sessionRecord(row, deployment);
      }),
    );
    const last = rows.length === SESSIONS_AT_ONCE ? rows.at(-1) : undefined;
    after = last && { atMs: last.at_ms, trapId: last.trap_id, sessionId: last.session_id };
    await others();
  } while (after);
}
