import { access, readdir, readFile } from 'node:fs/promises';
import { basename, isAbsolute, join, resolve } from 'node:path';
import { describeOnnx } from '../optimise/graph.js';
import { type ModelCard, modelKey, parseCard } from './card.js';
import { checkShapes } from './check-shapes.js';
import { expectFile, identify } from './fetch-source.js';
import { ModelError, reason } from './model-error.js';

/** A folder with a card, as `listModels` finds it; nothing but the card has been read. */
interface ListedModel {
  /** the folder's name, by which `findModel` finds it */
  readonly name: string;
  readonly folder: string;
  /** missing where the card is wrong: `fault` says why */
  readonly card?: ModelCard;
  readonly fault?: string;
  /** whether the model file is there, too; otherwise only its card is known */
  readonly installed: boolean;
}

/**
 * The models of some folders, by name; of two with the same name the one whose file is there, else the first.
 *
 * @param folders e.g. the program's models/ and the data folder's; those that do not exist are passed over
 */
export async function listModels(folders: readonly string[]): Promise<ListedModel[]> {
  const found = new Map<string, ListedModel>();
  for (const folder of folders) {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      // A leading dot: an installation under way, or what was left of one.
      if (entry.name.startsWith('.') || !(await exists(join(folder, entry.name, 'model.json')))) continue;
      const model = await look(resolve(folder, entry.name));
      if (!found.has(model.name) || (model.installed && !found.get(model.name)?.installed)) {
        found.set(model.name, model);
      }
    }
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * The folder of a model, for `openModel`.
 *
 * @param nameOrPath the name of a folder in one of `folders`, or a path (with a separator in it)
 * @throws ModelError `model-missing`, naming the models that there are
 */
export async function findModel(nameOrPath: string, folders: readonly string[]): Promise<string> {
  if (isAbsolute(nameOrPath) || basename(nameOrPath) !== nameOrPath || nameOrPath.startsWith('.')) {
    return resolve(nameOrPath);
  }
  const models = await listModels(folders);
  const model = models.find(({ name }) => name === nameOrPath);
  if (model) return model.folder;
  const names = models.filter(({ installed }) => installed).map(({ name }) => name);
  throw new ModelError(
    'model-missing',
    `there is no model "${nameOrPath}". Installed: ${names.join(', ') || 'none'}. ` +
      'Install one with: npm run trapline -- model install <name, folder, file or URL>',
  );
}

async function look(folder: string): Promise<ListedModel> {
  const name = basename(folder);
  try {
    const card = await readCard(folder);
    return { name, folder, card, installed: await exists(join(folder, card.file.path)) };
  } catch (error) {
    return { name, folder, fault: reason(error), installed: false };
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** A model that is there and has been checked: its card, and the file that belongs to it. */
export interface ModelPackage {
  readonly card: ModelCard;
  /** absolute */
  readonly folder: string;
  /** absolute path of the .onnx file */
  readonly modelPath: string;
  /** `<id>-<version>`, the name in rows and tags */
  readonly key: string;
}

/**
 * Opens a model package: reads the card and holds the file's hash, names, shapes and number of labels against it.
 * The model is not run; `verifyModel` and the children do that.
 *
 * @param folder holds model.json and the file it names
 * @throws ModelError `model-missing`, `card-invalid`, `hash-mismatch`, `load-failed`, `shape-mismatch`
 */
export async function openModel(folder: string): Promise<ModelPackage> {
  const path = resolve(folder);
  const card = await readCard(path);
  const modelPath = join(path, card.file.path);
  const identity = await identify(modelPath).catch((error: unknown) => {
    const advice = `install it with: npm run trapline -- model install <name, folder, file or URL>`;
    throw new ModelError('model-missing', `${modelPath} cannot be read (${reason(error)}): ${advice}`);
  });
  const { sha256, gitBlob, bytes } = card.file;
  expectFile(identity, { sha256, gitBlob, bytes }, modelPath);
  checkShapes(card, await describeOnnx(modelPath));
  return { card, folder: path, modelPath, key: modelKey(card) };
}

/** Reads the card of a folder. @throws ModelError `model-missing`, `card-invalid` */
export async function readCard(folder: string): Promise<ModelCard> {
  const path = join(folder, 'model.json');
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new ModelError('model-missing', `there is no model package at ${folder} (${reason(error)})`);
  });
  try {
    return parseCard(JSON.parse(text), path);
  } catch (error) {
    if (error instanceof ModelError) throw error;
    throw new ModelError('card-invalid', `${path} is not JSON: ${reason(error)}`);
  }
}
