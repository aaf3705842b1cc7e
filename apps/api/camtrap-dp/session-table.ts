import type { listSessions } from '../../../libs/catalog/index.js';
import { isTimeKnown } from '../../../libs/domain/index.js';
import { decimal, type Row } from '../exports/cells.js';
import type { ExportedDeployment } from '../exports/exported-deployment.js';
import { stamp } from '../exports/stamp.js';
import { sessionMinutes } from '../session-view.js';

type SessionRow = Awaited<ReturnType<typeof listSessions>>[number];

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
export type SessionColumn = (typeof FIELDS)[number]['name'];

export const SESSION_SCHEMA = {
  name: 'sessions',
  title: 'Sessions',
  description: 'Recording periods of the traps: the sampling effort.',
  fields: FIELDS,
  missingValues: [''],
  primaryKey: 'sessionID',
  foreignKeys: [{ fields: 'deploymentID', reference: { resource: 'deployments', fields: 'deploymentID' } }],
} as const;

export function sessionRecord(row: SessionRow, deployment: ExportedDeployment): Row<SessionColumn> {
  const minutes = sessionMinutes(row);
  const time = (atMs: number | null) =>
    atMs === null || !isTimeKnown(row.at_ms) ? undefined : stamp(atMs, row.offset_min ?? 0);
  return {
    sessionID: `${row.trap_id}:${row.session_id}`,
    deploymentID: deployment.id,
    cameraID: row.trap_id,
    sessionStart: time(row.start_ms),
    sessionEnd: time(row.end_ms),
    effortMinutes: minutes === null ? undefined : decimal(minutes),
    timestampIssues: !isTimeKnown(row.at_ms),
  };
}
