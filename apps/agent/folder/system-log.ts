import { csvRows } from './csv-rows.js';
import { readTakenAt } from './taken-at.js';

/** A reading, as it is published. */
export type Reading = { readonly at: string } & Readonly<Record<string, string | number>>;

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
export interface LoggedReading {
  readonly session: string;
  /** Undefined where the row says nothing that is certain. */
  readonly reading: Reading | undefined;
  readonly end: number;
}

/**
 * Reads the log of a session, from a byte on. The header stands in the first line only.
 *
 * @param from where an earlier reading ended; 0 = the beginning
 */
export async function* readings(path: string, from = 0): AsyncGenerator<LoggedReading> {
  let header: readonly string[] | undefined;
  for await (const { cells, end } of csvRows(path)) {
    if (!header) {
      header = cells.map((name) => name.toLowerCase());
      continue;
    }
    if (end <= from) continue;
    const names = columnsOfRow(header, cells.length);
    const session = cells[header.findIndex((name) => name === 'session_id' || name === 'rec_id')] ?? '';
    yield { session, reading: readingOf(names, cells), end };
  }
}

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

/** Numbers, and words of the battery, which say what the power comes from. */
export function readingOf(names: readonly string[], cells: readonly string[]): Reading | undefined {
  const fields: Record<string, number | string> = {};
  let at: string | undefined;
  for (const [i, name] of names.entries()) {
    const text = cells[i] ?? '';
    if (name === 'timestamp') at = readTakenAt(text)?.at;
    if (KEYS.includes(name) || text === '' || text === 'NA') continue;
    const value = Number(text);
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
