import { Module } from '@nestjs/common';
import { Overuse } from '../../libs/async/index.js';
import { BodyLimiter } from './body-limiter.js';
import { CropSendingController } from './crop-sending.controller.js';
import { RunSendingController } from './run-sending.controller.js';
import { SentMessages } from './sent-messages.js';
import { TrapSendingController } from './trap-sending.controller.js';

/** Bodies that may be in memory at once, of all senders. */
const BODY_BYTES = 32 * 1024 * 1024;

/** What traps without MQTT send over HTTP. */
@Module({
  controllers: [RunSendingController, CropSendingController, TrapSendingController],
  providers: [
    {
      provide: BodyLimiter,
      useFactory: (overuse: Overuse) => new BodyLimiter(BODY_BYTES, overuse),
      inject: [Overuse],
    },
    SentMessages,
  ],
  exports: [BodyLimiter, SentMessages],
})
export class SendingModule {}
