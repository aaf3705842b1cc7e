import { type Command, InvalidArgumentError } from 'commander';
import { bindForced, type Plan, type RemovalSummary } from '../../../features/retention/index.js';
import type { Config } from '../../../libs/config/index.js';
import type { Catalog } from '../../../libs/database/index.js';
import { DAY_MS, type RetentionRule } from '../../../libs/domain/index.js';
import { megabytes, plural } from '../../../libs/text/index.js';
import { asTimeOrNull, print, table, withDataFolder } from './context.js';

interface Options {
  readonly dryRun?: boolean;
  readonly force?: boolean;
  readonly adopt?: boolean;
  readonly json?: boolean;
  readonly olderThanDays?: number;
  readonly freeMb?: number;
  readonly keepBest?: number;
}

const BYTES_PER_MB = 1_000_000;

export function addRetentionCommand(program: Command): void {
  program
    .command('retention')
    .description('remove old pictures; what is known of them, and every count, stays')
    .option('--dry-run', 'only say what would go')
    .option(
      '--older-than-days <n>',
      'pictures older than this go; default: TRAPLINE_RETENTION_DAYS',
      positive,
    )
    .option(
      '--free-mb <n>',
      'the oldest go until so many MB are free; default: TRAPLINE_RETENTION_FREE_MB',
      positive,
    )
    .option('--keep-best <n>', 'runs of each trap and taxon that keep theirs; default: 20', count)
    .option('--force', 'also where more than half of all pictures would go')
    .option(
      '--adopt',
      'only note that this catalog and this data folder belong together, with what the catalog holds now',
    )
    .option('--json', 'print one line of JSON')
    .action(retention);
}

function positive(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('A number above 0 is needed.');
}

function count(text: string): number {
  if (/^\d{1,4}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('A whole number from 0 to 9999 is needed.');
}

async function retention(options: Options): Promise<void> {
  await withDataFolder(async (catalog, config) => {
    if (options.adopt) return bindFolder(catalog, config, options);
    const { planRound } = await import('../../../features/retention/removal-plan.js');
    const { expectModest } = await import('../../../features/retention/refusal.js');
    const round = { catalog, dataDir: config.dataDir, rule: ruleOf(options, config), nowMs: Date.now() };
    const plan = await planRound(round);
    if (options.dryRun) return tell(plan, plan.going, options);
    if (!options.force) expectModest(plan.survey, plan.going);
    const { carryOut } = await import('../../../features/retention/remove-pictures.js');
    const onStuck = (
      { trapId, runId, cropId }: { trapId: string; runId: string; cropId: string },
      error: unknown,
    ) =>
      void process.stderr.write(
        `the file of ${trapId}/${runId}/${cropId} cannot be deleted, and is tried again: ${(error as Error).message}\n`,
      );
    tell(plan, await carryOut(plan, { ...round, onStuck }), options);
  });
}

function ruleOf(options: Options, { retention: set }: Config): RetentionRule {
  const rule = {
    olderThanMs:
      options.olderThanDays === undefined ? set.olderThanMs : Math.round(options.olderThanDays * DAY_MS),
    freeBytes: options.freeMb === undefined ? set.freeBytes : Math.round(options.freeMb * BYTES_PER_MB),
    keepBest: options.keepBest ?? set.keepBest,
  };
  if (rule.olderThanMs === undefined && rule.freeBytes === undefined)
    throw new Error(
      'nothing says which pictures may go: give --older-than-days or --free-mb, or set TRAPLINE_RETENTION_DAYS or TRAPLINE_RETENTION_FREE_MB',
    );
  return rule;
}

async function bindFolder(catalog: Catalog, { dataDir }: Config, { json }: Options): Promise<void> {
  const { survey } = await import('../../../features/retention/survey.js');
  const { runs, crops } = await survey(catalog, { keepBest: 0 });
  await bindForced(catalog.db, dataDir, { runs, crops });
  print(
    json,
    { runs, crops },
    `Noted: ${dataDir} belongs to this catalog of ${plural(runs, 'run')} with ${plural(crops, 'crop')}.`,
  );
}

function tell(
  plan: Plan,
  { runs, crops, bytes, oldestMs, newestMs, traps }: RemovalSummary,
  options: Options,
): void {
  const { kept, shortBytes, survey } = plan;
  const times = { oldest: asTimeOrNull(oldestMs), newest: asTimeOrNull(newestMs) };
  const answer = {
    dryRun: options.dryRun === true,
    runs,
    crops,
    bytes,
    ...times,
    traps,
    kept,
    shortBytes,
    picturedBytes: survey.picturedBytes,
  };
  print(options.json, answer, describe(answer));
}

interface Answer extends Omit<RemovalSummary, 'oldestMs' | 'newestMs'> {
  readonly dryRun: boolean;
  readonly oldest: string | null;
  readonly newest: string | null;
  readonly kept: Plan['kept'];
  readonly shortBytes: number;
}

function describe({ dryRun, runs, crops, bytes, oldest, newest, traps, kept, shortBytes }: Answer): string {
  const rows = Object.entries(traps).sort(([a], [b]) => (a < b ? -1 : 1));
  const reasons = Object.entries(kept).map(([why, n]) => `${n} ${why}`);
  return [
    crops === 0
      ? `No picture ${dryRun ? 'would go' : 'had to go'}.`
      : `${plural(crops, 'picture')} of ${plural(runs, 'run')}, ${megabytes(bytes)} MB, ${dryRun ? 'would go' : crops === 1 ? 'is removed' : 'are removed'}: visits from ${oldest} to ${newest}.`,
    ...(reasons.length ? [`Runs that keep theirs all the same: ${reasons.join(', ')}.`] : []),
    ...(shortBytes ? [`${megabytes(shortBytes)} MB more should go to make room, and nothing more may.`] : []),
    ...(rows.length
      ? [
          '',
          table([
            ['trap', 'runs', 'pictures', 'MB'],
            ...rows.map(([trap, sum]) => [trap, String(sum.runs), String(sum.crops), megabytes(sum.bytes)]),
          ]),
        ]
      : []),
  ].join('\n');
}
