import { groupVotes, insectDetectRows, round2, roundTo } from '../../../libs/domain/index.js';
import { archiveName } from '../../../libs/store/index.js';
import type { CropForTable } from '../../crops/index.js';
import type { Cell, Column } from './csv.js';
import { cropTimeMs, naiveTime, offsetMinOf } from './local-time.js';
import type { RunAround } from './run-context.js';

const PLAIN_TOKEN = /^[a-z][a-z_ -]{0,63}$/i;
/** The one class of insect-detect's own detectors. */
const DETECTED = 'insect';

/** A crop with its run, and what is kept of it as JSON. */
export interface CropRow {
  readonly around: RunAround;
  readonly crop: CropForTable;
  readonly entry: Entry;
  /** Empty where the trap has not told it. */
  readonly box: readonly number[];
  /** Best first; empty where the crop is not classified. */
  readonly ranked: readonly { readonly label: string; readonly probability: number }[];
}

/** What a trap of insect-detect says of a crop in its manifest, read as whatever it sent. */
interface Entry {
  readonly at?: unknown;
  readonly label?: unknown;
  readonly trackStatus?: unknown;
  readonly lensPosition?: unknown;
  readonly isoSensitivity?: unknown;
  readonly exposureTimeMs?: unknown;
}

export const cropRow = (around: RunAround, crop: CropForTable): CropRow => ({
  around,
  crop,
  entry: parsed(crop.entry) ?? {},
  box: parsed(crop.box) ?? [],
  ranked: parsed(crop.ranked) ?? [],
});

const parsed = (json: string | null) => (json === null ? undefined : JSON.parse(json));

/**
 * `crops.csv`: the metadata of insect-detect 2 in its order, then what its classification adds, then the names that
 * insect-detect 1.8 had for three of them, since `process_metadata.py` knows only those. Nothing is rounded.
 */
export const CROP_COLUMNS: readonly Column<CropRow>[] = [
  { name: 'device_id', of: ({ crop }) => crop.trap_id },
  { name: 'session_id', of: sessionOf },
  {
    name: 'timestamp',
    of: ({ around, crop, entry }) => naiveTime(cropTimeMs(around, crop, entry.at), offsetMinOf(around)),
  },
  { name: 'label', of: labelOf },
  { name: 'confidence', of: ({ crop }) => crop.confidence },
  { name: 'track_id', of: trackOf },
  { name: 'track_status', of: ({ entry }) => cell(entry.trackStatus) },
  { name: 'x_min', of: ({ box }) => box[0] },
  { name: 'y_min', of: ({ box }) => box[1] },
  { name: 'x_max', of: ({ box }) => box[2] },
  { name: 'y_max', of: ({ box }) => box[3] },
  { name: 'lens_position', of: ({ entry }) => cell(entry.lensPosition) },
  { name: 'iso_sensitivity', of: ({ entry }) => cell(entry.isoSensitivity) },
  { name: 'exposure_time', of: ({ entry }) => cell(entry.exposureTimeMs) },
  { name: 'filename', of: fileOf },
  ...[1, 2, 3].flatMap((place): Column<CropRow>[] => [
    { name: `top${place}`, of: ({ ranked }) => ranked[place - 1]?.label },
    { name: `top${place}_prob`, of: ({ ranked }) => ranked[place - 1]?.probability },
  ]),
  { name: 'cam_ID', of: ({ crop }) => crop.trap_id },
  { name: 'rec_ID', of: sessionOf },
  { name: 'track_ID', of: trackOf },
];

/** A run without a session, or without a number of its track, stands for itself: its crops must not mix with others. */
function sessionOf({ around: { run } }: CropRow): string {
  return run.sessionId ?? run.runId;
}
function trackOf({ around: { run } }: CropRow): string {
  return run.trackId ?? run.runId;
}

/** The name that the crop has in `images.zip`; insect-detect names its full frame here, which stays at the trap. */
function fileOf({ around, crop }: CropRow): string {
  const id = { trapId: crop.trap_id, runId: crop.run_id, cropId: crop.crop_id };
  return archiveName(id, around.run.day, crop.format);
}

