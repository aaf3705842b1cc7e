import { open } from 'node:fs/promises';
import { ModelError, reason } from './model-error.js';

const MAX_BYTES = 600_000_000;
const MAX_WAIT_MS = 15 * 60_000;

/**
 * Fetches a file over http or https.
 *
 * @param path is written; what stands in it after an error is worthless
 * @throws ModelError `download-failed`, also above 600 MB
 */
export async function download(url: string, path: string): Promise<void> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(MAX_WAIT_MS) });
    if (!response.ok || !response.body) throw new Error(`the server answered ${response.status}`);
    if (url.startsWith('https:') && !response.url.startsWith('https:'))
      throw new Error('sent on to an unsafe address');
    if (Number(response.headers.get('content-length')) > MAX_BYTES) throw tooLarge();
    const file = await open(path, 'wx');
    try {
      let bytes = 0;
      for await (const chunk of response.body) {
        bytes += chunk.length;
        if (bytes > MAX_BYTES) throw tooLarge();
        await file.writeFile(chunk);
      }
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    const cause = error instanceof Error && error.cause ? ` (${reason(error.cause)})` : '';
    const advice = 'Fetch the file by other means and install it from its path.';
    throw new ModelError('download-failed', `cannot fetch ${url}: ${reason(error)}${cause}. ${advice}`, {
      cause: error,
    });
  }
}

function tooLarge(): Error {
  return new Error(`more than ${MAX_BYTES / 1e6} MB`);
}
