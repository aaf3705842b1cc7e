import { readFileSync } from 'node:fs';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Logger } from 'pino';
import { Catalog, stopMarking } from '../../libs/catalog/index.js';
import type { Config } from '../../libs/config/index.js';
import { EmbeddedBroker, ExternalBroker, TrapTransport } from '../../libs/mqtt/index.js';
import { isRefusal } from '../../libs/protocol/index.js';
import { trapBroker } from '../broker/trap-broker.js';
import { ClosingError } from '../ingest/disk-guard.js';
import { Ingest } from '../ingest/ingest.js';
import { metrics } from '../ingest/metrics.js';
import { Series } from '../series/series.js';
import { chooseModel } from './choose-model.js';
import { firstSecrets, welcome } from './first-start.js';
import { nestLog } from './log.js';
import { StationModule } from './station.module.js';

const VERSION: string = JSON.parse(
  readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
).version;

/** A running service. */
export interface Station {
  /** Takes nothing new, brings to an end what is in flight, and closes everything. */
  close(): Promise<void>;
}

/**
 * Opens catalog, model, broker and API, in this order: whatever is wrong stops the start before a message is taken.
 *
 * @throws ModelError, or what the database and the ports say
 */
export async function openStation(config: Config, log: Logger): Promise<Station> {
  const model = await chooseModel(config);
  const catalog = await Catalog.open(config);
  try {
    const embedded = config.mqtt.url ? undefined : trapBroker({ config, catalog, log });
    const source = embedded?.broker ?? externalBroker(config, log);
    const ingest = new Ingest({
      settings: config,
      catalog,
      source,
      brokerIsEmbedded: embedded !== undefined,
      model,
      log,
    });
    const series = await openSeries(config, catalog, log);
    const module = StationModule.with({
      ingest,
      accountWatch: embedded?.watch,
      series,
      api: {
        catalog,
        source,
        dataDir: config.dataDir,
        diskReserveBytes: config.limits.diskReserveBytes,
        diskFree: () => ingest.disk.look(),
        backgroundTrouble: () => ingest.work.trouble,
        model,
        classifier: () => ingest.work.classifier,
        pointTrouble: series && (() => series.trouble),
        publicUrl: config.publicUrl,
        brokerAddress: `${config.publicUrl ? new URL(config.publicUrl).hostname : config.host}:${config.mqtt.port}`,
        version: VERSION,
        log,
      },
    });
    const app = await NestFactory.create<NestExpressApplication>(module, {
      logger: nestLog(log),
      abortOnError: false,
      forceCloseConnections: true,
    });
    const transport = new TrapTransport({
      source,
      // With a broker of our own, what no handler knows is heard too, and set aside as a bad topic.
      filters: embedded && ['traps/v1/#'],
      isRefusal,
      refuse: (message, error) => ingest.refuser.refuse(message, error),
      onRetry: (message, err, attempt, pauseMs) => {
        if ((attempt & (attempt - 1)) === 0 && !(err instanceof ClosingError))
          log.error(
            { topic: message.topic, err, attempt, pauseMs },
            'a message could not be kept: it is not acknowledged and tried again',
          );
      },
    });
    app.connectMicroservice({ strategy: transport });
    await app.init(); // the ingest is ready before the first message
    await app.startAllMicroservices();
    await app.listen(config.httpPort, config.host);
    await ingest.begin();
    // Only now: secrets that nobody gets to see because a port was taken would be lost.
    const secrets = await firstSecrets(catalog);
    const http = (await app.getUrl()).replace('[::1]', 'localhost');
    const mqttPort = source instanceof EmbeddedBroker ? source.ports?.tcp : undefined;
    log.info(
      {
        version: VERSION,
        http,
        mqtt: mqttPort ?? 'external',
        model: model?.key ?? null,
        dataDir: config.dataDir,
      },
      'Trapline takes runs',
    );
    if (!model)
      log.warn(
        'there is no model: crops are stored, and classified once one is installed (npm run trapline -- model install <name>)',
      );
    if (config.mqtt.anonymous) log.warn('TRAPLINE_ANONYMOUS: any client may publish and read');
    if (secrets && process.stdout.writable)
      process.stdout.write(welcome(secrets, { host: config.host, mqttPort: mqttPort ?? 1883, http }));
    return {
      close: async () => {
        await app.close();
        await catalog.close();
        log.info('closed');
      },
    };
  } catch (error) {
    await catalog.close();
    throw error;
  }
}

/** The time series, or a note that from now on nobody keeps them. */
async function openSeries(config: Config, catalog: Catalog, log: Logger): Promise<Series | undefined> {
  const { influx: place, dataDir } = config;
  if (!place) {
    await stopMarking(catalog.db, Date.now());
    return undefined;
  }
  const cropsReceived = async () =>
    (await metrics.crops.get()).values.reduce((sum, { value }) => sum + value, 0);
  return new Series({ catalog, place, dataDir, cropsReceived, log });
}

function externalBroker(config: Config, log: Logger): ExternalBroker {
  const url = new URL(config.mqtt.url as string);
  const [user, password] = [url.username, url.password].map(decodeURIComponent);
  url.username = '';
  url.password = '';
  return new ExternalBroker({
    url: url.href,
    user: user || undefined,
    password: password || undefined,
    maxInFlight: config.mqtt.maxInFlight,
    onConnect: () => log.info({ broker: url.host }, 'connected to the broker'),
    onProblem: (err) => log.warn({ err, broker: url.host }, 'the broker cannot be used now: tried again'),
  });
}
