import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { ModelError } from './model-error.js';

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
