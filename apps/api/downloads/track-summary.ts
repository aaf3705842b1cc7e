import { groupVotes, insectDetectRows, round2, roundTo } from '../../../libs/domain/index.js';
import { type CropRow, sessionOf, trackOf } from './crops-table.js';
import type { Column } from './csv.js';
import { cropTimeMs, naiveTime, offsetMinOf } from './local-time.js';

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
