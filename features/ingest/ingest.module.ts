import { Global, Module } from '@nestjs/common';
import type { Logger } from 'pino';
import { type MessageSource, TrapTransport } from '../../libs/mqtt/index.js';
import { isRejection } from '../../libs/protocol/index.js';
import { MESSAGE_SOURCE } from '../broker/index.js';
import { Reception } from '../http/index.js';
import { Classifier } from '../models/index.js';
import { LOG } from '../platform/index.js';
import { ClosingError } from './disk-guard.js';
import { HttpReception } from './http-reception.js';
import { Ingest } from './ingest.service.js';
import { MessagesController } from './messages.controller.js';
import { ImagePredictor } from './predict-image.js';

/** The message handlers' transport. The program connects it when all providers are ready. */
function trapTransport(source: MessageSource, ingest: Ingest, log: Logger): TrapTransport {
  return new TrapTransport({
    source,
    isRejection,
    refuse: (message, error) => ingest.deadLetters.reject(message, error),
    onRetry: (message, err, attempt, pauseMs) => {
      if ((attempt & (attempt - 1)) === 0 && !(err instanceof ClosingError))
        log.error(
          { topic: message.topic, err, attempt, pauseMs },
          'a message could not be kept: it is not acknowledged and tried again',
        );
    },
  });
}

/** MQTT in; crops on disk, classifications, observations, receipts and results out. Only where messages are taken. */
@Global()
@Module({
  controllers: [MessagesController],
  providers: [
    Ingest,
    { provide: TrapTransport, useFactory: trapTransport, inject: [MESSAGE_SOURCE, Ingest, LOG] },
    { provide: Reception, useClass: HttpReception },
    { provide: Classifier, useClass: ImagePredictor },
  ],
  exports: [Reception, Classifier],
})
export class IngestModule {}
