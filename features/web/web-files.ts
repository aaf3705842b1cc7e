import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

/** One file of the pages, ready to be sent. */
export interface WebFile {
  readonly bytes: Buffer;
  /** Undefined where compressing gains nothing. */
  readonly gzipped: Buffer | undefined;
  readonly mediaType: string;
  readonly etag: string;
  /** Its name contains a hash of its bytes: it never changes. */
  readonly isHashed: boolean;
}

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};
const IS_TEXT = /^text\/|json|xml/;
/** As esbuild names them: `main-3F2A9C1B.js`. */
const HASHED = /[-.][A-Za-z0-9_]{8,}\.\w+$/;
const packed = promisify(gzip);

export const INDEX = '/index.html';

/**
 * Reads the built pages into memory: they are small, and a path that is not in this list leads nowhere, whatever it
 * contains.
 *
 * @returns files by their path, such as `/assets/main-3F2A9C1B.js`; empty where the pages are not built
 */
export async function readWebFiles(folder: string): Promise<ReadonlyMap<string, WebFile>> {
  if (!existsSync(join(folder, INDEX))) return new Map();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && MEDIA_TYPES[extname(entry.name)] !== undefined)
    .map((entry) => join(entry.parentPath, entry.name));
  const read = await Promise.all(
    files.map(async (file) => {
      const path = file.slice(join(folder, sep).length).split(sep).join('/');
      return [`/${path}`, await webFile(file)] as const;
    }),
  );
  return new Map(read);
}

async function webFile(file: string): Promise<WebFile> {
  const bytes = await readFile(file);
  const mediaType = MEDIA_TYPES[extname(file)] as string;
  const gzipped = IS_TEXT.test(mediaType) ? await packed(bytes, { level: 9 }) : undefined;
  const hash = createHash('sha256').update(bytes).digest('base64url').slice(0, 22);
  return {
    bytes,
    gzipped: gzipped && gzipped.length < bytes.length ? gzipped : undefined,
    mediaType,
    etag: `"${hash}"`,
    isHashed: HASHED.test(file),
  };
}
