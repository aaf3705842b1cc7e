import { type Command, InvalidArgumentError } from 'commander';
import { countPast, queuePast, type ReclassifyFilter } from '../../../features/observations/index.js';
import type { Config } from '../../../libs/config/index.js';
import { readTime } from '../../../libs/domain/index.js';
import { plural } from '../../../libs/text/index.js';
import { idArgument, print, withCatalog } from './context.js';

interface Options {
  readonly trap?: string;
  readonly from?: string;
  readonly to?: string;
  readonly model?: string;
  readonly dryRun?: boolean;
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

async function modelKeyOf(config: Config): Promise<string> {
  const { chooseModel } = await import('../choose-model.js');
  const model = await chooseModel(config);
  if (!model) throw new Error('no model is installed: trapline model install <source>');
  return model.key;
}
