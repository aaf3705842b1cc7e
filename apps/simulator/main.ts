import { CommanderError } from 'commander';
import { readEnvFile, whenNpmEnds } from '../../libs/config/index.js';
import { readOptions } from './options.js';
import { simulate } from './simulate.js';
import { targetOf } from './target.js';

const FAILED = 1;
const MISUSED = 2;

const stop = new AbortController();
/** The first time it ends what it is at and compares; the second time at once. */
const end = () => {
  if (stop.signal.aborted) process.exit(FAILED);
  stop.abort();
};

try {
  readEnvFile();
  const options = readOptions(process.argv.slice(2));
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
  // Whoever forked it is gone, and the service with it.
  process.once('disconnect', () => process.exit(FAILED));
  whenNpmEnds(end);
  const isSame = await simulate(options, targetOf(options, process.env), stop.signal);
  process.exit(isSame ? 0 : FAILED);
} catch (error) {
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : MISUSED);
  process.stderr.write(`error: ${lineOf(error)}\n`);
  process.exit(FAILED);
}

/** What went wrong, in one line; a refused connection has a code and no words. */
function lineOf(error: unknown): string {
  const { message, code } = error as { message?: string; code?: string };
  return (message || code || String(error)).split('\n').join('; ');
}
