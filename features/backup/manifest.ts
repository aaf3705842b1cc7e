import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { BackupError } from './backup-error.js';
import { BACKUP_FILE, MANIFEST } from './layout.js';

/** Grows when a program of today could no longer restore what is written then. */
const FORMAT = 1;

const hash = z.string().regex(/^[0-9a-f]{64}$/);

/** What a snapshot is. It is written last: a folder without it is half of a backup. */
const MANIFEST_SCHEMA = z.object({
  format: z.literal(FORMAT),
  /** Of the program. */
  version: z.string(),
  catalog: z.string(),
  startedAt: z.string(),
  finishedAt: z.string(),
  counts: z.object({
    traps: z.number(),
    runs: z.number(),
    crops: z.number(),
    /** In the backup, byte for byte. */
    pictures: z.number(),
    pictureBytes: z.number(),
    /** Should be there, and were not. */
    missing: z.number(),
  }),
  checksums: z.object({ files: hash, images: hash }),
  /** Of the file with the secrets; null where they were left out. */
  secrets: hash.nullable(),
});
export type Manifest = Readonly<z.infer<typeof MANIFEST_SCHEMA>>;
export const manifestOf = (manifest: Omit<Manifest, 'format'>): Manifest => ({ format: FORMAT, ...manifest });

const BACKUP_SCHEMA = z.object({ format: z.literal(FORMAT), catalog: z.string() });
type BackupMark = Readonly<z.infer<typeof BACKUP_SCHEMA>>;
export const backupMarkOf = (catalog: string): BackupMark => ({ format: FORMAT, catalog });

/** @throws BackupError `damaged` where it is not what it should be */
export const readManifest = (snapshot: string): Promise<Manifest | undefined> =>
  readJson(join(snapshot, MANIFEST), MANIFEST_SCHEMA);

/** Of which catalog a folder is a backup; undefined where it is none. */
export const readBackupMark = (backup: string): Promise<BackupMark | undefined> =>
  readJson(join(backup, BACKUP_FILE), BACKUP_SCHEMA);

async function readJson<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    throw new BackupError('damaged', `${path} is damaged`);
  }
  const parsed = schema.safeParse(found);
  if (parsed.success) return parsed.data;
  const { format } = found as { format?: unknown };
  if (typeof format === 'number' && format > FORMAT)
    throw new BackupError('damaged', `${path} is of a later version of Trapline: restore it with that one`);
  throw new BackupError('damaged', `${path} is damaged`);
}
