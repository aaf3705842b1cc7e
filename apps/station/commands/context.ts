import { InvalidArgumentError } from 'commander';
import { Catalog } from '../../../libs/catalog/index.js';
import { type Config, readConfig } from '../../../libs/config/index.js';
import { isId } from '../../../libs/domain/index.js';

/** Opens the catalog of the settings, as the service does, and closes it when the work is done. */
/** A command has nothing else to do while the service writes. */
const PATIENCE_MS = 10_000;

export async function withCatalog<T>(use: (catalog: Catalog, config: Config) => Promise<T>): Promise<T> {
  const config = readConfig(process.env);
  const catalog = await Catalog.open({ ...config, patienceMs: PATIENCE_MS });
  try {
    return await use(catalog, config);
  } finally {
    await catalog.close();
  }
}

/** One line for a program that asked with `--json`, otherwise the text for a person. */
export function print(json: boolean | undefined, answer: unknown, text: string): void {
  process.stdout.write(json ? `${JSON.stringify(answer)}\n` : `${text}\n`);
}

/** Checks an id on the command line. */
export function idArgument(text: string): string {
  if (isId(text)) return text;
  throw new InvalidArgumentError(
    'An id has 1 to 64 of A-Z a-z 0-9 _ . - after a letter or digit, without "..".',
  );
}

/** Columns under each other, wide enough for their longest entry. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((text, i) => text.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export const asTime = (atMs: number | null | undefined): string =>
  atMs == null ? '-' : new Date(atMs).toISOString().replace(/\.\d+Z$/, 'Z');
