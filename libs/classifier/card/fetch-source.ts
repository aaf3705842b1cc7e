import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { ModelError, reason } from './model-error.js';
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

/** How somebody follows a fetch, and ends it. */
export interface WatchedFetch {
  /** @param total undefined where the server does not say */
  readonly onProgress?: ((bytes: number, total: number | undefined) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Brings the file of a model to `path`.
 *
 * What a registry names is kept beside the folder of `path` while it is incomplete, under the name of its hash, and is gone on
 * with the next time; whoever cancels does not want it any more.
 *
 * @param source a name in the registry, a folder, an .onnx or .tflite file, or the http(s) URL of one
 * @throws ModelError `model-missing`, `card-invalid`, `download-failed`
 */
export async function fetchSource(
  source: string,
  registry: string,
  path: string,
  watched: WatchedFetch = {},
): Promise<FetchedModel> {
  if (/^https?:\/\//.test(source)) {
    await downloadAny([source], path, watched);
    return { expected: {}, name: nameOf(new URL(source).pathname) };
  }
  const entry = (await readRegistry(registry)).find(({ name }) => name === source);
  if (entry) {
    const { sha256, gitBlob, bytes } = entry;
    const part = join(dirname(dirname(path)), `.download-${sha256 ?? gitBlob}`);
    await downloadAny([entry.url, ...(entry.mirrors ?? [])], part, watched);
    await rename(part, path);
    return { expected: { sha256, gitBlob, bytes }, cardFolder: entry.card, name: entry.name };
  }
  return takeLocal(resolve(source), path);
}

async function takeLocal(source: string, path: string): Promise<FetchedModel> {
  const found = await stat(source).catch(() => undefined);
  if (!found) {
    throw new ModelError(
      'model-missing',
      `${source} is neither in the registry nor a file or folder: give a name, a folder, an .onnx or .tflite file or its URL`,
    );
  }
  const folder = found.isDirectory() ? source : dirname(source);
  // A file beside a model.json may be any file: only a folder speaks for its card.
  const cardText = found.isDirectory()
    ? await readFile(join(source, 'model.json'), 'utf8').catch(() => undefined)
    : undefined;
  const named = cardText === undefined ? undefined : /"path"\s*:\s*"([\w.-]+)"/.exec(cardText)?.[1];
  const file = found.isDirectory() ? join(source, named ?? (await modelFileIn(source))) : source;
  await copyFile(file, path).catch(() => {
    throw new ModelError('model-missing', `there is no ${basename(file)} in ${folder}`);
  });
  const name = nameOf(source);
  return { expected: {}, beside: folder, name, ...(cardText !== undefined && { cardFolder: folder }) };
}

/** The published file goes before what somebody has converted it to, which may lack something. */
async function modelFileIn(folder: string): Promise<string> {
  const published = (await readdir(folder)).filter((name) => name.endsWith('.tflite'));
  return published.length === 1 ? (published[0] as string) : 'model.onnx';
}

const nameOf = (path: string): string => basename(path).replace(/\.(onnx|tflite)$/, '');

const MAX_BYTES = 600_000_000;
const MAX_WAIT_MS = 15 * 60_000;
/** A connection that breaks in the middle is taken up again so often, as long as bytes come. */
const MAX_RESUMES = 5;

/**
 * Fetches a file from the first of several addresses that gives it.
 *
 * @param path what stands there already is taken for the beginning of the file: only its hash says whether that is right
 * @throws ModelError `download-failed`, also above 600 MB
 */
async function downloadAny(urls: readonly string[], path: string, watched: WatchedFetch): Promise<void> {
  const errors: string[] = [];
  for (const url of urls) {
    try {
      return await download(url, path, watched);
    } catch (error) {
      if (watched.signal?.aborted) {
        await rm(path, { force: true });
        throw error;
      }
      const cause = error instanceof Error && error.cause ? ` (${reason(error.cause)})` : '';
      errors.push(`cannot fetch ${url}: ${reason(error)}${cause}`);
    }
  }
  const advice = 'Fetch the file by other means and install it from its path.';
  throw new ModelError('download-failed', `${errors.join('; ')}. ${advice}`);
}

async function download(url: string, path: string, watched: WatchedFetch): Promise<void> {
  const limit = AbortSignal.timeout(MAX_WAIT_MS);
  const signal = watched.signal ? AbortSignal.any([limit, watched.signal]) : limit;
  for (let resumes = 0; ; resumes++) {
    const before = await sizeOf(path);
    try {
      return await downloadOnce(url, path, before, { ...watched, signal });
    } catch (error) {
      const isBroken = error instanceof BrokenDownloadError && (await sizeOf(path)) > before;
      if (!isBroken || resumes === MAX_RESUMES || signal.aborted) throw error;
    }
  }
}

/** The connection ended before the file did. */
class BrokenDownloadError extends Error {}

async function downloadOnce(
  url: string,
  path: string,
  before: number,
  { onProgress, signal }: WatchedFetch,
): Promise<void> {
  const headers: Record<string, string> = before ? { range: `bytes=${before}-` } : {};
  const response = await fetch(url, { signal: signal ?? null, headers });
  if (url.startsWith('https:') && !response.url.startsWith('https:'))
    throw new Error('sent on to an unsafe address');
  const range = /^bytes (\d+)-\d+\/(\d+)$/.exec(response.headers.get('content-range') ?? '');
  // Nothing is left to fetch, or the server has another file: the hash will tell.
  if (response.status === 416 && before) return void (await response.body?.cancel());
  if (!response.ok || !response.body) throw new Error(`the server answered ${response.status}`);
  const isRest = response.status === 206 && Number(range?.[1]) === before;
  if (response.status === 206 && !isRest) throw new Error('the server sent another part of the file');
  const length = Number(response.headers.get('content-length')) || undefined;
  const total = isRest ? Number(range?.[2]) : length;
  if (total !== undefined && total > MAX_BYTES) throw tooLarge();
  const file = await open(path, isRest ? 'a' : 'w', 0o600);
  try {
    let bytes = isRest ? before : 0;
    onProgress?.(bytes, total);
    try {
      for await (const chunk of response.body) {
        bytes += chunk.length;
        if (bytes > MAX_BYTES) throw tooLarge();
        await file.writeFile(chunk);
        onProgress?.(bytes, total);
      }
    } catch (error) {
      if (signal?.aborted || bytes > MAX_BYTES) throw error;
      throw new BrokenDownloadError(reason(error), { cause: error });
    }
    await file.sync();
  } finally {
    await file.close();
  }
}

const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );

function tooLarge(): Error {
  return new Error(`more than ${MAX_BYTES / 1e6} MB`);
}

/** The names by which the very same bytes are known. */
export interface FileIdentity {
  readonly bytes: number;
  readonly sha256: string;
  /** git's name for the content: sha1 of `blob <bytes>\0` and the bytes */
  readonly gitBlob: string;
}

/** Reads a file once and gives its size and hashes. */
export async function identify(path: string): Promise<FileIdentity> {
  const { size } = await stat(path);
  const sha256 = createHash('sha256');
  const gitBlob = createHash('sha1').update(`blob ${size}\0`);
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    sha256.update(chunk as Buffer);
    gitBlob.update(chunk as Buffer);
  }
  return { bytes: size, sha256: sha256.digest('hex'), gitBlob: gitBlob.digest('hex') };
}

/** Whether the file is the one that is named; names that are not given are not held against it. */
export function isSameFile(file: FileIdentity, named: Partial<FileIdentity>): boolean {
  return (
    (named.bytes === undefined || named.bytes === file.bytes) &&
    (named.sha256 === undefined || named.sha256 === file.sha256) &&
    (named.gitBlob === undefined || named.gitBlob === file.gitBlob)
  );
}

/** @throws ModelError `hash-mismatch`, with what was expected and what is there */
export function expectFile(file: FileIdentity, named: Partial<FileIdentity>, where: string): void {
  if (isSameFile(file, named)) return;
  const expected = Object.entries(named).filter(([, value]) => value !== undefined);
  const show = (of: Partial<FileIdentity>): string =>
    expected.map(([name]) => `${name} ${of[name as keyof FileIdentity]}`).join(', ');
  throw new ModelError(
    'hash-mismatch',
    `${where} is not the expected file: expected ${show(named)}, found ${show(file)}. Fetch it again.`,
  );
}
