import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isTflite } from '../convert/tflite-file.js';
import { type ConvertedModel, tfliteToOnnx } from '../convert/tflite-to-onnx.js';
import { chooseCard } from './choose-card.js';
import { expectFile, type FileIdentity, fetchSource, identify, type WatchedFetch } from './fetch-source.js';
import { ModelError } from './model-error.js';
import { type ModelPackage, openModel, readCard } from './model-folders.js';
import { verifyModel } from './verify-model.js';

interface InstallOptions extends WatchedFetch {
  /** the folder of installed models, e.g. the data folder's models/; made if need be */
  readonly into: string;
  /** path of registry.json */
  readonly registry: string;
  /** folder of the cards that we know, models/ of this program */
  readonly knownCardsDir: string;
  /** of the file, 64 hex digits; needed for a plain http URL */
  readonly sha256?: string;
  /** see `PoolOptions` */
  readonly childFile?: URL;
}

/**
 * Installs a model as `<into>/<id of its card>`: fetches the file, finds its card, checks hash, names, shapes and
 * golden answers by running it, converts it where it is one of TensorFlow Lite, and only then moves it to its place. If anything fails, nothing has changed.
 *
 * @param source a name in the registry, a folder (model.onnx or one .tflite, with model.json or known by its hash), an
 *   .onnx or .tflite file, or an http(s) URL of one
 * @throws ModelError
 */
export async function installModel(source: string, options: InstallOptions): Promise<ModelPackage> {
  const into = resolve(options.into);
  await mkdir(into, { recursive: true });
  // In the same folder, so that the last step is a rename.
  const staging = await mkdtemp(join(into, '.install-'));
  try {
    const path = join(staging, 'model.onnx');
    const fetched = await fetchSource(source, options.registry, path, options);
    const identity = await identify(path);
    expectFile(
      identity,
      { ...fetched.expected, ...sha256Named(source, options.sha256, fetched.expected) },
      source,
    );
    const converted = await convertIfNeeded(path);
    const card = await chooseCard(path, identity, { ...fetched, converted }, staging, options.knownCardsDir);
    const { sha256, gitBlob, bytes, path: published } = card.file;
    expectFile(identity, { sha256, gitBlob, bytes }, source);
    const installed = converted ? await identify(path) : identity;
    const file = { path: 'model.onnx', sha256: installed.sha256, bytes: installed.bytes };
    const convertedFrom = converted && { path: published, sha256: identity.sha256, bytes: identity.bytes };
    const text = JSON.stringify({ ...card, file, ...(convertedFrom && { convertedFrom }) }, null, 2);
    await writeFile(join(staging, 'model.json'), `${text}\n`);
    options.signal?.throwIfAborted();
    await verifyModel(staging, options.childFile ? { childFile: options.childFile } : {});
    await moveIntoPlace(staging, join(into, card.id), installed);
    return await openModel(join(into, card.id));
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** @returns what it was, where the file is one of TensorFlow Lite: it is an ONNX model then */
async function convertIfNeeded(path: string): Promise<ConvertedModel | undefined> {
  const bytes = await readFile(path);
  if (!isTflite(bytes)) return undefined;
  const converted = tfliteToOnnx(bytes);
  await rm(path); // a copy of a file that may only be read may not be written, either
  await writeFile(path, converted.bytes);
  return converted;
}

// Over plain http anybody on the way can change the file, and the card would be drafted from what they sent.
function sha256Named(
  source: string,
  sha256: string | undefined,
  expected: Partial<FileIdentity>,
): { sha256?: string } {
  if (sha256) return { sha256: sha256.toLowerCase() };
  const isLocal = /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])[:/]/.test(source);
  if (!source.startsWith('http:') || isLocal || expected.sha256 || expected.gitBlob) return {};
  throw new ModelError('hash-mismatch', `${source} is not https: name the file's sha256, too`);
}

async function moveIntoPlace(staging: string, target: string, identity: FileIdentity): Promise<void> {
  const old = await readCard(target).catch(() => undefined);
  if (!old && existsSync(target))
    throw new ModelError(
      'already-installed',
      `${target} holds something else than a model, which would be lost: move it away first`,
    );
  const next = await readCard(staging);
  if (old && old.version === next.version && old.file.sha256 !== identity.sha256) {
    throw new ModelError(
      'already-installed',
      `${target} holds another model of the same version ${old.version}: give the new card another version`,
    );
  }
  const aside = `${staging}-old`;
  const hadOld = await rename(target, aside).then(
    () => true,
    () => false,
  );
  try {
    await rename(staging, target);
  } catch (error) {
    if (hadOld) await rename(aside, target);
    throw error;
  }
  await rm(aside, { recursive: true, force: true });
}
