import type { CropForTable } from '../../../libs/catalog/index.js';
import { archiveName } from '../../../libs/images/index.js';
import type { RunAround } from './around-run.js';
import type { Cell, Column } from './csv.js';
import { cropTimeMs, naiveTime, offsetMinOf } from './local-time.js';

const A_WORD = /^[a-z][a-z_ -]{0,63}$/i;
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
export function sessionOf({ around: { run } }: CropRow): string {
  return run.session_id ?? run.run_id;
}
export function trackOf({ around: { run } }: CropRow): string {
  return run.track_id ?? run.run_id;
}

/** The name that the crop has in `images.zip`; insect-detect names its full frame here, which stays at the trap. */
function fileOf({ around, crop }: CropRow): string {
  const id = { trapId: crop.trap_id, runId: crop.run_id, cropId: crop.crop_id };
  return archiveName(id, around.run.day, crop.format);
}

/** The class of the detector. A word only: other fields of a trap's own may tell its place. */
function labelOf({ entry: { label } }: CropRow): string {
  return typeof label === 'string' && A_WORD.test(label) ? label : DETECTED;
}

function cell(value: unknown): Cell {
  return typeof value === 'string' || typeof value === 'number' ? value : undefined;
}
