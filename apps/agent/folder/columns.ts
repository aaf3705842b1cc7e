import { isId } from '../../../libs/domain/index.js';
import { isEmptyCell, numberOf } from './csv-rows.js';
import type { RowPlace } from './time/steps-back.js';
import { readTableTime, readTakenAt, type TableTime, type TakenAt } from './time/taken-at.js';

/** One row of a session's metadata, whichever version of insect-detect wrote it. */
export interface Detection {
  /** The counter of the session, which begins anew with another SD card. */
  readonly session: string | undefined;
  readonly trap: string | undefined;
  readonly track: string;
  readonly taken: TableTime;
  readonly label: string;
  /** Of the frame, or of the crop in versions before 1.8; a bare name. */
  readonly file: string | undefined;
  /** Columns that say something which cannot be read. */
  readonly unread: readonly string[];
  readonly confidence?: number;
  /** `[xMin, yMin, xMax, yMax]`, relative to the frame. */
  readonly box?: readonly [number, number, number, number];
  readonly trackStatus?: string;
  readonly lensPosition?: number;
  readonly isoSensitivity?: number;
  readonly exposureTimeMs?: number;
  /** Where it stands in its table. */
  readonly row?: RowPlace;
}

/** What the columns were called over the years. */
const NAMES = {
  trap: ['device_id', 'cam_id'],
  session: ['session_id', 'rec_id'],
  timestamp: ['timestamp'],
  label: ['label'],
  confidence: ['confidence'],
  track: ['track_id'],
  trackStatus: ['track_status'],
  xMin: ['x_min'],
  yMin: ['y_min'],
  xMax: ['x_max'],
  yMax: ['y_max'],
  lensPosition: ['lens_position'],
  isoSensitivity: ['iso_sensitivity'],
  exposureTime: ['exposure_time'],
  file: ['filename', 'file_path', 'file_name'],
} as const;
type Column = keyof typeof NAMES;

/** Where each column stands; those that a version does not have are left out. */
export interface Columns {
  readonly count: number;
  readonly at: Partial<Record<Column, number>>;
}

const WRITTEN: readonly string[] = [
  'rec_ID,timestamp,label,confidence,track_ID,x_min,y_min,x_max,y_max,file_path',
  'cam_ID,rec_ID,timestamp,lens_position,iso_sensitivity,exposure_time,label,confidence,track_ID,track_status,x_min,y_min,x_max,y_max',
  'device_id,session_id,timestamp,label,confidence,track_id,track_status,x_min,y_min,x_max,y_max,lens_position,iso_sensitivity,exposure_time,filename',
];

/** @returns undefined where this is no header */
export function columnsOf(header: readonly string[]): Columns | undefined {
  const names = header.map((name) =>
    name
      .replace(/^\uFEFF/, '')
      .toLowerCase()
      .replace(/[ -]+/g, '_'),
  );
  const at: Partial<Record<Column, number>> = {};
  for (const [column, known] of Object.entries(NAMES)) {
    const index = names.findIndex((name) => (known as readonly string[]).includes(name));
    if (index >= 0) at[column as Column] = index;
  }
  const isHeader = at.track !== undefined && (at.timestamp !== undefined || at.file !== undefined);
  return isHeader ? { count: lengthOf(header), at } : undefined;
}

/** Cells up to the last that is not empty: spreadsheets add empty ones, to all lines or to some. */
function lengthOf(cells: readonly string[]): number {
  return cells.findLastIndex((cell) => cell !== '') + 1;
}

/** The columns of a table whose first line was lost: the version that writes as many. */
export function columnsOfCount(count: number): Columns | undefined {
  const header = WRITTEN.map((line) => line.split(',')).find((columns) => columns.length === count);
  return header && columnsOf(header);
}

const NUMBERS = [
  'confidence',
  'xMin',
  'yMin',
  'xMax',
  'yMax',
  'lensPosition',
  'isoSensitivity',
  'exposureTime',
] as const satisfies readonly Column[];

/**
 * @param sessionStart for times that leave open which is the day and which the month
 * @returns undefined where the row is none, or not whole: what would be read of it is not certain
 */
export function detectionOf(
  { count, at }: Columns,
  cells: readonly string[],
  sessionStart: TakenAt,
): Detection | undefined {
  if (cells.length < count || lengthOf(cells) > count) return undefined;
  const cell = (column: Column): string => cells[at[column] ?? -1] ?? '';
  const file = cell('file').split(/[\\/]/).at(-1) || undefined;
  const taken = takenOf(file) ?? readTableTime(cell('timestamp'), sessionStart);
  const track = cell('track').replace(/[.,]0+$/, '');
  if (!taken || !/^\d{1,9}$/.test(track)) return undefined;
  const session = cell('session');
  const box = boxOf([cell('xMin'), cell('yMin'), cell('xMax'), cell('yMax')].map(numberOf));
  const unread = NUMBERS.filter((name) => !isEmptyCell(cell(name)) && numberOf(cell(name)) === undefined);
  return {
    session: isId(session) && session.length <= 20 ? session : undefined,
    trap: cell('trap') || undefined,
    track: String(Number(track)),
    taken,
    label: cell('label'),
    file,
    unread,
    ...defined({
      confidence: inUnit(numberOf(cell('confidence'))),
      box,
      trackStatus: cell('trackStatus') || undefined,
      lensPosition: numberOf(cell('lensPosition')),
      isoSensitivity: numberOf(cell('isoSensitivity')),
      exposureTimeMs: numberOf(cell('exposureTime')),
    }),
  };
}

/** Of a name such as `host_2026-05-03_13-05-12-123456.jpg`: the pictures are called after it, so it comes first. */
function takenOf(file: string | undefined): TableTime | undefined {
  const [, time] = /(?:^|_)(\d{4}-?\d\d-?\d\d_\d\d-\d\d-\d\d[.-]\d{1,6})(?!\d)/.exec(file ?? '') ?? [];
  const taken = time === undefined ? undefined : readTakenAt(time);
  return taken && { ...taken, spanMicros: 1 };
}

const inUnit = (value: number | undefined): number | undefined =>
  value !== undefined && value >= 0 && value <= 1 ? value : undefined;

/** The detector's boxes reach over the edge of the frame now and then: what is outside is cut off. */
function boxOf(sides: readonly (number | undefined)[]) {
  if (sides.some((side) => side === undefined)) return undefined;
  const [xMin, yMin, xMax, yMax] = sides.map((side) => Math.min(1, Math.max(0, side as number))) as [
    number,
    number,
    number,
    number,
  ];
  return xMin < xMax && yMin < yMax ? ([xMin, yMin, xMax, yMax] as const) : undefined;
}

function defined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
