import { join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { readConfig } from '../../../libs/config/index.js';
import { plural } from '../../../libs/text/index.js';
import { print, table } from './context.js';
import { addEvaluationCommands } from './model-evaluate.js';
import { progressOf } from './progress.js';

// The classifier's code takes a while to load: only these commands wait for it.
const classifier = () => import('../../../libs/classifier/index.js');
const choice = () => import('../choose-model.js');

export function addModelCommands(program: Command): void {
  const model = program.command('model').description('models that classify');
  model
    .command('list')
    .description('list the models that are installed or known')
    .option('--json', 'print one line of JSON')
    .action(list);
  model
    .command('verify')
    .description('run a model and hold its answers against its card')
    .argument('[name]', 'name or path of a model; default: the one that the service uses')
    .action(verify);
  model
    .command('install')
    .description('fetch, check and install a model')
    .argument('<source>', 'name, folder, .onnx or .tflite file, or URL')
    .option('--sha256 <hash>', 'what the file must be', hashOption)
    .action(install);
  addEvaluationCommands(model);
}

function hashOption(text: string): string {
  if (/^[0-9a-f]{64}$/i.test(text)) return text.toLowerCase();
  throw new InvalidArgumentError('A SHA-256 has 64 hexadecimal digits.');
}

async function list({ json }: { json?: boolean }): Promise<void> {
  const { listModels, modelKey } = await classifier();
  const { modelFolders } = await choice();
  const models = (await listModels(modelFolders(readConfig(process.env)))).map((model) => ({
    name: model.name,
    key: model.card && modelKey(model.card),
    labels: model.card?.labels.length,
    installed: model.installed,
    fault: model.fault,
    folder: model.folder,
  }));
  const rows = models.map((model) => [
    model.name,
    model.key ?? '-',
    String(model.labels ?? '-'),
    model.fault ?? (model.installed ? 'yes' : 'no, only its card is here'),
  ]);
  print(json, models, table([['model', 'key', 'labels', 'installed'], ...rows]));
}

async function verify(name: string | undefined): Promise<void> {
  const { findModel, verifyModel } = await classifier();
  const { chooseModel, modelFolders } = await choice();
  const config = readConfig(process.env);
  const folder = name ? await findModel(name, modelFolders(config)) : (await chooseModel(config))?.folder;
  if (!folder) throw new Error('no model is installed: trapline model install <source>');
  const model = await verifyModel(folder);
  const images = model.card.golden?.length ?? 0;
  print(false, undefined, `${model.key} is what its card says (${plural(images, 'image')} compared).`);
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);

async function install(source: string, { sha256 }: { sha256?: string }): Promise<void> {
  const { installModel } = await classifier();
  const { OWN_MODELS } = await choice();
  const progress = progressOf(false);
  const model = await installModel(source, {
    onProgress: (bytes, total) =>
      progress.show(
        `${megabytes(bytes)} of ${total === undefined ? 'an unknown number of' : megabytes(total)} MB`,
      ),
    into: join(readConfig(process.env).dataDir, 'models'),
    registry: join(OWN_MODELS, 'registry.json'),
    knownCardsDir: OWN_MODELS,
    ...(sha256 && { sha256 }),
  });
  progress.end();
  const text = `${model.key} is installed in ${model.folder}. The service uses it from its next start on.`;
  print(false, undefined, text);
}
