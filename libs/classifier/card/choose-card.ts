import { copyFile, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CONVERTED_INPUT, CONVERTED_OUTPUT, type ConvertedModel } from '../convert/tflite-to-onnx.js';
import { describeOnnx } from '../optimise/graph.js';
import { type ModelCard, parseCard } from './card.js';
import { draftHuggingFaceCard } from './card-from-hugging-face.js';
import { draftYoloCard } from './card-from-yolo.js';
import { deriveLabels, slug } from './derive-label.js';
import { type FetchedModel, type FileIdentity, isSameFile } from './fetch-source.js';
import { ModelError } from './model-error.js';
import { listModels, readCard } from './model-folders.js';

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
  fetched: FetchedModel & { readonly converted?: ConvertedModel | undefined },
  folder: string,
  knownCardsDir: string,
): Promise<ModelCard> {
  const from = fetched.cardFolder ?? (await knownCardFolder(identity, knownCardsDir));
  if (from) {
    const card = await readCard(from);
    for (const { image } of card.golden ?? []) await copyFile(join(from, image), join(folder, image));
    return card;
  }
  if (fetched.converted) return draftTfliteCard(fetched.converted, identity, fetched);
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

/**
 * A card for a converted file, where the names of its labels lie beside it, one a line, as is usual for TensorFlow Lite.
 * A quantised input says itself what its numbers mean; one of float32 does not.
 */
async function draftTfliteCard(
  { input, output }: ConvertedModel,
  identity: FileIdentity,
  { beside, name }: FetchedModel,
): Promise<ModelCard> {
  const names = input.dtype === 'uint8' ? await labelNames(beside, name) : undefined;
  if (names?.length !== output.labels)
    throw new ModelError(
      'card-unknown',
      `no card is known for this file${names ? `, and its labels are ${names.length} names for ${output.labels} numbers` : ''}: ` +
        'put it into a folder, with the names of its labels beside it in labels.txt, one a line, or with a model.json ' +
        '(see models/README.md), and install the folder',
    );
  return parseCard({
    schema: 1,
    id: slug(name).slice(0, 40) || 'model',
    version: identity.sha256.slice(0, 8),
    file: { path: 'model.tflite', sha256: identity.sha256, bytes: identity.bytes },
    input: { name: CONVERTED_INPUT, layout: 'NHWC', color: 'RGB', batch: 'dynamic', ...input },
    preprocess: { geometry: 'stretch', resample: 'cv2-linear', rescale: 1, mean: [0, 0, 0], std: [1, 1, 1] },
    output: { name: CONVERTED_OUTPUT, kind: output.kind },
    labels: deriveLabels(names),
    licence: 'not stated',
    citation: 'not stated',
    source: `${name}, TensorFlow Lite`,
  });
}

async function labelNames(folder: string | undefined, model: string): Promise<string[] | undefined> {
  if (!folder) return undefined;
  const files = await readdir(folder);
  const file = [`${model}_labels.txt`, `${model}.txt`, 'labels.txt'].find((each) => files.includes(each));
  const text = file && (await readFile(join(folder, file), 'utf8'));
  // Some lists number their lines.
  return text
    ?.trimEnd()
    .split(/\r?\n/)
    .map((line) => line.replace(/^\d+[\s:]+(?=\S)/, '').trim());
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

/**
 * Holds `output.kind` against what the model really gives. A softmax applied twice is the classic fault: every
 * probability comes out nearly alike, and nothing else tells.
 *
 * @param rows the raw numbers of several different images
 * @throws ModelError `card-invalid`
 */
export function checkOutputKind({ output }: ModelCard, rows: readonly Float32Array[]): void {
  const scale = output.scale ?? 1;
  const inRange = rows.every((row) => row.every((value) => value * scale > -0.01 && value * scale < 1.01));
  if (output.kind === 'logits') {
    const sumsToOne = rows.every((row) => Math.abs(row.reduce((sum, value) => sum + value, 0) - 1) < 0.01);
    if (!inRange || !sumsToOne || rows.length === 0) return;
    const message = 'output.kind is "logits", but every output sums to 1: write "probabilities"';
    throw new ModelError('card-invalid', message);
  }
  if (inRange) return;
  const right = output.kind === 'quantised' ? 'another output.scale' : 'output.kind "logits"';
  throw new ModelError('card-invalid', `outputs are not within 0 and 1, so no probabilities: write ${right}`);
}
