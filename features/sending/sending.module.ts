import { type ApiParts, PARTS } from '../http/index.js';
import { BodyLimiter } from './body-limiter.js';
import { CropSendingController } from './crop-sending.controller.js';
import { RunSendingController } from './run-sending.controller.js';
import { SentMessages } from './sent-messages.js';
import { TrapSendingController } from './trap-sending.controller.js';

/** Bodies that may be in memory at once, of all who send. */
const BODY_BYTES = 32 * 1024 * 1024;

export const SENDING_CONTROLLERS = [RunSendingController, CropSendingController, TrapSendingController];

export const SENDING_PROVIDERS = [
  {
    provide: BodyLimiter,
    useFactory: ({ overuse }: ApiParts) => new BodyLimiter(BODY_BYTES, overuse),
    inject: [PARTS],
  },
  SentMessages,
];
