import { isTimeKnown, sessionMinutes, visitLengthS, withMicros } from '../../../libs/domain/index.js';
import { deviceIso, iso, type Links } from '../../http/index.js';
import { runIdOf, timeFromOf } from '../../runs/index.js';
import { sessionTimes } from '../../sessions/index.js';
import type { TaxonIndex } from '../../taxa/index.js';
import { placeFor, uncertaintyFor } from '../../traps/index.js';
import type { Column } from './csv.js';
import { offsetMinOf, wallTime } from './local-time.js';
import type { RunAround } from './run-context.js';

type Columns = readonly Column<RunAround>[];

/**
 * `runs.csv`: one row per run, with the verdict that counts, the place and the effort behind it. New columns come last.
 *
 * @param exact whether places are told exactly
 */
export const runColumns = (exact: boolean, links: Links, taxa: TaxonIndex): Columns => [
  ...RUN_COLUMNS,
  ...VERDICT_COLUMNS,
  ...placeColumns(exact),
  ...SESSION_COLUMNS,
  { name: 'link', of: ({ run }) => links.run(runIdOf(run)) },
  { name: 'images', of: ({ run }) => links.imagesOf(runIdOf(run)) },
  { name: 'timeKnown', of: ({ run }) => isTimeKnown(run.at_ms) },
  { name: 'timeFrom', of: ({ run }) => timeFromOf(run) },
  { name: 'nameEn', of: ({ run }) => taxa.namesOf(run)?.en },
  { name: 'nameDe', of: ({ run }) => taxa.namesOf(run)?.de },
];

const RUN_COLUMNS: Columns = [
  { name: 'trapId', of: ({ run }) => run.trap_id },
  { name: 'trapName', of: ({ trap }) => trap?.name },
  { name: 'runId', of: ({ run }) => run.run_id },
  { name: 'trackId', of: ({ run }) => run.track_id },
  { name: 'start', of: ({ run }) => deviceIso(run.start_ms, run.start_sent) },
  { name: 'startLocal', of: startLocal },
  { name: 'end', of: ({ run }) => deviceIso(run.end_ms, run.end_sent) },
  { name: 'durationS', of: ({ run }) => visitLengthS(run) },
  { name: 'clockSuspect', of: ({ run }) => run.clock_suspect === 1 },
  { name: 'status', of: ({ run }) => run.state },
  { name: 'completedBecause', of: ({ run }) => run.complete_because },
  { name: 'storedCrops', of: ({ run }) => run.stored_crops },
  { name: 'announcedCrops', of: ({ run }) => run.announced_crops },
  { name: 'bytes', of: ({ run }) => run.stored_bytes },
  { name: 'firstReceivedAt', of: ({ run }) => iso(run.first_received_at) },
  { name: 'lastReceivedAt', of: ({ run }) => iso(run.last_received_at) },
];

/** How the model came to its label: of a label that a person gave it would be wrong. */
const ofModel =
  <Value>(of: (run: RunAround['run']) => Value) =>
  ({ run }: RunAround): Value | undefined =>
    run.reviewed === 1 ? undefined : of(run);

const VERDICT_COLUMNS: Columns = [
  { name: 'label', of: ({ run }) => run.label },
  { name: 'taxon', of: ({ run }) => run.taxon },
  { name: 'rank', of: ({ run }) => run.rank },
  { name: 'group', of: ({ run }) => run.taxon_group },
  { name: 'insect', of: ({ run }) => flag(run.insect) },
  { name: 'probability', of: ({ run }) => run.probability },
  { name: 'unsure', of: ({ run }) => flag(run.unsure) },
  { name: 'reason', of: ofModel(({ reason }) => reason) },
  { name: 'reviewed', of: ({ run }) => run.reviewed === 1 },
  { name: 'votingCrops', of: ({ run }) => run.voting_crops },
  { name: 'top1Crops', of: ofModel((run) => run.top1_crops) },
  { name: 'top1ProbMean', of: ofModel((run) => run.top1_prob_mean) },
  { name: 'model', of: ({ run }) => run.model },
  { name: 'final', of: ({ run }) => flag(run.final) },
];

const placeColumns = (exact: boolean): Columns => {
  const placeOf = ({ deployment }: RunAround) => deployment && placeFor(exact, deployment.place);
  return [
    { name: 'deploymentId', of: ({ deployment }) => deployment?.deploymentId },
    { name: 'latitude', of: (row) => placeOf(row)?.latitude },
    { name: 'longitude', of: (row) => placeOf(row)?.longitude },
    {
      name: 'uncertaintyM',
      of: (row) => placeOf(row) && uncertaintyFor(exact, row.deployment?.uncertaintyM ?? null),
    } as Column<RunAround>,
    { name: 'timeZone', of: ({ trap, deployment }) => deployment?.timeZone ?? trap?.time_zone },
  ];
};

/** The sampling effort: how long the trap watched in the recording period of the run. */
const SESSION_COLUMNS: Columns = [
  { name: 'sessionId', of: ({ run }) => run.session_id },
  { name: 'sessionStart', of: ({ session }) => session && sessionTimes(session).start },
  { name: 'sessionEnd', of: ({ session }) => session && sessionTimes(session).end },
  { name: 'sessionMinutes', of: ({ session }) => session && sessionMinutes(session) },
];

const flag = (value: 0 | 1 | null): boolean | null => (value === null ? null : value === 1);

function startLocal(row: RunAround): string | null {
  const { start_ms, start_sent } = row.run;
  if (start_ms === null) return null;
  return wallTime(withMicros(start_ms, start_sent), offsetMinOf(row));
}
