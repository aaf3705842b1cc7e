import { Models } from '../../features/models/index.js';
import 'reflect-metadata';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import { pino } from 'pino';
import { NEVER_LOGGED } from '../../features/accounts/index.js';
import { findModel, openModel } from '../../libs/classifier/index.js';
import { ConfigError, describeListenError, readConfig } from '../../libs/config/index.js';
import { Catalog, whenAvailable } from '../../libs/database/index.js';
import { ApiModule } from './api.module.js';

/**
 * The API alone, beside an ingest that works on the same catalog and images. It says nothing of broker and
 * classifier, takes nothing that traps send, and knows the model that `TRAPLINE_MODEL` names.
 */
const config = settings();
const log = pino({ level: config.logLevel, redact: NEVER_LOGGED });
const catalog = await whenAvailable(
  () => Catalog.open(config),
  (err, attempt, pauseMs) =>
    log.error({ err, attempt, pauseMs }, 'the database cannot be used (DATABASE_URL): tried again'),
);
const modelFolders = [join(config.dataDir, 'models'), 'models'];
const model = config.model ? await openModel(await findModel(config.model, modelFolders)) : undefined;
const module = ApiModule.forRoot({ config, log, catalog, models: new Models(model, modelFolders) });
const app = await NestFactory.create(module, {
  logger: ['error', 'warn'],
  bodyParser: false, // the API has its own
  forceCloseConnections: true,
});
await app
  .listen(config.httpPort, config.host)
  .catch((error) => end(describeListenError(error, config), error));
log.info({ host: config.host, port: config.httpPort }, 'the API answers');
for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.once(signal, () => void app.close().then(() => catalog.close()));

function settings() {
  try {
    return readConfig(process.env);
  } catch (error) {
    return end(error instanceof ConfigError ? `The settings are wrong:\n${error.message}` : undefined, error);
  }
}

function end(why: string | undefined, error: unknown): never {
  if (why === undefined) throw error;
  process.stderr.write(`${why}\n`);
  process.exit(1);
}
