import { csvRows, dialectOf, numberOf } from '../csv-rows.js';
import { readTableTime, type TakenAt } from './taken-at.js';

/** A reading, as it is published. */
type Reading = { readonly at: string } & Readonly<Record<string, string | number>>;

/** The names of the contract; the others go by their own, in camel case. */
const NAMES: Readonly<Record<string, string>> = {
  rpi_cpu_temp: 'cpuTemperatureC',
  temp_pi: 'cpuTemperatureC',
  temp_ambient: 'temperatureC',
};
/** Written together or not at all, in this order: a sensor that cannot be read leaves out all of its columns. */
const RPI = ['rpi_cpu_temp', 'rpi_cpu_usage_avg', 'rpi_cpu_usage_sum', 'rpi_ram_usage', 'rpi_ram_available'];
const OAK = [
  'oak_chip_temp',
  'oak_cpu_usage_css',
  'oak_cpu_usage_mss',
  'oak_ram_usage_ddr',
  'oak_ram_available_ddr',
  'oak_ram_usage_css',
  'oak_ram_available_css',
  'oak_ram_usage_mss',
  'oak_ram_available_mss',
  'oak_ram_usage_cmx',
  'oak_ram_available_cmx',
];
const KEYS = ['device_id', 'cam_id', 'session_id', 'rec_id', 'timestamp'];

/** A row of the log, and where the next one begins. */
interface LoggedReading {
  readonly session: string;
  /** Undefined where the row says nothing that is certain. */
  readonly reading: Reading | undefined;
  readonly end: number;
}

/**
 * Reads the log of a session, from a byte on. The header stands in the first line only.
 *
 * @param sessionStart for times that leave open which is the day and which the month
 * @param onUnread told of lines that cannot be read
 */
export async function* readings(
  path: string,
  sessionStart: TakenAt,
  onUnread?: (line: number) => void,
): AsyncGenerator<LoggedReading> {
  let header: readonly string[] | undefined;
  const isHeader = (cells: readonly string[]) => cells.some((cell) => /^(?:session|rec)_id$/i.test(cell));
  const dialect = await dialectOf(path, isHeader);
  for await (const { cells, end, line } of csvRows(path, dialect, { ...(onUnread && { onUnread }) })) {
    if (!header || isHeader(cells)) {
      if (!isHeader(cells)) {
        if (!/^sep=/i.test(cells[0] ?? '')) onUnread?.(line);
        continue;
      }
      header = filled(cells).map((name) => name.toLowerCase());
      continue;
    }
    const names = columnsOfRow(header, filled(cells).length);
    const session = cells[header.findIndex((name) => name === 'session_id' || name === 'rec_id')] ?? '';
    const reading = readingOf(names, cells, sessionStart);
    if (reading === 'unread') onUnread?.(line);
    yield { session, reading: reading === 'unread' ? undefined : reading, end };
  }
}

/** Without the empty cells that a spreadsheet fills short lines up with: which sensor is missing, the length tells. */
const filled = (cells: readonly string[]) => cells.slice(0, cells.findLastIndex((cell) => cell !== '') + 1);

/**
 * Which column each cell of a row is in. A row that is as long as the header has its columns; of another, those groups
 * are there whose lengths add up to its own, where that can be only in one way. Otherwise only its keys are certain.
 */
export function columnsOfRow(header: readonly string[], count: number): readonly string[] {
  if (count === header.length) return header;
  const keys = header.filter((name) => KEYS.includes(name));
  const power = header.filter(
    (name) => !KEYS.includes(name) && !name.startsWith('rpi_') && !name.startsWith('oak_'),
  );
  const groups = [RPI, OAK, power].filter((group) => group.length > 0);
  const possible = Array.from({ length: 2 ** groups.length }, (_, choice) => [
    ...keys,
    ...groups.filter((_group, i) => choice & (1 << i)).flat(),
  ]).filter((names) => names.length === count);
  return possible.length === 1 ? (possible[0] as string[]) : keys;
}

/**
 * Numbers, and words of the battery, which say what the power comes from.
 *
 * @returns `unread` where the time is none, or was rounded by a spreadsheet: it would be another reading than that
 *   which the trap has sent
 */
export function readingOf(
  names: readonly string[],
  cells: readonly string[],
  sessionStart: TakenAt,
): Reading | 'unread' | undefined {
  const fields: Record<string, number | string> = {};
  let at: string | undefined;
  for (const [i, name] of names.entries()) {
    const text = cells[i] ?? '';
    if (name === 'timestamp') {
      const time = readTableTime(text, sessionStart);
      if (!time || time.spanMicros > 1) return 'unread';
      at = time.at;
    }
    if (KEYS.includes(name) || text === '' || text === 'NA') continue;
    const value = numberOf(text) ?? Number.NaN;
    if (name === 'charge_level' && value >= 0 && value <= 100) fields['batteryPct'] = value;
    else if (name === 'charge_level' && Number.isNaN(value)) fields['powerSource'] = text;
    else if (name === 'power_input' && Number.isNaN(value)) fields['powerSource'] ??= text;
    else if (name !== 'charge_level' && Number.isFinite(value))
      fields[NAMES[name] ?? camelCase(name)] = value;
  }
  return at !== undefined && Object.keys(fields).length ? { at, ...fields } : undefined;
}

const camelCase = (name: string): string =>
  name.toLowerCase().replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
