import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { BackupError } from './backup-error.js';

/** A file and what its bytes must be. */
export interface Checksum {
  /** With `/`, below where the list says. */
  readonly path: string;
  readonly sha256: string;
}

const FLUSH_CHARACTERS = 64 * 1024;

/** Writes a list that `sha256sum -c` reads. */
export class ChecksumList {
  private readonly hash: Hash = createHash('sha256');
  private waiting = '';

  private constructor(private readonly handle: FileHandle) {}

  static async open(path: string): Promise<ChecksumList> {
    return new ChecksumList(await open(path, 'wx'));
  }

  async add({ path, sha256 }: Checksum): Promise<void> {
    this.waiting += `${sha256}  ${path}\n`;
    if (this.waiting.length > FLUSH_CHARACTERS) await this.flush();
  }

  /** Durable when it resolves. @returns the hash of the list itself */
  async close(): Promise<string> {
    try {
      await this.flush();
      await this.handle.sync();
    } finally {
      await this.handle.close();
    }
    return this.hash.digest('hex');
  }

  /** Without a promise of any kind. */
  async abandon(): Promise<void> {
    await this.handle.close().catch(() => {});
  }

  private async flush(): Promise<void> {
    const text = this.waiting;
    this.waiting = '';
    this.hash.update(text);
    await this.handle.appendFile(text);
  }
}

/** Reads a list line by line. @throws BackupError `damaged` where a line is none */
export async function* readChecksums(path: string): AsyncGenerator<Checksum> {
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY });
  for await (const line of lines) {
    const [, sha256, name] = /^([0-9a-f]{64}) {2}(.+)$/.exec(line) ?? [];
    if (!sha256 || !name || name.startsWith('/') || name.split('/').includes('..'))
      throw new BackupError('damaged', `${path} is damaged: "${line.slice(0, 80)}" is no checksum of a file`);
    yield { sha256, path: name };
  }
}

/** The SHA-256 of a file, as 64 hex digits. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
