import 'reflect-metadata';
import { setFlagsFromString } from 'node:v8';
import { ModelError } from '../../libs/classifier/index.js';
import {
  type Config,
  ConfigError,
  describeListenError,
  readConfig,
  readEnvFile,
  VERSION,
  whenNpmEnds,
} from '../../libs/config/index.js';
import { openLog } from './log.js';
import { keepFoldersPrivate } from './private-folders.js';
import { openStation } from './station.js';

// V8 counts the buffers in which crops come towards its heap, and the heap is small: while traps send, it would mark all of
// it several times a second. It may grow to three times what is in use, some 60 MB more, before that begins.
setFlagsFromString('--heap-growing-percent=200');

const MISUSED = 2;
const HELP = `The service of Trapline. Its settings are environment variables, or stand in the file .env of this folder:
.env.example explains each. Its commands: npm run trapline -- --help
`;

let config: Config | undefined;
try {
  readArguments(process.argv.slice(2));
  readEnvFile();
  config = readConfig(process.env);
  const log = openLog(config.logLevel);
  keepFoldersPrivate(config.dataDir);
  process.on('uncaughtException', (err) => {
    log.fatal({ err }, 'something broke that nothing here can mend: the service ends');
    process.exit(1);
  });
  const station = await openStation(config, log);
  let closing = false;
  const close = (signal: string) => {
    if (closing) process.exit(1); // asked twice: at once
    closing = true;
    log.info({ signal }, 'closing: what is in flight comes to its end');
    station.close().then(
      () => process.exit(0),
      (err) => {
        log.error({ err }, 'closing failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', close);
  process.on('SIGINT', close);
  whenNpmEnds(() => close('npm has ended'));
} catch (error) {
  process.stderr.write(`${startError(error)}\n`);
  process.exit(1);
}

/** There are no options: what is given all the same would otherwise be passed over. */
function readArguments([argument]: readonly string[]): void {
  if (argument === undefined) return;
  const answer = { '--version': `${VERSION}\n`, '--help': HELP }[argument];
  if (answer) process.stdout.write(answer);
  else process.stderr.write(`error: unknown argument '${argument}': settings are environment variables\n`);
  process.exit(answer ? 0 : MISUSED);
}

/** Why the service cannot start, for the person who started it. */
function startError(error: unknown): string {
  if (error instanceof ConfigError) return `The settings are wrong:\n${error.message}`;
  if (error instanceof ModelError) return `The model cannot be used (${error.code}): ${error.message}`;
  const listening = config && describeListenError(error, config);
  if (listening) return listening;
  const { code, stack, message } = error as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EROFS' || code === 'EEXIST' || code === 'ENOTDIR')
    return `The data folder cannot be used: ${message}. Set TRAPLINE_DATA_DIR to one that can`;
  // What has a code is told by the system or the database, and says what it means; the rest is a fault of ours.
  return code ? `Trapline cannot start (${code}): ${message}` : (stack ?? String(error));
}
