import { existsSync } from 'node:fs';
import { ConfigError } from './config.js';

const FILE = '.env';

/**
 * Settings from `.env` in the working folder, where there is one; a variable that is set already stays.
 *
 * @throws ConfigError where it cannot be read
 */
export function readEnvFile(): void {
  if (!existsSync(FILE)) return;
  try {
    process.loadEnvFile(FILE);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConfigError(`${FILE} in this folder must be a file that this user may read (${code})`);
  }
}
