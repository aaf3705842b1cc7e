import { existsSync } from 'node:fs';

const FILE = '.env';

/** Settings from `.env` in the working folder, where there is one; a variable that is set already stays. */
export function readEnvFile(): void {
  if (existsSync(FILE)) process.loadEnvFile(FILE);
}
