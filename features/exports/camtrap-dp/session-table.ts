import { setImmediate as others } from 'node:timers/promises';
import {
  isTimeKnown,
  knownTimeMs,
  type Session,
  sessionMinutes,
  sessionPlace,
} from '../../../libs/domain/index.js';
import { listSessions, type SessionCursor } from '../../sessions/index.js';
import { decimal, isoSeconds, type Row } from '../cells.js';
import { type DeploymentIndex, type ExportedDeployment, noteVisit } from '../deployment-index.js';
import type { ExportJob } from '../export-jobs.js';
import type { WrittenTable } from '../written-table.js';

/** The standard has no place for the sampling effort: a table of our own, described in the package itself. */
const FIELDS = [
  {
    name: 'sessionID',
    type: 'string',
    description:
      'Identifier of the recording period. Observations bear the part behind the colon as the tag `session`.',
    constraints: { required: true, unique: true },
  },
  {
    name: 'deploymentID',
    type: 'string',
    description: 'Foreign key to `deployments.deploymentID`.',
    constraints: { required: true },
  },
  { name: 'cameraID', type: 'string', description: 'The trap.', constraints: { required: true } },
  {
    name: 'sessionStart',
    type: 'datetime',
    format: '%Y-%m-%dT%H:%M:%S%z',
    description: 'When the trap began to record; empty where nobody knows.',
  },
  {
    name: 'sessionEnd',
    type: 'datetime',
    format: '%Y-%m-%dT%H:%M:%S%z',
    description: 'When it stopped; empty where the trap has not said so.',
  },
  {
    name: 'effortMinutes',
    type: 'number',
    description:
      'Sampling effort in minutes: as the trap says, else from start to end; empty where neither is known.',
    constraints: { minimum: 0 },
  },
  {
    name: 'timestampIssues',
    type: 'boolean',
    description: "`true` if the trap's clock could not be right and nobody knows when it was.",
  },
] as const;

export const SESSION_COLUMNS = FIELDS.map(({ name }) => name);
type SessionColumn = (typeof FIELDS)[number]['name'];

export const SESSION_SCHEMA = {
  name: 'sessions',
  title: 'Sessions',
  description: 'Recording periods of the traps: the sampling effort.',
  fields: FIELDS,
  missingValues: [''],
  primaryKey: 'sessionID',
  foreignKeys: [{ fields: 'deploymentID', reference: { resource: 'deployments', fields: 'deploymentID' } }],
} as const;

function sessionRecord(session: Session, deployment: ExportedDeployment): Row<SessionColumn> {
  const minutes = sessionMinutes(session);
  const isKnown = isTimeKnown(sessionPlace(session));
  const time = (atMs: number | null) =>
    atMs === null || !isKnown ? undefined : isoSeconds(atMs, session.offsetMin ?? 0);
  return {
    sessionID: `${session.trapId}:${session.sessionId}`,
    deploymentID: deployment.id,
    cameraID: session.trapId,
    sessionStart: time(session.startMs),
    sessionEnd: time(session.endMs),
    effortMinutes: minutes === null ? undefined : decimal(minutes),
    timestampIssues: !isKnown,
  };
}

const SESSIONS_AT_ONCE = 500;

/** The sessions of the trap and time that are asked for: effort, whatever else the filter says. */
export async function writeSessions(
  { db, filter: { trapIds, fromMs, toMs } }: ExportJob,
  deployments: DeploymentIndex,
  table: WrittenTable<SessionColumn>,
  stopped: AbortSignal,
): Promise<void> {
  let after: SessionCursor | undefined;
  do {
    stopped.throwIfAborted();
    const sessions = await listSessions(db, { trapIds, fromMs, toMs }, SESSIONS_AT_ONCE, after);
    await table.add(
      sessions.map((session) => {
        const atMs = knownTimeMs(sessionPlace(session));
        const deployment = deployments.of(session.trapId, atMs);
        deployment.isUsed = true;
        if (atMs !== undefined) noteVisit(deployment, { startMs: atMs, endMs: atMs });
        return sessionRecord(session, deployment);
      }),
    );
    const last = sessions.length === SESSIONS_AT_ONCE ? sessions.at(-1) : undefined;
    after = last && [sessionPlace(last), last.trapId, last.sessionId];
    await others();
  } while (after);
}
