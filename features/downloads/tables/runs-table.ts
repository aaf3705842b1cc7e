import {
  isTimeKnown,
  type ModelObservation,
  sessionMinutes,
  visitLengthS,
  withMicros,
} from '../../../libs/domain/index.js';
import { deviceIso, iso, type Links } from '../../http/index.js';
import { runTimeFrom } from '../../runs/index.js';
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
  { name: 'link', of: ({ run }) => links.run(run) },
  { name: 'images', of: ({ run }) => links.imagesOf(run) },
  { name: 'timeKnown', of: ({ run }) => isTimeKnown(run.placeMs) },
  { name: 'timeFrom', of: ({ run }) => runTimeFrom(run) },
  { name: 'nameEn', of: ({ run }) => taxa.namesOf(run)?.en },
  { name: 'nameDe', of: ({ run }) => taxa.namesOf(run)?.de },
];

const RUN_COLUMNS: Columns = [
  { name: 'trapId', of: ({ run }) => run.trapId },
  { name: 'trapName', of: ({ trap }) => trap?.name },
  { name: 'runId', of: ({ run }) => run.runId },
  { name: 'trackId', of: ({ run }) => run.trackId },
  { name: 'start', of: ({ run }) => deviceIso(run.startMs, run.startSent) },
  { name: 'startLocal', of: startLocal },
  { name: 'end', of: ({ run }) => deviceIso(run.endMs, run.endSent) },
  { name: 'durationS', of: ({ run }) => visitLengthS(run) },
  { name: 'clockSuspect', of: ({ run }) => run.clockSuspect },
  { name: 'status', of: ({ run }) => run.state },
  { name: 'completedBecause', of: ({ run }) => run.completeBecause },
  { name: 'storedCrops', of: ({ run }) => run.storedCrops },
  { name: 'announcedCrops', of: ({ run }) => run.announcedCrops },
  { name: 'bytes', of: ({ run }) => run.storedBytes },
  { name: 'firstReceivedAt', of: ({ run }) => iso(run.firstReceivedAtMs) },
  { name: 'lastReceivedAt', of: ({ run }) => iso(run.lastReceivedAtMs) },
];

/** How the model came to its label: of a label that a person gave it would be wrong. */
const ofModel =
  <Value>(of: (observation: ModelObservation) => Value) =>
  ({ run: { reviewed, observation } }: RunAround): Value | undefined =>
    reviewed || !observation ? undefined : of(observation);

const VERDICT_COLUMNS: Columns = [
  { name: 'label', of: ({ run }) => run.label },
  { name: 'taxon', of: ({ run }) => run.taxon },
  { name: 'rank', of: ({ run }) => run.rank },
  { name: 'group', of: ({ run }) => run.group },
  { name: 'insect', of: ({ run }) => run.insect },
  { name: 'probability', of: ({ run }) => run.probability },
  { name: 'unsure', of: ({ run }) => run.unsure },
  { name: 'reason', of: ofModel(({ reason }) => reason) },
  { name: 'reviewed', of: ({ run }) => run.reviewed },
  { name: 'votingCrops', of: ({ run }) => run.observation?.crops },
  { name: 'top1Crops', of: ofModel(({ top1Crops }) => top1Crops) },
  { name: 'top1ProbMean', of: ofModel(({ top1ProbMean }) => top1ProbMean) },
  { name: 'model', of: ({ run }) => run.model },
  { name: 'final', of: ({ run }) => run.observation?.final },
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
  { name: 'sessionId', of: ({ run }) => run.sessionId },
  { name: 'sessionStart', of: ({ session }) => session && sessionTimes(session).start },
  { name: 'sessionEnd', of: ({ session }) => session && sessionTimes(session).end },
  { name: 'sessionMinutes', of: ({ session }) => session && sessionMinutes(session) },
];

function startLocal(row: RunAround): string | null {
  const { startMs, startSent } = row.run;
  if (startMs === null) return null;
  return wallTime(withMicros(startMs, startSent), offsetMinOf(row));
}
