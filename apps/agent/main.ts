import { CommanderError } from 'commander';
import { runAgent } from './run-agent.js';
import { readOptions, readSettings } from './settings.js';

const FAILED = 1;
const MISUSED = 2;
/** All that could be read is published, and something could not be read. */
const UNREAD = 3;
const STATUS = { published: 0, left: FAILED, unread: UNREAD } as const;

const stop = new AbortController();
/** The first time it ends what is acknowledged; the second time at once. */
const end = () => {
  if (stop.signal.aborted) process.exit(FAILED);
  stop.abort();
};

try {
  const options = readOptions(process.argv.slice(2));
  const settings = readSettings(options.config, process.env);
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
  process.exit(STATUS[await runAgent(options, settings, stop)]);
} catch (error) {
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : MISUSED);
  const { code, message } = error as { code?: string; message?: string };
  process.stderr.write(`error: ${message || code || String(error)}\n`);
  process.exit(code === 'settings-invalid' ? MISUSED : FAILED);
}
