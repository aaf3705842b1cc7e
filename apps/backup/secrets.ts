import { z } from 'zod';
import type { SecretRows } from '../../libs/catalog/index.js';
import { BackupError } from './backup-error.js';

const SECRETS_SCHEMA = z.object({
  tables: z.record(z.string(), z.array(z.record(z.string(), z.unknown()))),
  /** Names in the data folder → bytes as base64. */
  files: z.record(z.string().regex(/^[\w][\w.-]*$/), z.base64()),
});

export interface Secrets {
  readonly tables: SecretRows;
  readonly files: ReadonlyMap<string, Buffer>;
}

/** Everything secret in one file, so that it can be kept elsewhere than the rest. */
export function secretsText(tables: SecretRows, files: ReadonlyMap<string, Buffer>): string {
  const texts = [...files].map(([name, bytes]) => [name, bytes.toString('base64')]);
  return `${JSON.stringify({ tables, files: Object.fromEntries(texts) })}\n`;
}

/** @throws BackupError `damaged` */
export function readSecrets(text: string): Secrets {
  try {
    const { tables, files } = SECRETS_SCHEMA.parse(JSON.parse(text));
    const bytes = Object.entries(files).map(
      ([name, base64]) => [name, Buffer.from(base64, 'base64')] as const,
    );
    return { tables, files: new Map(bytes) };
  } catch {
    throw new BackupError('damaged', 'the file with the secrets is damaged');
  }
}
