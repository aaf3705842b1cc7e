import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type ModelCard, modelKey, parseCard } from './card.js';
import { checkShapes } from './check-shapes.js';
import { expectFile, identify } from './file-identity.js';
import { ModelError, reason } from './model-error.js';
import { describeOnnx } from './onnx-file.js';

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
