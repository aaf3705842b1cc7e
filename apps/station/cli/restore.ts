import { resolve } from 'node:path';
import type { Command } from 'commander';
import { readConfig } from '../../../libs/config/index.js';
import { cropKey } from '../../../libs/domain/index.js';
import { plural } from '../../../libs/text/index.js';
import { print } from './context.js';
import { progressOf } from './progress.js';

/** Exit code: all was done that could be, and part of the backup is damaged. */
const DAMAGED = 3;

interface Options {
  readonly to?: string;
  readonly check?: boolean;
  /** A path, or whether at all. */
  readonly secrets: boolean | string;
  readonly json?: boolean;
}

export function addRestoreCommand(program: Command): void {
  program
    .command('restore')
    .description('make the data folder of a backup; what is there is put aside, never deleted')
    .argument('<backup>', 'a folder of backups (its newest snapshot is taken), or one snapshot in it')
    .option('--to <folder>', 'another data folder than that of the settings')
    .option('--check', 'only compare the backup with its checksums; restore nothing')
    .option('--secrets <file>', 'where secrets.json is, if it was taken out of the backup')
    .option('--no-secrets', 'go without accounts, passwords and keys')
    .option('--json', 'print one line of JSON')
    .action(restore);
}

async function restore(backup: string, options: Options): Promise<void> {
  if (options.check) return check(backup, options);
  const { dataDir: standard, databaseUrl } = readConfig(process.env);
  const dataDir = options.to ? resolve(options.to) : standard;
  const { restore: restoreFrom } = await import('../../../features/backup/restore.js');
  const progress = progressOf(options.json);
  try {
    const { snapshot, manifest, restorePoint, pictures, damaged, withoutPicture } = await restoreFrom({
      path: backup,
      dataDir,
      databaseUrl,
      withSecrets: options.secrets !== false,
      secretsFile: typeof options.secrets === 'string' ? options.secrets : undefined,
      nowMs: Date.now(),
      onProgress: (soFar) => progress.show(plural(soFar.pictures, 'picture')),
    });
    progress.end();
    const { counts, secrets, startedAt } = manifest;
    const text = [
      `${dataDir} is what it was at ${startedAt}: ${plural(counts.runs, 'run')}, ${plural(pictures, 'picture')}.`,
      ...(databaseUrl ? ['The catalog is in the database of DATABASE_URL.'] : []),
      ...(restorePoint ? [`What was there before is in ${restorePoint}: remove it once you are sure.`] : []),
      ...(secrets && options.secrets !== false
        ? []
        : ['There are no accounts: the next start makes a first key, and traps need new passwords.']),
    ].join('\n');
    print(
      options.json,
      {
        dataDir,
        snapshot,
        startedAt,
        ...counts,
        pictures,
        restorePoint: restorePoint ?? null,
        damaged,
        withoutPicture: withoutPicture.map(cropKey),
      },
      text,
    );
    tellDamaged(damaged, 'everything else was restored');
    if (withoutPicture.length)
      process.stderr.write(
        `${plural(withoutPicture.length, 'crop has', 'crops have')} no picture: the service asks the traps for them again\n`,
      );
  } finally {
    progress.end();
  }
}

/** Every file by its name: what is lost must be known. */
function tellDamaged(damaged: readonly string[], what: string): void {
  if (!damaged.length) return;
  for (const path of damaged) process.stderr.write(`damaged or missing: ${path}\n`);
  process.stderr.write(`${plural(damaged.length, 'file')} of the backup cannot be used: ${what}\n`);
  process.exitCode = DAMAGED;
}

async function check(backup: string, { json }: Options): Promise<void> {
  const { findSnapshot } = await import('../../../features/backup/snapshot.js');
  const { checkFiles } = await import('../../../features/backup/stage.js');
  const progress = progressOf(json);
  try {
    const snapshot = await findSnapshot(backup);
    const { files, pictures, damaged } = await checkFiles(snapshot, (soFar) =>
      progress.show(plural(soFar.files, 'file')),
    );
    progress.end();
    const text = `${snapshot.folder} ${damaged.length ? 'is whole but for what is named' : 'is whole'}: ${plural(files, 'file')}, ${pictures} of them ${pictures === 1 ? 'a picture' : 'pictures'}.`;
    print(json, { snapshot: snapshot.folder, files, pictures, damaged }, text);
    tellDamaged(damaged, 'a restore leaves them out');
  } finally {
    progress.end();
  }
}
