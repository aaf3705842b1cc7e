import { createSecretKey, hkdfSync, type KeyObject, randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

export const SERVICE_KEY_FILE = 'service.key';
const BYTES = 32;
/** As it is written: 32 bytes in base64url. */
const WRITTEN = /^[\w-]{43}$/;

/**
 * What the service signs logins and links with. Made once and kept in the data folder, readable by its owner only, and
 * not in the catalog: who gets hold of a copy of the database can sign nothing with it.
 */
export class ServiceKeys {
  private constructor(private readonly secret: Buffer) {}

  /**
   * Reads the secret of this data folder, or makes it. Whoever removes the file ends all logins and links.
   *
   * @throws Error where the file is not one of ours
   */
  static async open(dataDir: string): Promise<ServiceKeys> {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    const file = join(dataDir, SERVICE_KEY_FILE);
    const secret = secretIn((await readIfThere(file)) ?? (await make(file)));
    if (!secret)
      throw new Error(`${file} does not hold a key: remove it, and all logins and signed links end`);
    return new ServiceKeys(secret);
  }

  /** A key for one purpose: what is signed for one is worth nothing for another. */
  for(purpose: 'logins' | 'links' | 'cookies'): KeyObject {
    const key = hkdfSync('sha256', this.secret, '', `trapline ${purpose}`, BYTES);
    return createSecretKey(Buffer.from(key));
  }
}

/** The secret in a file of ours; undefined where there is none, or one that everybody could guess. */
export function secretIn(text: string): Buffer | undefined {
  const written = text.trim();
  const secret = Buffer.from(written, 'base64url');
  // Zeros are what a power cut leaves behind: anybody could sign with them.
  return WRITTEN.test(written) && secret.length === BYTES && new Set(secret).size > 1 ? secret : undefined;
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whole or not at all, and the first one stays: another process may start at the same time. */
async function make(file: string): Promise<string> {
  const temporary = `${file}.${randomUUID()}`;
  const handle = await open(temporary, 'wx', 0o600);
  try {
    await handle.writeFile(`${randomBytes(BYTES).toString('base64url')}\n`);
    await handle.sync();
    await handle.close();
    await link(temporary, file).catch((error: NodeJS.ErrnoException) => {
      // Some network folders have no links.
      if (error.code !== 'EEXIST') return rename(temporary, file);
    });
    return await readFile(file, 'utf8');
  } finally {
    await rm(temporary, { force: true });
  }
}
