import type { Server } from 'node:http';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Logger } from 'pino';
import { ActivityWatch } from '../../features/activity/index.js';
import { finishRestore } from '../../features/backup/index.js';
import { MESSAGE_SOURCE } from '../../features/broker/index.js';
import { Ingest } from '../../features/ingest/index.js';
import { Models } from '../../features/models/index.js';
import { stopQueueing } from '../../features/outbox/index.js';
import { RetentionJob } from '../../features/retention/index.js';
import { brokerAddress } from '../../features/traps/index.js';
import { type Config, VERSION } from '../../libs/config/index.js';
import { type FolderHold, serveFolder, shareFolder } from '../../libs/data-dir/index.js';
import { Catalog, whenAvailable } from '../../libs/database/index.js';
import { EmbeddedBroker, TrapTransport } from '../../libs/mqtt/index.js';
import { adoptNames, prepareFolders } from '../../libs/store/index.js';
import { chooseModel, modelFolders } from './choose-model.js';
import { firstPage, firstSecrets, welcome } from './first-start.js';
import { nestLog } from './log.js';
import { StationModule } from './station.module.js';

const LONGEST_REQUEST_MS = 30 * 60_000;

/** A running service. */
interface Station {
  /** Judges the activity of all traps now, and not only within five minutes. */
  checkActivity(): Promise<void>;
  /** Takes nothing new, brings to an end what is in flight, and closes everything. */
  close(): Promise<void>;
}

/**
 * Opens catalog, model, broker and API, in this order: whatever is wrong stops the start before a message is taken.
 *
 * @throws ModelError, or what the database and the ports say
 */
export async function openStation(config: Config, log: Logger): Promise<Station> {
  await finishRestore(config.dataDir);
  const holds = holdFolder(config);
  const model = await chooseModel(config);
  const renamed = await adoptNames(config.dataDir);
  if (renamed) log.info({ renamed }, 'pictures of an earlier version have names that every disk takes now');
  const catalog = config.databaseUrl
    ? await untilThere(() => Catalog.open(config), log)
    : await Catalog.open(config);
  try {
    await prepareFolders(config.dataDir);
    if (!config.influx) await untilThere(() => stopQueueing(catalog.db, Date.now()), log);
    const models = new Models(model, modelFolders(config));
    const module = StationModule.forRoot({ config, log, catalog, models });
    const app = await NestFactory.create<NestExpressApplication>(module, {
      logger: nestLog(log),
      abortOnError: false,
      bodyParser: false, // the API has its own
      forceCloseConnections: true,
    });
    // A whole run over a slow line may take longer than the five minutes that Node allows.
    (app.getHttpServer() as Server).requestTimeout = LONGEST_REQUEST_MS;
    app.connectMicroservice({ strategy: app.get(TrapTransport) });
    await app.init(); // the ingest is ready before the first message
    await app.startAllMicroservices();
    await app.listen(config.httpPort, config.host);
    await untilThere(() => app.get(Ingest).begin(), log);
    app.get(RetentionJob).start();
    // Only now: secrets that nobody gets to see because a port was taken would be lost.
    const secrets = await untilThere(() => firstSecrets(catalog), log);
    const http = (await app.getUrl()).replace(/\/\/\[::1?\]/, '//localhost');
    const source = app.get(MESSAGE_SOURCE);
    const mqttPort = source instanceof EmbeddedBroker ? source.ports?.tcp : undefined;
    log.info(
      {
        version: VERSION,
        http,
        mqtt: mqttPort ?? 'external',
        model: model?.key ?? null,
        dataDir: config.dataDir,
      },
      'ready',
    );
    if (model?.card.demo)
      log.warn(
        'the demo model classifies: it knows drawn insects only, and no real one. Install a real one: npm run trapline -- model install inat-insects',
      );
    if (!model)
      log.warn(
        'there is no model: crops are stored, and classified once one is installed (npm run trapline -- model install inat-insects)',
      );
    if (config.mqtt.anonymous) log.warn('TRAPLINE_ANONYMOUS: any client may publish and read');
    const page = await untilThere(() => firstPage(catalog, config.publicUrl ?? http), log);
    if (process.stdout.writable) {
      if (secrets) process.stdout.write(welcome(secrets, { broker: brokerAddress(config, mqttPort), http }));
      process.stdout.write(page); // the last line: what a person clicks
    }
    return {
      checkActivity: () => app.get(ActivityWatch).check(),
      close: async () => {
        await app.close();
        await catalog.close();
        for (const hold of holds) hold.release();
        log.info('closed');
      },
    };
  } catch (error) {
    await catalog.close();
    throw error;
  }
}

/** A database that is not up yet, or goes away during the start, keeps the service waiting and does not end it. */
const untilThere = <T>(work: () => Promise<T>, log: Logger): Promise<T> =>
  whenAvailable(work, (err, attempt, pauseMs) => {
    if ((attempt & (attempt - 1)) === 0)
      log.error({ err, attempt, pauseMs }, 'the database cannot be used (DATABASE_URL): tried again');
  });

/** With SQLite for this service alone; several of them may share a PostgreSQL and the folder of its pictures. */
function holdFolder({ dataDir, databaseUrl }: Config): readonly FolderHold[] {
  const shared = shareFolder(dataDir);
  if (databaseUrl) return [shared];
  try {
    return [serveFolder(dataDir), shared];
  } catch (error) {
    shared.release();
    throw error;
  }
}
