import { copyFile, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { download } from './download.js';
import type { FileIdentity } from './file-identity.js';
import { ModelError } from './model-error.js';
import { readRegistry } from './registry.js';

/** A model file that was brought here, and what came with it. */
export interface FetchedModel {
  /** what the file must be, as far as whoever named it knows */
  readonly expected: Partial<FileIdentity>;
  /** a folder with a model.json for it, and with what the card refers to */
  readonly cardFolder?: string;
  /** the folder in which the file lay, where files of its exporter may lie beside it */
  readonly beside?: string;
  /** a name for a model without a card */
  readonly name: string;
}

/**
 * Brings the file of a model to `path`.
 *
 * @param source a name in the registry, a folder, an .onnx file, or the http(s) URL of one
 * @throws ModelError `model-missing`, `card-invalid`, `download-failed`
 */
export async function fetchSource(source: string, registry: string, path: string): Promise<FetchedModel> {
  if (/^https?:\/\//.test(source)) {
    await download(source, path);
    return { expected: {}, name: basename(new URL(source).pathname, '.onnx') };
  }
  const entry = (await readRegistry(registry)).find(({ name }) => name === source);
  if (entry) {
    await download(entry.url, path);
    const { sha256, gitBlob, bytes } = entry;
    return { expected: { sha256, gitBlob, bytes }, cardFolder: entry.card, name: entry.name };
  }
  return takeLocal(resolve(source), path);
}

async function takeLocal(source: string, path: string): Promise<FetchedModel> {
  const found = await stat(source).catch(() => undefined);
  if (!found) {
    throw new ModelError(
      'model-missing',
      `${source} is neither in the registry nor a file or folder: give a name, a folder, an .onnx file or its URL`,
    );
  }
  const folder = found.isDirectory() ? source : dirname(source);
  // A file beside a model.json may be any file: only a folder speaks for its card.
  const cardText = found.isDirectory()
    ? await readFile(join(source, 'model.json'), 'utf8').catch(() => undefined)
    : undefined;
  const named = cardText === undefined ? undefined : /"path"\s*:\s*"([\w.-]+)"/.exec(cardText)?.[1];
  const file = found.isDirectory() ? join(source, named ?? 'model.onnx') : source;
  await copyFile(file, path).catch(() => {
    throw new ModelError('model-missing', `there is no ${basename(file)} in ${folder}`);
  });
  const name = basename(source, '.onnx');
  return { expected: {}, beside: folder, name, ...(cardText !== undefined && { cardFolder: folder }) };
}
