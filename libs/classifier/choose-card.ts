import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ModelCard, parseCard } from './card.js';
import { draftHuggingFaceCard } from './card-from-hugging-face.js';
import { draftYoloCard } from './card-from-yolo.js';
import { slug } from './derive-label.js';
import type { FetchedModel } from './fetch-source.js';
import { type FileIdentity, isSameFile } from './file-identity.js';
import { ModelError } from './model-error.js';
import { listModels } from './model-folders.js';
import { readCard } from './model-package.js';
import { describeOnnx } from './onnx-file.js';

/**
 * Finds the card of a model file: the one that came with it, else one we know for these very bytes, else one
 * drafted from what the exporter noted in the file or beside it. Golden images are copied beside the file.
 *
 * @param path the model file; `folder` the folder it will be installed from
 * @throws ModelError `card-unknown`, `card-invalid`
 */
export async function chooseCard(
  path: string,
  identity: FileIdentity,
  fetched: FetchedModel,
  folder: string,
  knownCardsDir: string,
): Promise<ModelCard> {
  const from = fetched.cardFolder ?? (await knownCardFolder(identity, knownCardsDir));
  if (from) {
    const card = await readCard(from);
    for (const { image } of card.golden ?? []) await copyFile(join(from, image), join(folder, image));
    return card;
  }
  const description = await describeOnnx(path);
  const config = await besideJson(fetched, 'config.json');
  const preprocessor = await besideJson(fetched, 'preprocessor_config.json');
  // Models of timm have all of it in config.json.
  const isTimm = typeof config === 'object' && config !== null && 'pretrained_cfg' in config;
  const draft =
    config && (preprocessor || isTimm)
      ? draftHuggingFaceCard(description, config, preprocessor)
      : draftYoloCard(description);
  if (!draft) {
    throw new ModelError(
      'card-unknown',
      'no card is known for this file, and its exporter left no class names in it: put it into a folder as ' +
        'model.onnx, write a model.json beside it (see models/README.md), and install the folder',
    );
  }
  const id = slug(fetched.name).slice(0, 40) || 'model';
  return parseCard({
    ...draft,
    id,
    version: identity.sha256.slice(0, 8),
    file: { path: 'model.onnx', ...identity },
  });
}

async function knownCardFolder(identity: FileIdentity, dir: string): Promise<string | undefined> {
  const known = await listModels([dir]);
  return known.find(({ card }) => {
    return card && isSameFile(identity, { sha256: card.file.sha256, gitBlob: card.file.gitBlob });
  })?.folder;
}

async function besideJson({ beside }: FetchedModel, name: string): Promise<unknown> {
  if (!beside) return undefined;
  const text = await readFile(join(beside, name), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new ModelError('card-invalid', `${join(beside, name)} is not JSON`);
  }
}