/** The class of the detector. A word only: other fields of a trap's own may tell its place. */
function labelOf({ entry: { label } }: CropRow): string {
  return typeof label === 'string' && PLAIN_TOKEN.test(label) ? label : DETECTED;
}

function cell(value: unknown): Cell {
  return typeof value === 'string' || typeof value === 'number' ? value : undefined;
}

/** The crops of one run that have a label; there is at least one. */
export type Track = readonly [CropRow, ...CropRow[]];

/** One row of insect-detect's `*_top1_final.csv`. */
interface Summary {
  readonly camera: string;
  readonly session: string;
  readonly track: string;
  /** By the trap's clock. */
  readonly start: string;
  readonly end: string;
  readonly durationS: number;
  readonly confidenceMean: number | null;
  readonly best: ReturnType<typeof insectDetectRows>[number];
  readonly lengthMean: number | null;
  readonly widthMean: number | null;
}

/**
 * `top1-final.csv`: what insect-detect's `process_metadata.py` makes of `crops.csv`, with its columns, its roundings and
 * no `-size`, so that lengths are parts of the frame.
 */
export const SUMMARY_COLUMNS: readonly Column<Summary>[] = [
  { name: 'cam_ID', of: ({ camera }) => camera },
  { name: 'rec_ID', of: ({ session }) => session },
  { name: 'date', of: ({ start }) => start.slice(0, 10) },
  { name: 'track_ID', of: ({ track }) => track },
  { name: 'start_time', of: ({ start }) => start.replace('T', ' ') },
  { name: 'end_time', of: ({ end }) => end.replace('T', ' ') },
  { name: 'duration_s', of: ({ durationS }) => durationS },
  { name: 'det_conf_mean', of: ({ confidenceMean }) => confidenceMean },
  { name: 'track_ID_imgs', of: ({ best }) => best.crops },
  { name: 'top1_imgs', of: ({ best }) => best.top1Crops },
  { name: 'top1', of: ({ best }) => best.label },
  { name: 'top1_prob_mean', of: ({ best }) => best.top1ProbMean },
  { name: 'top1_prob_weighted', of: ({ best }) => best.top1ProbWeighted },
  { name: 'bbox_length_mean', of: ({ lengthMean }) => lengthMean },
  { name: 'bbox_width_mean', of: ({ widthMean }) => widthMean },
];

export function summaryOf(track: Track): Summary {
  const [first] = track;
  const offsetMin = offsetMinOf(first.around);
  const times = track.map((row) => cropTimeMs(row.around, row.crop, row.entry.at));
  const startMs = Math.min(...times);
  const endMs = Math.max(...times);
  const votes = track.flatMap(({ ranked: [top1] }) => (top1 ? [top1] : []));
  const best = insectDetectRows(groupVotes(votes))[0] as Summary['best'];
  const sizes = track
    .filter(({ ranked }) => ranked[0]?.label === best.label)
    .flatMap(({ box }) => sizeOf(box));
  return {
    camera: first.crop.trap_id,
    session: sessionOf(first),
    track: trackOf(first),
    start: naiveTime(startMs, offsetMin),
    end: naiveTime(endMs, offsetMin),
    durationS: round2((endMs - startMs) / 1000),
    confidenceMean: mean(
      2,
      track.map(({ crop }) => crop.confidence).filter((value) => value !== null),
    ),
    best,
    lengthMean: mean(
      3,
      sizes.map((size) => Math.max(...size)),
    ),
    widthMean: mean(
      3,
      sizes.map((size) => Math.min(...size)),
    ),
  };
}

/** Width and height relative to the frame; nothing where the trap told no box. */
function sizeOf([xMin, yMin, xMax, yMax]: readonly number[]): [number, number][] {
  if (xMin === undefined || yMin === undefined || xMax === undefined || yMax === undefined) return [];
  return [[roundTo(4, xMax - xMin), roundTo(4, yMax - yMin)]];
}

const mean = (decimals: number, values: readonly number[]): number | null =>
  values.length ? roundTo(decimals, values.reduce((sum, value) => sum + value, 0) / values.length) : null;
