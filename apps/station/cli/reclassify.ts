import { type Command, InvalidArgumentError } from 'commander';
import {
  countPast,
  type ModelPreview,
  previewModel,
  queuePast,
  type ReclassifyFilter,
} from '../../../features/observations/index.js';
import type { Config } from '../../../libs/config/index.js';
import { readTime } from '../../../libs/domain/index.js';
import { plural } from '../../../libs/text/index.js';
import { idArgument, print, table, withCatalog } from './context.js';
import { progressOf } from './progress.js';

interface Options {
  readonly trap?: string;
  readonly from?: string;
  readonly to?: string;
  readonly model?: string;
  readonly dryRun?: boolean;
  readonly preview?: string;
  readonly runs?: number;
  readonly json?: boolean;
}

export function addReclassifyCommand(program: Command): void {
  program
    .command('reclassify')
    .description('have the service classify crops of the past that its model has not seen')
    .option('--trap <id>', 'only of this trap', idArgument)
    .option(
      '--from <time>',
      'only runs from this time on, such as 2026-06-01 or 2026-06-01T08:00:00+02:00',
      timeOption,
    )
    .option('--to <time>', 'only runs before this time', timeOption)
    .option(
      '--model <name>',
      'the model that the service uses, where its settings are not those of this shell',
    )
    .option('--dry-run', 'only count the crops')
    .option('--preview <model>', 'only show what this installed model would change')
    .option('--runs <count>', 'with --preview: only the newest runs', countOption)
    .option('--json', 'print one line of JSON')
    .action(reclassify);
}

/** A day begins at midnight; a time without a zone is read in that of the settings. */
function timeOption(text: string): string {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00` : text;
  if (readTime(time, 'UTC', Date.now())) return time;
  throw new InvalidArgumentError('A time is such as 2026-06-01 or 2026-06-01T08:00:00+02:00.');
}

async function reclassify(options: Options): Promise<void> {
  if (options.preview !== undefined) return preview(options.preview, options);
  await withCatalog(async ({ db }, config) => {
    const model = await modelKeyOf({ ...config, model: options.model ?? config.model });
    const at = (time?: string) => (time ? readTime(time, config.timeZone, Date.now())?.utcMs : undefined);
    const filter: ReclassifyFilter = { trapId: options.trap, fromMs: at(options.from), toMs: at(options.to) };
    const crops = await (options.dryRun ? countPast : queuePast)(db, model, filter);
    const text = options.dryRun
      ? `${plural(crops, 'crop has', 'crops have')} not been classified by ${model}.`
      : `${plural(crops, 'crop waits', 'crops wait')} for ${model}; the service classifies ${crops === 1 ? 'it' : 'them'} beside the new ones.`;
    print(options.json, { model, crops, queued: !options.dryRun }, text);
  });
}

const EVERY_RUN = 10_000_000;
const ROWS_SHOWN = 20;

/** Shows what another model would change, and changes nothing. */
async function preview(name: string, { trap, from, to, runs = EVERY_RUN, json }: Options): Promise<void> {
  const { findModel, openModel } = await import('../../../libs/classifier/index.js');
  const { modelFolders } = await import('../choose-model.js');
  await withCatalog(async (catalog, config) => {
    const model = await openModel(await findModel(name, modelFolders(config)));
    const at = (time?: string) => (time ? readTime(time, config.timeZone, Date.now())?.utcMs : undefined);
    const progress = progressOf(json);
    const found = await previewModel(
      catalog,
      model,
      { trapId: trap, fromMs: at(from), toMs: at(to) },
      {
        dataDir: config.dataDir,
        limit: runs,
        onProgress: (done, of) => progress.show(`${done} of ${plural(of, 'run')}`),
      },
    );
    progress.end();
    print(json, found, previewText(found));
  });
}

function previewText(found: ModelPreview): string {
  const { visits, examples } = found;
  const rows = (changes: ModelPreview['taxa']) =>
    changes.slice(0, ROWS_SHOWN).map((each) => [each.name, String(each.before), String(each.after)]);
  const nameOf = (verdict: ModelPreview['examples'][number]['before']): string => {
    if (!verdict) return '-';
    if (verdict.unsure) return 'uncertain';
    return verdict.insect ? (verdict.taxon ?? verdict.label) : `no insect (${verdict.label})`;
  };
  const parts = [
    `${found.model} would change ${found.changed} of ${plural(found.runs, 'run')} (${found.reviewed} reviewed by people stay, ${found.withoutAnswer} without a readable picture). Nothing was changed.`,
    table([['visits', 'now', 'then'], ...rows([visits.insects, visits.unsure, visits.nothing])]),
    found.groups.length ? table([['group', 'now', 'then'], ...rows(found.groups)]) : '',
    found.taxa.length ? table([['taxon', 'now', 'then'], ...rows(found.taxa)]) : '',
    found.episodes.length
      ? table([
          ['episode', 'trap', 'group', 'leaving', 'coming'],
          ...found.episodes.map((each) => [
            each.id,
            each.trapId,
            each.group,
            String(each.leaving),
            String(each.coming),
          ]),
        ])
      : '',
    examples.length
      ? table([
          ['trap', 'run', 'now', 'then'],
          ...examples
            .slice(0, ROWS_SHOWN)
            .map((run) => [run.trapId, run.runId, nameOf(run.before), nameOf(run.after)]),
        ])
      : '',
  ];
  return parts.filter(Boolean).join('\n\n');
}

function countOption(text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('A whole number from 1 is needed.');
}

async function modelKeyOf(config: Config): Promise<string> {
  const { chooseModel } = await import('../choose-model.js');
  const model = await chooseModel(config);
  if (!model) throw new Error('no model is installed: trapline model install <source>');
  return model.key;
}
