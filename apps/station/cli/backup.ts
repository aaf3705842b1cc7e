import { join, resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { VERSION } from '../../../libs/config/index.js';
import { megabytes, plural } from '../../../libs/text/index.js';
import { print, withDataFolder } from './context.js';
import { progressOf } from './progress.js';

interface Options {
  readonly secrets: boolean;
  readonly quick?: boolean;
  readonly keep: number;
  readonly json?: boolean;
}

const KEEP = 7;

export function addBackupCommand(program: Command): void {
  program
    .command('backup')
    .description('copy catalog, pictures, models and secrets to a folder, also while the service runs')
    .argument('<folder>', 'empty, new, or of earlier backups: then only what is new is copied')
    .option('--no-secrets', 'leave out accounts, passwords and keys')
    .option(
      '--quick',
      'trust the pictures that are there already where their size is right, and do not read them',
    )
    .option('--keep <n>', `so many snapshots of the catalog stay; default: ${KEEP}`, keepOption, KEEP)
    .option('--json', 'print one line of JSON')
    .action(backup);
}

function keepOption(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('A whole number from 1 to 9999 is needed.');
}

async function backup(folder: string, options: Options): Promise<void> {
  const { takeBackup } = await import('../../../features/backup/take-backup.js');
  const progress = progressOf(options.json);
  try {
    await withDataFolder(async (live, { dataDir, databaseUrl, limits }) => {
      const { runJob } = await import('../../../features/jobs/job-runner.js');
      const job = { kind: 'backup', title: resolve(folder), unit: 'files' } as const;
      const { result } = await runJob(live, job, ({ progress: note, signal }) =>
        takeBackup({
          live,
          place: { dataDir, databaseUrl },
          folder: resolve(folder),
          withSecrets: options.secrets,
          verify: options.quick !== true,
          keep: options.keep,
          diskReserveBytes: limits.diskReserveBytes,
          version: VERSION,
          onProgress: ({ pictures }) => {
            signal.throwIfAborted();
            note(pictures);
            progress.show(plural(pictures, 'picture'));
          },
        }),
      );
      const { snapshot, manifest, copied } = await result;
      progress.end();
      const { counts } = manifest;
      const text = [
        `${snapshot} is finished: ${plural(counts.runs, 'run')}, ${plural(counts.pictures, 'picture')} (${megabytes(counts.pictureBytes)} MB), ${copied} of them new.`,
        options.secrets
          ? 'Accounts, passwords and keys are in its secrets.json, which only you can read: keep it as safe as they are.'
          : 'Accounts, passwords and keys were left out.',
      ].join('\n');
      print(options.json, { snapshot, copied, ...counts, secrets: options.secrets }, text);
      if (counts.missing)
        process.stderr.write(
          `${plural(counts.missing, 'picture')} of the catalog ${counts.missing === 1 ? 'is' : 'are'} not on the disk: see ${join(snapshot, 'missing.txt')}\n`,
        );
    });
  } finally {
    progress.end();
  }
}
