import type { Selectable, Updateable } from 'kysely';
import type { CropsTable, ObservationsTable, ReviewsTable, RunsTable } from '../../libs/database/index.js';
import type { Crop, ModelObservation, RecordedReview, Run } from '../../libs/domain/index.js';

/** The run of a row. */
export const toRun = (row: Selectable<RunsTable>): Run => ({
  trapId: row.trap_id,
  runId: row.run_id,
  day: row.day,
  sessionId: row.session_id,
  trackId: row.track_id,
  startMs: row.start_ms,
  startOffsetMin: row.start_offset_min,
  startSent: row.start_sent,
  endMs: row.end_ms,
  endOffsetMin: row.end_offset_min,
  endSent: row.end_sent,
  clockSuspect: row.clock_suspect === 1,
  clockShiftMs: row.clock_shift_ms,
  timeFrom: row.time_from,
  durationS: row.duration_s,
  placeMs: row.at_ms,
  announcedCrops: row.announced_crops,
  manifestParts: row.manifest_parts,
  endStatus: row.end_status,
  endReceivedAtMs: row.end_received_at,
  extra: JSON.parse(row.extra) as Record<string, unknown>,
  storedCrops: row.stored_crops,
  storedBytes: row.stored_bytes,
  firstReceivedAtMs: row.first_received_at,
  lastReceivedAtMs: row.last_received_at,
  state: row.state,
  completeBecause: row.complete_because,
  completedAtMs: row.completed_at,
  decideAtMs: row.decide_at,
  receiptDueAtMs: row.receipt_due_at,
  receiptState: row.receipt_state,
  model: row.model,
  label: row.label,
  taxon: row.taxon,
  rank: row.rank,
  group: row.taxon_group,
  probability: row.probability,
  insect: row.insect === null ? null : row.insect === 1,
  unsure: row.unsure === null ? null : row.unsure === 1,
  reviewed: row.reviewed === 1,
  revision: row.revision,
  removedAtMs: row.removed_at,
  zoneRevision: row.zone_revision,
});

/** The columns of a run's fields. */
const COLUMNS = {
  trapId: 'trap_id',
  runId: 'run_id',
  day: 'day',
  sessionId: 'session_id',
  trackId: 'track_id',
  startMs: 'start_ms',
  startOffsetMin: 'start_offset_min',
  startSent: 'start_sent',
  endMs: 'end_ms',
  endOffsetMin: 'end_offset_min',
  endSent: 'end_sent',
  clockSuspect: 'clock_suspect',
  clockShiftMs: 'clock_shift_ms',
  timeFrom: 'time_from',
  durationS: 'duration_s',
  placeMs: 'at_ms',
  announcedCrops: 'announced_crops',
  manifestParts: 'manifest_parts',
  endStatus: 'end_status',
  endReceivedAtMs: 'end_received_at',
  extra: 'extra',
  storedCrops: 'stored_crops',
  storedBytes: 'stored_bytes',
  firstReceivedAtMs: 'first_received_at',
  lastReceivedAtMs: 'last_received_at',
  state: 'state',
  completeBecause: 'complete_because',
  completedAtMs: 'completed_at',
  decideAtMs: 'decide_at',
  receiptDueAtMs: 'receipt_due_at',
  receiptState: 'receipt_state',
  model: 'model',
  label: 'label',
  taxon: 'taxon',
  rank: 'rank',
  group: 'taxon_group',
  probability: 'probability',
  insect: 'insect',
  unsure: 'unsure',
  reviewed: 'reviewed',
  revision: 'revision',
  removedAtMs: 'removed_at',
  zoneRevision: 'zone_revision',
} as const satisfies Record<keyof Run, keyof RunsTable>;

export const columnsOf = (change: Partial<Run>): Updateable<RunsTable> =>
  Object.fromEntries(
    Object.entries(change).map(([field, value]) => [COLUMNS[field as keyof Run], columnValue(value)]),
  );

/** Flags are 0 or 1 on both engines, and `extra` is text. */
function columnValue(value: Run[keyof Run]): string | number | null {
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
}

/** What a row holds beside the ids of its run. */
export type ObservationRow = Omit<Selectable<ObservationsTable>, 'trap_id' | 'run_id'>;

/** The observation of a row. */
export const toObservation = (row: ObservationRow): ModelObservation => ({
  model: row.model,
  label: row.label,
  ...(row.taxon !== null && { taxon: row.taxon }),
  ...(row.rank !== null && { rank: row.rank }),
  ...(row.taxon_group !== null && { group: row.taxon_group }),
  insect: row.insect === 1,
  probability: row.probability,
  top1ProbMean: row.top1_prob_mean,
  top1Crops: row.top1_crops,
  crops: row.crops,
  unsure: row.unsure === 1,
  ...(row.reason !== null && { reason: row.reason as NonNullable<ModelObservation['reason']> }),
  rolledUp: row.rolled_up === 1,
  ranking: JSON.parse(row.ranking),
  final: row.final === 1,
  revision: row.revision,
  observedAtMs: row.observed_at,
});

/** The review of a row. */
export const toReview = (row: Selectable<ReviewsTable>): RecordedReview => ({
  id: row.review_id,
  verdict: row.verdict,
  named:
    row.label === null
      ? undefined
      : {
          label: row.label,
          taxon: row.taxon ?? undefined,
          rank: row.rank ?? undefined,
          group: row.taxon_group ?? undefined,
          insect: row.insect === 1,
        },
  undoes: row.undoes ?? undefined,
  comment: row.comment,
  byKind: row.by_kind,
  byName: row.by_name,
  atMs: row.at_ms,
  model: row.model,
  modelLabel: row.model_label,
});

/** The crop of a row; the day of its run is in another table. */
export const toCrop = (row: CropRow): Omit<Crop, 'day'> => ({
  trapId: row.trap_id,
  runId: row.run_id,
  cropId: row.crop_id,
  stage: row.stage,
  format: row.format,
  bytes: row.bytes,
  sha256: row.sha256,
  crc32: row.crc32,
  width: row.width,
  height: row.height,
  truncated: row.truncated === 1,
  receivedAtMs: row.received_at,
  removedAtMs: row.removed_at,
  damagedAtMs: row.damaged_at,
});
type CropRow = Omit<Selectable<CropsTable>, 'turn' | 'visit_ms'>;
