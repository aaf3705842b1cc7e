import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { finishRestore } from '../../../features/backup/index.js';
import { type Config, readConfig } from '../../../libs/config/index.js';
import { shareFolder } from '../../../libs/data-dir/index.js';
import { CATALOG_FILE, Catalog, NoCatalogError } from '../../../libs/database/index.js';
import { isId } from '../../../libs/domain/index.js';

/** A command has nothing else to do while the service writes. */
const PATIENCE_MS = 10_000;

/**
 * Opens the catalog of the settings and closes it when the work is done.
 *
 * @throws NoCatalogError where there is none: a mistyped data folder stays as it is, and is not taken for an empty one
 */
export async function withCatalog<T>(use: (catalog: Catalog, config: Config) => Promise<T>): Promise<T> {
  const config = readConfig(process.env);
  await finishRestore(config.dataDir);
  const catalog = await Catalog.open({
    ...config,
    patienceMs: PATIENCE_MS,
    mustExist: true,
    isUnhurried: true,
  });
  try {
    return await use(catalog, config);
  } finally {
    await catalog.close();
  }
}

/** The same with the data folder held: no restore changes places with it meanwhile. */
export async function withDataFolder<T>(use: (catalog: Catalog, config: Config) => Promise<T>): Promise<T> {
  const { dataDir, databaseUrl } = readConfig(process.env);
  await finishRestore(dataDir);
  // Before the lock, which would create the folder.
  if (!existsSync(databaseUrl ? dataDir : join(dataDir, CATALOG_FILE)))
    throw new NoCatalogError(
      databaseUrl
        ? `there is no folder ${dataDir}: check TRAPLINE_DATA_DIR`
        : `there is no catalog in ${dataDir}: check TRAPLINE_DATA_DIR`,
    );
  const hold = shareFolder(dataDir);
  try {
    return await withCatalog(use);
  } finally {
    hold.release();
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

export const asTime = (atMs: number): string => new Date(atMs).toISOString().replace(/\.\d+Z$/, 'Z');

export const asTimeOrNull = (atMs: number | null | undefined): string | null =>
  atMs == null ? null : asTime(atMs);
